#pragma once
// The server's settings. Each is a property, Druid's name where Druid has the setting, ours beginning with "sarsen.";
// options of the command line are short for properties. Later ones win: defaults, configuration file, --set, options.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/query/query_engine.h"
#include "ingest/http/http_input.h"
#include "server/api/cached_answers.h"
#include "server/api/query_scheduler.h"
#include "server/cli/announcement_settings.h"
#include "server/cli/hand_off.h"
#include "server/cli/storage_settings.h"
#include "server/http/http_server.h"

namespace sarsen::server {

/// Names and values, in the order given.
using Properties = std::vector<std::pair<std::string, std::string>>;

struct ServerSettings {
  HttpServerOptions http;
  std::filesystem::path data = "sarsen-data";
  std::size_t processing_threads = 0;  // 0: one per processor
  std::vector<std::string> spec_files;
  ingest::HttpInputLimits http_input{{"http", "https"}, std::vector<std::string>()};
  std::chrono::milliseconds compaction_period{1'800'000};  // between searches for what is to be compacted
  std::size_t task_workers = 0;  // tasks at a time; 0: one less than there are processors, and at least one
  std::chrono::milliseconds coordinator_period{60'000};  // between runs of the rules of retention
  bool doubles_as_floats = false;                        // how they are stored
  bool kill_pending_segments = true;                     // those that were left behind
  std::chrono::milliseconds metadata_period{3'600'000};  // between looks for them
  StorageSettings storage;
  std::filesystem::path info_directory;  // empty: info_dir in the first location of the segment cache
  std::size_t loading_threads = 0;       // ordered segments that are loaded at a time; 0: a sixth of the processors
  AnnouncementSettings announcement;
  HandOffSettings hand_off;
  engine::QueryLimits query_limits;
  QuerySchedulerSettings scheduler;
  bool prioritizes_by_threshold = false;
  AnswerCacheSettings answer_cache;
  std::size_t cache_bytes = std::size_t{64} << 20;  // of answers and groups of segments together
  std::size_t block_cache_bytes = std::size_t{1} << 30;
  bool key_order_given = false;  // else the kind of server decides
  std::chrono::milliseconds stop_grace{10'000};

  std::map<std::string, std::string> effective;  // as given but for passwords, for /status/properties
};

/// Throws kInvalidInput for a name that is not known (with a suggestion) and a value that cannot be. Properties of
/// stock Druid that have no meaning here are logged and passed over.
ServerSettings read_settings(const Properties& properties);

/// One line a setting, for --help.
std::string describe_settings();

}  // namespace sarsen::server
