#include "server/cli/server_settings.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log.h"
#include "storage/base/period.h"

namespace sarsen::server {
namespace {

/// A setting and how its value is taken.
struct Setting {
  std::string_view name;
  std::string_view doc;
  void (*apply)(ServerSettings& settings, const std::string& name, const std::string& value);
};

[[noreturn]] void refuse(const std::string& name, std::string_view wanted, const std::string& value) {
  throw Error(ErrorCategory::kInvalidInput, name + " must be " + std::string(wanted) + ", but is: " + value);
}

std::uint64_t number(const std::string& name, const std::string& value, std::uint64_t min, std::uint64_t max) {
  std::uint64_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size() || result < min || result > max)
    refuse(name, fmt::format("an integer from {} to {}", min, max), value);
  return result;
}

bool boolean(const std::string& name, const std::string& value) {
  if (value != "true" && value != "false") refuse(name, "true or false", value);
  return value == "true";
}

void set_port(ServerSettings& settings, const std::string& name, const std::string& value) {
  settings.http.port = static_cast<std::uint16_t>(number(name, value, 0, std::numeric_limits<std::uint16_t>::max()));
}

void set_key_order(ServerSettings& settings, const std::string& name, const std::string& value) {
  if (value != "java8" && value != "java7") refuse(name, "java8 or java7", value);
  settings.query_limits.key_order = value == "java7" ? engine::KeyOrder::kJava7 : engine::KeyOrder::kJava8;
  settings.key_order_given = true;
}

/// The realtime node takes one file; a JSON array names several.
void set_spec_files(ServerSettings& settings, const std::string& name, const std::string& value) {
  if (!value.starts_with('[')) {
    settings.spec_files.push_back(value);
    return;
  }
  const Json files = Json::parse(value);
  for (const Json& file : files.array()) {
    if (!file.is_string()) refuse(name, "a path or a JSON array of paths", value);
    settings.spec_files.push_back(file.string());
  }
}

std::chrono::milliseconds duration(const std::string& name, const std::string& value) {
  const auto length = Period::parse(value).fixed_ms();
  if (!length || *length < 0) refuse(name, "a period of fixed length such as PT30S", value);
  return std::chrono::milliseconds(*length);
}

constexpr Setting kSettings[] = {
    {"druid.host", "the address to listen on (127.0.0.1)",
     [](ServerSettings& settings, const std::string&, const std::string& value) { settings.http.host = value; }},
    {"druid.plaintextPort", "the port to listen on (8082); 0: any", set_port},
    {"druid.port", "the same, by its older name", set_port},
    {"druid.server.http.numThreads", "queries at a time (32)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.requests_max = number(name, value, 1, 1024);
     }},
    {"druid.server.http.maxIdleTime", "how long an idle connection stays open (PT5M)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.idle_timeout = duration(name, value);
     }},
    {"druid.server.http.maxRequestHeaderSize", "bytes of a request's header (65536)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.header_bytes_max = number(name, value, 1024, std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.processing.numThreads", "threads that scan (one per processor)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.processing_threads = number(name, value, 1, 4096);
     }},
    {"druid.broker.cache.useResultLevelCache", "whole answers from the cache (false)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.use = boolean(name, value);
     }},
    {"druid.broker.cache.populateResultLevelCache", "whole answers into the cache (false)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.populate = boolean(name, value);
     }},
    {"druid.cache.sizeInBytes", "bytes of memory for the cache of answers (67108864)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.answer_cache.bytes_max = number(name, value, 0, std::uint64_t{1} << 50);
     }},
    {"druid.realtime.specFile", "a realtime specification, or a JSON array of several", set_spec_files},
    {"druid.metadata.storage.type", "where segments are published: sqlite (sqlite), or derby, which becomes sqlite",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       set_metadata_type(settings.storage, name, value);
     }},
    {"druid.metadata.storage.connector.connectURI", "jdbc:sqlite:FILE (metadata.sqlite in the data folder)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       set_metadata_uri(settings.storage, name, value);
     }},
    {"druid.metadata.storage.tables.base", "what names of tables begin with (druid)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       set_metadata_base(settings.storage, name, value);
     }},
    {"druid.storage.type", "deep storage: local (local)",
     [](ServerSettings&, const std::string& name, const std::string& value) { set_deep_storage_type(name, value); }},
    {"druid.storage.storageDirectory", "its folder (segments/ in the data folder)",
     [](ServerSettings& settings, const std::string&, const std::string& value) {
       settings.storage.deep_storage = value;
     }},
    {"druid.storage.zip", "true: segments as index.zip; false: as folders (false)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.storage.zip = boolean(name, value);
     }},
    {"druid.publish.type", "metadata (metadata)",
     [](ServerSettings&, const std::string& name, const std::string& value) { set_publish_type(name, value); }},
    {"druid.segmentCache.locations",
     "where published segments are served from, [{\"path\":…,\"maxSize\":…}] (cache/ in the data folder)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       set_cache_locations(settings.storage, name, value);
     }},
    {"sarsen.data", "the data folder (sarsen-data)",
     [](ServerSettings& settings, const std::string&, const std::string& value) { settings.data = value; }},
    {"sarsen.server.http.maxRequestBytes", "bytes of a request's body (16777216)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.body_bytes_max = number(name, value, 1024, std::numeric_limits<std::int32_t>::max());
     }},
    {"sarsen.server.http.maxConnections", "connections at a time (4096)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.http.connections_max = number(name, value, 1, 1'000'000);
     }},
    {"sarsen.server.stopGrace", "how long a stop waits for running queries (PT10S)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.stop_grace = duration(name, value);
     }},
    {"sarsen.storage.blockCacheBytes", "bytes of memory for decoded blocks of all segments (1073741824)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.block_cache_bytes = number(name, value, 1 << 20, std::uint64_t{1} << 50);
     }},
    {"sarsen.query.maxGroupBytes", "bytes of memory for the groups of one query (2147483648)",
     [](ServerSettings& settings, const std::string& name, const std::string& value) {
       settings.query_limits.group_bytes_max = number(name, value, 1, std::uint64_t{1} << 50);
     }},
    {"sarsen.query.keyOrder",
     "order of keys in results: java8 (Druid 0.8 and later), java7 (Druid 0.7; the default with a realtime "
     "specification)",
     set_key_order},
    {"sarsen.log.level", "debug, info, warn, error or off (info)",
     [](ServerSettings&, const std::string&, const std::string& value) { set_log_level(parse_log_level(value)); }}};

