#pragma once
// A group of Kafka 0.8's consumers, which share the partitions of a topic out among themselves by what they see in
// ZooKeeper:
//
//   /consumers/GROUP/ids/CONSUMER             {"version":1,"subscription":{"TOPIC":1},…}, as long as its session lives
//   /consumers/GROUP/owners/TOPIC/PARTITION   CONSUMER-0: who reads it, as long as its session lives
//
// Everybody reckons the same shares ("range": partitions and consumers in order, the first ones get one more where it
// does not come out even), gives back what is not its own any more, and takes its own once nobody else has it. Not
// thread-safe.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/zookeeper/kept_nodes.h"

namespace sarsen::ingest {

/// The share of `ours`, one of `consumers`. Both are in order.
std::set<std::int32_t> range_share(const std::vector<std::int32_t>& partitions,
                                   const std::vector<std::string>& consumers, const std::string& ours);

class ConsumerGroup {
 public:
  /// `consumer_id`: of this one alone. REQUIRES: `nodes` outlives it.
  ConsumerGroup(KeptNodes& nodes, std::string group, std::string topic, std::string consumer_id);

  /// Registers this consumer, now and with each new session.
  void join();

  /// Which of the topic's partitions are this consumer's by now; nullopt where ZooKeeper is away, or does not know it.
  std::optional<std::set<std::int32_t>> share(const std::vector<std::int32_t>& partitions);

  enum class Claim : std::uint8_t { kOwn, kOthers, kUnknown };
  /// Takes it where nobody has it.
  Claim claim(std::int32_t partition);
  /// False where ZooKeeper does not answer.
  bool release(std::int32_t partition);

 private:
  std::string owner_path(std::int32_t partition) const;
  std::optional<std::vector<std::string>> consumers();
  std::string thread_id() const { return consumer_id_ + "-0"; }

  KeptNodes& nodes_;
  const std::string folder_;  // /consumers/GROUP
  const std::string topic_;
  const std::string consumer_id_;
};

/// "GROUP_HOST-MILLISECONDS-RANDOM", as Kafka 0.8 makes them; "GROUP_ID" where the settings name an id.
std::string new_consumer_id(const std::string& group, const std::string& id);

}  // namespace sarsen::ingest
