#pragma once
// The specification file of a realtime node (Druid 0.7 to 0.15): an array of fire departments, each a dataSchema, an
// ioConfig and a tuningConfig; one alone may stand without the array. Immutable once read.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/firehose/firehose.h"
#include "ingest/realtime/rejection_policy.h"
#include "ingest/row/data_schema.h"
#include "storage/base/json.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

/// Which part of its time chunk a segment is.
struct RealtimeShardSpec {
  std::uint32_t partition = 0;
  std::uint32_t core_partitions = 0;  // numbered: the chunk answers when all of them are there
  Json json;                          // {"type": "none"} and so on
};

struct RealtimeTuning {
  std::uint32_t rows_in_memory_max = 500'000;  // of one sink, after rollup
  std::int64_t intermediate_persist_period_ms = 600'000;
  std::int64_t window_period_ms = 600'000;
  std::optional<std::filesystem::path> base_persist_directory;  // nullopt: the process chooses
  std::optional<std::string> version;                           // versioningPolicy custom; nullopt: intervalStart
  RejectionPolicyType rejection_policy = RejectionPolicyType::kServerTime;
  std::size_t pending_persists_max = 0;
  RealtimeShardSpec shard_spec;
  storage::IndexSpec index_spec;
  bool report_parse_exceptions = false;
};

struct FireDepartmentSpec {
  std::shared_ptr<const DataSchema> schema;
  FirehosePtr firehose;
  RealtimeTuning tuning;
};

/// Throws kInvalidInput naming the field and the fix, kUnsupported naming what is understood but not built.
std::vector<FireDepartmentSpec> parse_realtime_spec(const Json& json, const FirehoseOptions& options = {});

}  // namespace sarsen::ingest
