#include "ingest/realtime/realtime_spec.h"

#include <set>

#include "ingest/row/index_spec_json.h"
#include "ingest/row/period_field.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

[[noreturn]] void not_supported(const JsonField& json, const std::string& what) {
  throw Error(ErrorCategory::kUnsupported, json.path() + ": " + what);
}

/// "realtime", the only type of an ioConfig and a tuningConfig here.
void check_type(const JsonField& json) {
  const std::string type = json["type"].string_or("realtime");
  if (type != "realtime") json["type"].fail("realtime is wanted, not " + type);
}

std::uint32_t parse_count(const JsonField& json, std::int64_t otherwise, std::int64_t least) {
  const std::int64_t value = json.integer_or(otherwise);
  if (value < least || value > INT32_MAX)
    json.fail("a number from " + std::to_string(least) + " to 2147483647 is wanted, not " + std::to_string(value));
  return static_cast<std::uint32_t>(value);
}

void check_plumber(const JsonField& json) {
  const std::string type = json["type"].string_or("realtime");
  if (type == "flushing") not_supported(json["type"], "the flushing plumber is not supported yet");
  if (type != "realtime") json["type"].fail("unknown plumber: " + type + suggestion(type, {"realtime", "flushing"}));
}

RejectionPolicyType parse_rejection_policy(const JsonField& json) {
  const std::string type = json["type"].string_or("serverTime");
  if (type == "serverTime") return RejectionPolicyType::kServerTime;
  if (type == "messageTime") return RejectionPolicyType::kMessageTime;
  if (type == "none") return RejectionPolicyType::kNone;
  if (type == "test") json["type"].fail("test is gone since Druid 0.7; none takes every row");
  json["type"].fail("unknown rejection policy: " + type + suggestion(type, {"serverTime", "messageTime", "none"}));
}

std::optional<std::string> parse_version(const JsonField& json) {
  const std::string type = json["type"].string_or("intervalStart");
  if (type == "intervalStart") return std::nullopt;
  if (type != "custom")
    json["type"].fail("unknown versioning policy: " + type + suggestion(type, {"intervalStart", "custom"}));
  return json["version"].string_or(format_iso(system_clock_ms()));
}

RealtimeShardSpec parse_shard_spec(const JsonField& json) {
  RealtimeShardSpec spec;
  Json::Object shown;
  const std::string type = json["type"].string_or("none");
  shown.emplace_back("type", Json(type));
  if (type != "none" && type != "linear" && type != "numbered")
    json["type"].fail("unknown shard spec: " + type + suggestion(type, {"none", "linear", "numbered"}));
  if (type != "none") {
    spec.partition = parse_count(json["partitionNum"], 0, 0);
    shown.emplace_back("partitionNum", Json(static_cast<std::int64_t>(spec.partition)));
  }
  if (type == "numbered") {
    spec.core_partitions = parse_count(json["partitions"], 0, 0);
    shown.emplace_back("partitions", Json(static_cast<std::int64_t>(spec.core_partitions)));
  }
  spec.json = Json(std::move(shown));
  return spec;
}

/// Fields that only mattered to Druid's own memory and threads: read, so that a wrong type is noticed, and without
/// effect.
void check_fields_without_effect(const JsonField& json) {
  json["persistInHeap"].boolean_or(false);
  json["ingestOffheap"].boolean_or(false);
  json["buffersize"].integer_or(0);
  json["buildV9Directly"].boolean_or(true);
  json["persistThreadPriority"].integer_or(0);
  json["mergeThreadPriority"].integer_or(0);
  if (json["handoffConditionTimeout"].integer_or(0) < 0)
    json["handoffConditionTimeout"].fail("it must not be negative");
}

RealtimeTuning parse_tuning(const JsonField& json) {
  RealtimeTuning tuning;
  if (json.present()) check_type(json);
  tuning.rows_in_memory_max = parse_count(json["maxRowsInMemory"], tuning.rows_in_memory_max, 1);
  tuning.intermediate_persist_period_ms =
      optional_period_ms(json["intermediatePersistPeriod"]).value_or(tuning.intermediate_persist_period_ms);
  tuning.window_period_ms = optional_period_ms(json["windowPeriod"]).value_or(tuning.window_period_ms);
  if (const auto directory = json["basePersistDirectory"].optional_string()) tuning.base_persist_directory = *directory;
  tuning.version = parse_version(json["versioningPolicy"]);
  tuning.rejection_policy = parse_rejection_policy(json["rejectionPolicy"]);
  tuning.pending_persists_max = parse_count(json["maxPendingPersists"], 0, 0);
  tuning.shard_spec = parse_shard_spec(json["shardSpec"]);
  tuning.index_spec = parse_index_spec(json["indexSpec"]);
  tuning.report_parse_exceptions = json["reportParseExceptions"].boolean_or(false);
  check_fields_without_effect(json);
  return tuning;
}

std::shared_ptr<const DataSchema> parse_schema(const JsonField& json, const Firehose& firehose) {
  DataSchema schema = DataSchema::parse(json);
  if (!schema.input_format) json["parser"].fail("a parser is needed, such as {\"type\": \"string\", \"parseSpec\": …}");
  firehose.adapt(schema, json);
  return std::make_shared<const DataSchema>(std::move(schema));
}

FireDepartmentSpec parse_department(const JsonField& json, const FirehoseOptions& options) {
  if (!json.json().is_object()) json.fail("an object with dataSchema, ioConfig and tuningConfig is wanted");
  const JsonField io = json["ioConfig"];
  if (!io.present()) io.fail("missing");
  check_type(io);
  const JsonField firehose = io["firehoseV2"].present() ? io["firehoseV2"] : io["firehose"];
  if (!firehose.present()) io["firehose"].fail("missing");
  FireDepartmentSpec spec;
  spec.firehose = parse_firehose(firehose, options);
  check_plumber(io["plumber"]);
  spec.schema = parse_schema(json["dataSchema"], *spec.firehose);
  spec.tuning = parse_tuning(json["tuningConfig"]);
  return spec;
}

/// Two departments may feed one data source, as two partitions of it; they must not write into one another's
/// directories.
void refuse_shared_directories(const JsonField& json, const std::vector<FireDepartmentSpec>& specs) {
  std::set<std::pair<std::string, std::string>> directories;
  std::set<std::pair<std::string, std::uint32_t>> partitions;
  for (const FireDepartmentSpec& spec : specs) {
    const std::string& name = spec.schema->data_source;
    if (!partitions.emplace(name, spec.tuning.shard_spec.partition).second)
      json.fail("two fire departments of one data source need different tuningConfig.shardSpec.partitionNum: " + name);
    if (!directories.emplace(name, spec.tuning.base_persist_directory.value_or("").string()).second)
      json.fail("two fire departments of one data source need different tuningConfig.basePersistDirectory: " + name);
  }
}

}  // namespace

std::vector<FireDepartmentSpec> parse_realtime_spec(const Json& json, const FirehoseOptions& options) {
  const JsonField root(json);
  std::vector<FireDepartmentSpec> specs;
  if (json.is_object()) {
    specs.push_back(parse_department(root, options));
  } else {
    if (!json.is_array()) root.fail("an array of fire departments is wanted");
    for (const JsonField& element : root.elements()) specs.push_back(parse_department(element, options));
  }
  refuse_shared_directories(root, specs);
  return specs;
}

}  // namespace sarsen::ingest
