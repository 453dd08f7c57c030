#pragma once
// What a spec says about a topic, translated for librdkafka. Druid's `consumerProps` may be those of Kafka 0.8's
// consumer (the realtime node), of Java's consumer (the supervisor) or librdkafka's own: names that mean something here
// are mapped, names that only mattered to a JVM, to ZooKeeper or to consumer groups are dropped, and all others are
// handed on, so that a misspelt one is found.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

/// Where reading begins in a partition of which no position is known, or whose position the broker no longer has.
enum class OffsetReset : std::uint8_t { kEarliest, kLatest, kFail };

struct KafkaSettings {
  std::string topic;
  std::map<std::string, std::string> properties;  // librdkafka's names
  std::vector<std::int32_t> partitions;           // to be read; empty: all
  OffsetReset reset = OffsetReset::kLatest;       // Kafka's default
  bool tells_group = false;  // the group was named: committed positions are told to it, for tools that show lag
};

using ConsumerProperties = std::map<std::string, std::string, std::less<>>;

/// `brokers`, where not empty, stands in for what `consumer_properties` says; `where` is the field that has them.
/// Throws kInvalidInput naming both and the property: where no broker is named, where a value is impossible, where a
/// property is unknown to librdkafka.
KafkaSettings parse_kafka_settings(const std::string& topic, const ConsumerProperties& consumer_properties,
                                   const std::string& brokers = "", const std::string& where = "consumerProps");

/// As a supervisor's `consumerProperties` has them, values being texts or Druid's password providers. Names of Java's
/// security are translated: a JAAS configuration to user and password, stores of type PEM to librdkafka's files. What
/// only Java's client knows is named in the log and passed over, as Java's client does with what it does not know.
/// `druid.dynamic.config.provider` (mapString, environment) adds to them. Throws kInvalidInput naming the property.
ConsumerProperties parse_consumer_properties(const JsonField& json);

/// Whether parse_kafka_settings knows the name by itself: as another name of one of librdkafka's, or as one that means
/// nothing here.
bool is_kafka_setting(std::string_view name);

}  // namespace sarsen::ingest
