#pragma once
// Which of a topic's partitions a source reads, where a group shares them out (ingest/zookeeper/consumer_group.h), and
// from where on. A partition that becomes another consumer's is read no more at once, and given back when what was read
// of it is durable: the other begins exactly there. One that becomes ours begins where the group's offset in ZooKeeper
// is, or our own position where that is further; where there is neither, as auto.offset.reset says.
//
// A consumer that dies leaves its partitions when its session has run out; what it had not made durable is read again.
// While ZooKeeper is away everything goes on as it is. A session that has run out is noticed when ZooKeeper is there
// again: until then a partition may be read by two.
//
// Thread safety: committed() from any thread, all else by the one that polls.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/kafka/kafka_source.h"
#include "ingest/zookeeper/consumer_group.h"

namespace sarsen::ingest {

class SharedPartitions {
 public:
  /// Joins the group. REQUIRES: `kafka` and `nodes` outlive it.
  SharedPartitions(KafkaSource& kafka, KeptNodes& nodes, std::string group, std::string topic,
                   const std::string& consumer_id, const Position& own);

  /// Looks at the group now and then. True where what was read should be made durable, as somebody waits for it.
  bool look();

  /// The position is durable: the part that is to be told to Kafka. ZooKeeper is told.
  Position committed(const Position& position);

 private:
  struct Owned {
    std::int64_t committed = 0;            // all before it is durable
    std::optional<std::int64_t> end = {};  // it is to be given back when that is durable
    bool asked = false;                    // for a persist
  };

  void look_at_session();
  void look_at_partitions();
  void give_back(const std::set<std::int32_t>& share);
  bool release_durable();
  void take(std::int32_t partition);
  void stop_reading(std::int32_t partition, Owned& owned);
  void write(std::int32_t partition, std::int64_t offset);

  KafkaSource& kafka_;
  KeptNodes& nodes_;
  ConsumerGroup consumers_;
  const std::string group_;
  const std::string topic_;
  const Position own_;
  std::uint64_t session_ = 0;
  std::vector<std::int32_t> partitions_;  // the topic's
  std::chrono::steady_clock::time_point next_look_ = std::chrono::steady_clock::time_point::min();
  std::chrono::steady_clock::time_point next_partitions_ = std::chrono::steady_clock::time_point::min();
  std::mutex mutex_;  // guards owned_
  std::map<std::int32_t, Owned> owned_;
};

}  // namespace sarsen::ingest
