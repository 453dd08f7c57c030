#pragma once
// A Kafka topic as a Source whose brokers, and the offsets of whose group, are found in ZooKeeper, as the consumer of
// Kafka 0.8 finds them.
//
// The position that is given to start() counts: it lies with the rows. Where it names no offset of a partition the
// group's offset in ZooKeeper does, and where there is none either, auto.offset.reset. Offsets are written to ZooKeeper
// once the rows before them are durable, for those who watch the group and for what reads after us.
//
// Partitions are shared with other consumers of the group (ingest/zookeeper/consumer_group.h, shared_partitions.h),
// unless the specification lists them, or the group's offsets are not in ZooKeeper: then all that are listed, or all,
// are read, and the group knows nothing of it.
//
// As long as ZooKeeper is away, or knows no broker, nothing comes, and it is tried again. While nothing comes from
// Kafka ZooKeeper is asked now and then whether brokers have moved.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "ingest/kafka/kafka_settings.h"
#include "ingest/kafka/kafka_source.h"
#include "ingest/kafka/shared_partitions.h"
#include "ingest/source.h"
#include "ingest/zookeeper/kept_nodes.h"

namespace sarsen::ingest {

class ZooKeeperSource final : public Source {
 public:
  /// `properties`: the consumer's, with zookeeper.connect. Throws kInvalidInput naming the property, kUnsupported where
  /// the program was built without ZooKeeper.
  ZooKeeperSource(const std::string& topic, const ConsumerProperties& properties, std::vector<std::int32_t> partitions);
  /// The same, over that ZooKeeper.
  ZooKeeperSource(const std::string& topic, const ConsumerProperties& properties, std::vector<std::int32_t> partitions,
                  const ConnectZooKeeper& connect);
  ~ZooKeeperSource() override;

  void start(const Position& resume) override;
  Batch poll(int timeout_ms) override;
  void committed(const Position& position) override;
  void close() override;

 private:
  bool open();
  Batch poll_open(int timeout_ms);
  void look_for_others();
  bool add_group_offsets(Position& resume);
  void tell_once(const std::string& trouble);

  KafkaSettings settings_;  // with the brokers, once they are known
  std::string zookeeper_address_;
  std::string security_protocol_;
  std::string group_;  // empty: offsets are neither read nor written in ZooKeeper
  std::string consumer_id_;
  KeptNodes nodes_;
  Position resume_;
  std::string told_;
  std::chrono::steady_clock::time_point tell_from_;
  std::chrono::steady_clock::time_point next_look_ = std::chrono::steady_clock::time_point::min();
  std::unique_ptr<KafkaSource> kafka_;         // set once, before open_
  std::unique_ptr<SharedPartitions> sharing_;  // set once, before open_; null where all is read
  std::atomic<bool> open_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace sarsen::ingest