/// Settings of a Java cluster: nothing here corresponds to them.
constexpr std::string_view kMeaningless[] = {"druid.announcer.",   "druid.broker.",         "druid.cache.",
                                             "druid.coordinator.", "druid.emitter",         "druid.extensions.",
                                             "druid.historical.",  "druid.indexer.",        "druid.metadata.",
                                             "druid.monitoring.",  "druid.processing.",     "druid.publish.",
                                             "druid.selectors.",   "druid.server.priority", "druid.server.tier",
                                             "druid.service",      "druid.startup.",        "druid.storage.",
                                             "druid.zk.",          "druid.segmentCache.",   "druid.server.http."};

/// Names of Druid that look like ours and are others: of other kinds of storage, of users and threads.
constexpr std::string_view kOthers[] = {"druid.metadata.storage.connector.createTables",
                                        "druid.metadata.storage.connector.host",
                                        "druid.metadata.storage.connector.password",
                                        "druid.metadata.storage.connector.port",
                                        "druid.metadata.storage.connector.user",
                                        "druid.segmentCache.announceIntervalMillis",
                                        "druid.segmentCache.deleteOnRemove",
                                        "druid.segmentCache.dropSegmentDelayMillis",
                                        "druid.segmentCache.infoDir",
                                        "druid.segmentCache.lazyLoadOnStart",
                                        "druid.segmentCache.locationSelector.strategy",
                                        "druid.segmentCache.numBootstrapThreads",
                                        "druid.segmentCache.numLoadingThreads",
                                        "druid.storage.baseKey",
                                        "druid.storage.bucket",
                                        "druid.storage.disableAcl"};

bool is_another(std::string_view name) noexcept {
  for (const std::string_view other : kOthers)
    if (name == other) return true;
  return false;
}

const Setting* find(std::string_view name) noexcept {
  for (const Setting& setting : kSettings)
    if (setting.name == name) return &setting;
  return nullptr;
}

bool is_meaningless(std::string_view name) noexcept {
  for (const std::string_view prefix : kMeaningless)
    if (name.starts_with(prefix)) return true;
  return false;
}

/// A name that is nearly one of ours is a slip, not one of Druid's others.
void pass_over(const std::string& name) {
  std::vector<std::string> known;
  for (const Setting& setting : kSettings) known.emplace_back(setting.name);
  const std::string hint = suggestion(name, known);
  if (!is_another(name) && (!is_meaningless(name) || !hint.empty()))
    throw Error(ErrorCategory::kInvalidInput, "Unknown setting: " + name + hint);
  log_info("The setting {} of Druid has no meaning here", name);
}

}  // namespace

ServerSettings read_settings(const Properties& properties) {
  ServerSettings settings;
  settings.http.port = 8082;
  for (const auto& [name, value] : properties) {
    const Setting* setting = find(name);
    if (setting == nullptr)
      pass_over(name);
    else
      setting->apply(settings, name, value);
    settings.effective[name] = value;
  }
  return settings;
}

std::string describe_settings() {
  std::string text;
  for (const Setting& setting : kSettings) text += fmt::format("  {:<40}{}\n", setting.name, setting.doc);
  return text;
}

}  // namespace sarsen::server
