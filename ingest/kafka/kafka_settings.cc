#include "ingest/kafka/kafka_settings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "ingest/kafka/client_configuration.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

/// Names of Kafka's own consumers for what librdkafka calls otherwise.
constexpr std::pair<std::string_view, std::string_view> kRenamed[] = {
    {"metadata.broker.list", "bootstrap.servers"},
    {"fetch.max.wait.ms", "fetch.wait.max.ms"},
    {"receive.buffer.bytes", "socket.receive.buffer.bytes"},
    {"send.buffer.bytes", "socket.send.buffer.bytes"},
    {"request.timeout.ms", "socket.timeout.ms"},
    {"metadata.max.age.ms", "topic.metadata.refresh.interval.ms"},
    {"sasl.mechanism", "sasl.mechanisms"},
    {"max.partition.fetch.bytes", "fetch.message.max.bytes"}};

/// Of no meaning here: partitions are assigned by us, positions are stored with the segments, and there is no JVM.
constexpr std::string_view kDropped[] = {"auto.commit.enable",
                                         "auto.commit.interval.ms",
                                         "enable.auto.commit",
                                         "enable.auto.offset.store",
                                         "consumer.id",
                                         "consumer.timeout.ms",
                                         "num.consumer.fetchers",
                                         "queued.max.message.chunks",
                                         "rebalance.max.retries",
                                         "rebalance.backoff.ms",
                                         "refresh.leader.backoff.ms",
                                         "partition.assignment.strategy",
                                         "exclude.internal.topics",
                                         "offsets.storage",
                                         "offsets.channel.backoff.ms",
                                         "offsets.channel.socket.timeout.ms",
                                         "offsets.commit.max.retries",
                                         "dual.commit.enabled",
                                         "key.deserializer",
                                         "value.deserializer",
                                         "max.poll.records",
                                         "default.api.timeout.ms"};

/// Properties of the JVM's security for which there is something else to say.
constexpr std::pair<std::string_view, std::string_view> kElsewhere[] = {
    {"sasl.jaas.config", "sasl.username and sasl.password"},
    {"ssl.truststore.location", "ssl.ca.location (a PEM file)"},
    {"ssl.truststore.password", "ssl.ca.location (a PEM file)"}};

OffsetReset parse_reset(const std::string& value, const std::string& where) {
  if (value == "earliest" || value == "smallest" || value == "beginning") return OffsetReset::kEarliest;
  if (value == "latest" || value == "largest" || value == "end") return OffsetReset::kLatest;
  if (value == "none" || value == "error") return OffsetReset::kFail;
  throw Error(ErrorCategory::kInvalidInput,
              where + ": auto.offset.reset must be earliest (smallest), latest (largest) or none, but is: " + value);
}

bool is_dropped(std::string_view name) noexcept {
  return name.starts_with("zookeeper.") ||
         std::find(std::begin(kDropped), std::end(kDropped), name) != std::end(kDropped);
}

void refuse_elsewhere(std::string_view name, const std::string& where) {
  for (const auto& [theirs, ours] : kElsewhere)
    if (name == theirs)
      throw Error(ErrorCategory::kInvalidInput,
                  where + ": use " + std::string(ours) + " instead of the property: " + std::string(name));
}

std::string our_name(const std::string& name) {
  for (const auto& [theirs, ours] : kRenamed)
    if (name == theirs) return std::string(ours);
  return name;
}

void read_property(const std::string& name, const std::string& value, const std::string& where,
                   KafkaSettings& settings) {
  if (name == "auto.offset.reset") {
    settings.reset = parse_reset(value, where);
  } else if (!is_dropped(name)) {
    refuse_elsewhere(name, where);
    settings.tells_group = settings.tells_group || name == "group.id";
    settings.properties[our_name(name)] = value;
  }
}

}  // namespace

bool is_kafka_setting(std::string_view name) {
  const auto named = [name](const auto& pair) { return pair.first == name; };
  return is_dropped(name) || std::any_of(std::begin(kRenamed), std::end(kRenamed), named);
}

KafkaSettings parse_kafka_settings(const std::string& topic, const ConsumerProperties& consumer_properties,
                                   const std::string& brokers, const std::string& where) {
  if (topic.empty()) throw Error(ErrorCategory::kInvalidInput, "The name of the Kafka topic is empty: firehose.feed");
  KafkaSettings settings;
  settings.topic = topic;
  settings.properties["group.id"] = "sarsen-" + topic;  // librdkafka wants one, though partitions are assigned by us
  for (const auto& [name, value] : consumer_properties) read_property(name, value, where, settings);
  if (!brokers.empty()) settings.properties["bootstrap.servers"] = brokers;
  if (!settings.properties.contains("bootstrap.servers"))
    throw Error(ErrorCategory::kInvalidInput,
                where +
                    " names no Kafka broker. Add \"bootstrap.servers\": \"HOST:PORT\", or start with "
                    "--embedded-kafka. The topic: " +
                    topic);
  check_properties(settings.properties, where);
  return settings;
}

}  // namespace sarsen::ingest
