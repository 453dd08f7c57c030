#include "ingest/kafka/shared_partitions.h"

#include <algorithm>

#include "ingest/zookeeper/kafka_nodes.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLookPeriod{200};         // between looks at the group
constexpr milliseconds kPartitionPeriod{5'000};  // between looks for new partitions
constexpr milliseconds kUnknownPeriod{250};      // the same, where none is known
constexpr milliseconds kWritePatience{1'000};    // for ZooKeeper to take an offset

}  // namespace

SharedPartitions::SharedPartitions(KafkaSource& kafka, KeptNodes& nodes, std::string group, std::string topic,
                                   const std::string& consumer_id, const Position& own)
    : kafka_(kafka),
      nodes_(nodes),
      consumers_(nodes, group, topic, consumer_id),
      group_(std::move(group)),
      topic_(std::move(topic)),
      own_(own) {
  consumers_.join();
}

bool SharedPartitions::look() {
  if (SteadyClock::now() < next_look_) return false;
  next_look_ = SteadyClock::now() + kLookPeriod;
  look_at_session();
  look_at_partitions();
  if (session_ == 0) return false;
  if (const auto share = consumers_.share(partitions_)) {
    give_back(*share);
    for (const std::int32_t partition : *share) take(partition);
  }
  return release_durable();
}

/// With a session end its claims.
void SharedPartitions::look_at_session() {
  const std::uint64_t session = nodes_.zookeeper().session(0);
  if (session == 0 || session == session_) return;
  session_ = session;
  std::vector<std::int32_t> lost;
  for (const auto& [partition, owned] : owned_)
    if (consumers_.claim(partition) == ConsumerGroup::Claim::kOthers) lost.push_back(partition);
  for (const std::int32_t partition : lost) {
    log_warn("Kafka topic {} partition {}: the session with ZooKeeper had run out, and another consumer reads it",
             topic_, partition);
    if (!owned_.at(partition).end) kafka_.remove(partition);
    const std::lock_guard lock(mutex_);
    owned_.erase(partition);
  }
}

void SharedPartitions::look_at_partitions() {
  if (SteadyClock::now() < next_partitions_) return;
  const auto found = kafka_.partitions();
  if (found) partitions_ = *found;
  next_partitions_ = SteadyClock::now() + (found && !found->empty() ? kPartitionPeriod : kUnknownPeriod);
}

void SharedPartitions::stop_reading(std::int32_t partition, Owned& owned) {
  const std::int64_t end = kafka_.remove(partition);
  const std::lock_guard lock(mutex_);
  owned.end = end;
  owned.asked = false;
}

void SharedPartitions::give_back(const std::set<std::int32_t>& share) {
  for (auto& [partition, owned] : owned_)
    if (!owned.end && !share.contains(partition)) stop_reading(partition, owned);
}

/// True where others wait for what is not durable yet.
bool SharedPartitions::release_durable() {
  bool persist_wanted = false;
  std::vector<std::int32_t> durable;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [partition, owned] : owned_) {
      if (!owned.end) continue;
      if (owned.committed >= *owned.end)
        durable.push_back(partition);
      else
        persist_wanted = !std::exchange(owned.asked, true) || persist_wanted;
    }
  }
  if (durable.empty() || !nodes_.settle(kWritePatience)) return persist_wanted;  // who takes it reads the offset there
  for (const std::int32_t partition : durable) {
    if (!consumers_.release(partition)) continue;
    const std::lock_guard lock(mutex_);
    owned_.erase(partition);
  }
  return persist_wanted;
}

void SharedPartitions::take(std::int32_t partition) {
  if (const auto found = owned_.find(partition); found != owned_.end()) {
    if (!found->second.end || !kafka_.add(partition, found->second.end)) return;
    const std::lock_guard lock(mutex_);
    found->second.end.reset();  // it has come back before it was given away
    return;
  }
  if (consumers_.claim(partition) != ConsumerGroup::Claim::kOwn) return;
  const auto offsets = find_offsets(nodes_.zookeeper(), group_, topic_);
  if (!offsets) return;
  std::optional<std::int64_t> from;
  if (const auto known = offsets->find(partition); known != offsets->end()) from = known->second;
  if (const auto own = own_.next_offsets.find(partition); own != own_.next_offsets.end())
    from = std::max(from.value_or(own->second), own->second);
  const auto begin = kafka_.add(partition, from);
  if (!begin) return;
  {
    const std::lock_guard lock(mutex_);
    owned_[partition] = {.committed = *begin};
  }
  write(partition, *begin);  // for who takes it before anything is durable
}

void SharedPartitions::write(std::int32_t partition, std::int64_t offset) {
  nodes_.write(offset_path(group_, topic_, partition), std::to_string(offset));
}

/// A position names partitions that were ours once, too: what others have read since is further.
Position SharedPartitions::committed(const Position& position) {
  Position told{.stream = position.stream, .next_offsets = {}};
  const std::lock_guard lock(mutex_);
  for (const auto& [partition, offset] : position.next_offsets) {
    const auto found = owned_.find(partition.number);
    if (found == owned_.end() || offset <= found->second.committed) continue;
    found->second.committed = offset;
    told.next_offsets.emplace(partition, offset);
    write(partition.number, offset);
  }
  return told;
}

}  // namespace sarsen::ingest
