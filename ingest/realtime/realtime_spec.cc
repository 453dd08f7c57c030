#include "ingest/realtime/realtime_spec.h"

#include <algorithm>
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

const std::vector<std::string> kKnownFirehoses = {"kafka-0.8", "kafka-0.8-v2", "kafka-0.7.2"};
const std::vector<std::string> kOtherFirehoses = {
    "rabbitmq",         "local",         "static-s3", "static-azure-blobstore",
    "staticcloudfiles", "ingestSegment", "combining", "timed",
    "clipped",          "receiver",      "irc",       "twitzer"};

std::vector<std::string> all_firehoses() {
  std::vector<std::string> all = kKnownFirehoses;
  all.insert(all.end(), kOtherFirehoses.begin(), kOtherFirehoses.end());
  return all;
}

void check_firehose_type(const JsonField& json) {
  const std::string type = json.string();
  if (std::find(kKnownFirehoses.begin(), kKnownFirehoses.end(), type) != kKnownFirehoses.end()) return;
  if (std::find(kOtherFirehoses.begin(), kOtherFirehoses.end(), type) != kOtherFirehoses.end())
    not_supported(json, "this firehose is not supported yet (kafka-0.8, kafka-0.8-v2 and kafka-0.7.2 are): " + type);
  json.fail("unknown firehose: " + type + suggestion(type, all_firehoses()) +
            "; known are kafka-0.8, kafka-0.8-v2 and kafka-0.7.2");
}

/// The fields of kafka-0.8-v2 as consumer properties.
void read_v2_fields(const JsonField& json, KafkaFirehose& firehose) {
  std::string brokers;
  for (const JsonField& broker : json["brokerList"].elements())
    brokers += (brokers.empty() ? "" : ",") + broker.string();
  if (!brokers.empty()) firehose.consumer_properties["metadata.broker.list"] = brokers;
  if (const auto client = json["clientId"].optional_string()) firehose.consumer_properties["client.id"] = *client;
  for (const JsonField& partition : json["partitionIdList"].elements())
    firehose.partitions.push_back(static_cast<std::int32_t>(parse_count(partition, 0, 0)));
  firehose.consumer_properties["auto.offset.reset"] =
      json["resetOffsetToEarliest"].boolean_or(true) ? "smallest" : "largest";
}

void check_brokers(const JsonField& json, const KafkaFirehose& firehose) {
  if (firehose.brokers()) return;
  const JsonField properties = json["consumerProps"];
  if (properties["zookeeper.connect"].present()) return;  // ZooKeeper is asked for them
  throw Error(ErrorCategory::kInvalidInput,
              properties.path() +
                  ": it names no Kafka broker; add \"bootstrap.servers\": \"host:9092\" (or "
                  "\"metadata.broker.list\"), or \"zookeeper.connect\": \"host:2181\"");
}

KafkaFirehose parse_firehose(const JsonField& json, const RealtimeSpecOptions& options) {
  check_firehose_type(json["type"]);
  KafkaFirehose firehose;
  firehose.feed = json["feed"].string();
  if (firehose.feed.empty()) json["feed"].fail("a topic is wanted");
  for (const auto& [name, value] : json["consumerProps"].members()) firehose.consumer_properties[name] = value.string();
  if (json["type"].string() == "kafka-0.8-v2") read_v2_fields(json, firehose);
  if (options.brokers) firehose.consumer_properties["bootstrap.servers"] = *options.brokers;
  check_brokers(json, firehose);
  return firehose;
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

/// The topic's own name is no dimension, as with Druid's firehose.
std::shared_ptr<const DataSchema> parse_schema(const JsonField& json, const std::string& feed) {
  DataSchema schema = DataSchema::parse(json);
  if (!schema.input_format) json["parser"].fail("a parser is needed, such as {\"type\": \"string\", \"parseSpec\": …}");
  if (!schema.dimensions_spec.lists(feed)) schema.dimensions_spec.exclusions.insert("feed");
  return std::make_shared<const DataSchema>(std::move(schema));
}

FireDepartmentSpec parse_department(const JsonField& json, const RealtimeSpecOptions& options) {
  if (!json.json().is_object()) json.fail("an object with dataSchema, ioConfig and tuningConfig is wanted");
  const JsonField io = json["ioConfig"];
  if (!io.present()) io.fail("missing");
  check_type(io);
  const JsonField firehose = io["firehoseV2"].present() ? io["firehoseV2"] : io["firehose"];
  if (!firehose.present()) io["firehose"].fail("missing");
  FireDepartmentSpec spec;
  spec.firehose = parse_firehose(firehose, options);
  check_plumber(io["plumber"]);
  spec.schema = parse_schema(json["dataSchema"], spec.firehose.feed);
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

std::optional<std::string> KafkaFirehose::brokers() const {
  for (const std::string_view name : {"bootstrap.servers", "metadata.broker.list"})
    if (const auto found = consumer_properties.find(name); found != consumer_properties.end() && !found->second.empty())
      return found->second;
  return std::nullopt;
}

std::vector<FireDepartmentSpec> parse_realtime_spec(const Json& json, const RealtimeSpecOptions& options) {
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
