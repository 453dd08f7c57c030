#pragma once
// kafka-0.8 and its relatives: which topic, and what its consumer is told. Immutable.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/firehose/firehose.h"

namespace sarsen::ingest {

class KafkaFirehose final : public Firehose {
 public:
  std::string feed;
  /// As the spec has them: both the old consumer's names (metadata.broker.list, auto.offset.reset: largest) and the new
  /// one's.
  std::map<std::string, std::string, std::less<>> consumer_properties;
  /// Partitions to read; empty: all.
  std::vector<std::int32_t> partitions;

  /// "host:port,…" from bootstrap.servers or metadata.broker.list; nullopt where neither is given: there is
  /// zookeeper.connect then.
  std::optional<std::string> brokers() const;

  std::string stream() const override { return feed; }
  std::unique_ptr<Source> connect(const FirehoseServices& services) const override;
  /// The topic's own name is no dimension, as with Druid's firehose.
  void adapt(DataSchema& schema, const JsonField& json) const override;
  void add_topics(std::set<std::string>& topics) const override { topics.insert(feed); }
};

}  // namespace sarsen::ingest
