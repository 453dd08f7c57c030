#include "ingest/firehose/kafka_firehose.h"

#include "ingest/firehose/firehose_types.h"
#include "ingest/kafka/kafka_source.h"
#include "ingest/kafka/zookeeper_source.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

std::int32_t parse_partition(const JsonField& json) {
  const std::int64_t value = json.integer();
  if (value < 0 || value > INT32_MAX)
    json.fail("a number from 0 to 2147483647 is wanted, not " + std::to_string(value));
  return static_cast<std::int32_t>(value);
}

/// The fields of kafka-0.8-v2 as consumer properties.
void read_v2_fields(const JsonField& json, KafkaFirehose& firehose) {
  std::string brokers;
  for (const JsonField& broker : json["brokerList"].elements())
    brokers += (brokers.empty() ? "" : ",") + broker.string();
  if (!brokers.empty()) firehose.consumer_properties["metadata.broker.list"] = brokers;
  if (const auto client = json["clientId"].optional_string()) firehose.consumer_properties["client.id"] = *client;
  for (const JsonField& partition : json["partitionIdList"].elements())
    firehose.partitions.push_back(parse_partition(partition));
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

}  // namespace

std::optional<std::string> KafkaFirehose::brokers() const {
  for (const std::string_view name : {"bootstrap.servers", "metadata.broker.list"})
    if (const auto found = consumer_properties.find(name); found != consumer_properties.end() && !found->second.empty())
      return found->second;
  return std::nullopt;
}

std::unique_ptr<Source> KafkaFirehose::connect(const FirehoseServices&) const {
  if (!brokers()) return std::make_unique<ZooKeeperSource>(feed, consumer_properties, partitions);
  KafkaSettings settings = parse_kafka_settings(feed, consumer_properties);
  settings.partitions = partitions;
  return std::make_unique<KafkaSource>(std::move(settings));
}

void KafkaFirehose::adapt(DataSchema& schema, const JsonField&) const {
  if (!schema.dimensions_spec.lists(feed)) schema.dimensions_spec.exclusions.insert("feed");
}

FirehosePtr parse_kafka_firehose(const JsonField& json, const FirehoseOptions& options) {
  auto firehose = std::make_shared<KafkaFirehose>();
  firehose->feed = json["feed"].string();
  if (firehose->feed.empty()) json["feed"].fail("a topic is wanted");
  for (const auto& [name, value] : json["consumerProps"].members())
    firehose->consumer_properties[name] = value.string();
  if (json["type"].string() == "kafka-0.8-v2") read_v2_fields(json, *firehose);
  if (options.brokers) firehose->consumer_properties["bootstrap.servers"] = *options.brokers;
  check_brokers(json, *firehose);
  return firehose;
}

}  // namespace sarsen::ingest
