#pragma once
// A stream of several partitions that is held by the test: what supervisors read, without a broker.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ingest/stream.h"
#include "storage/base/error.h"

namespace sarsen::ingest {

/// What a broker would hold. Thread-safe.
class FakePartitions {
 public:
  void add_partition(std::int32_t partition) {
    const std::lock_guard lock(mutex_);
    partitions_[partition];
  }
  void push(const std::string& message, std::int32_t partition = 0) {
    const std::lock_guard lock(mutex_);
    partitions_[partition].messages.push_back(message);
    changed_.notify_all();
  }
  /// As retention does: offsets before `low` are gone.
  void trim(std::int32_t partition, std::int64_t low) {
    const std::lock_guard lock(mutex_);
    partitions_[partition].low = low;
  }
  void set_down(bool down) {
    const std::lock_guard lock(mutex_);
    down_ = down;
  }

  std::map<StreamPartition, OffsetRange> ranges() const {
    const std::lock_guard lock(mutex_);
    if (down_) throw Error(ErrorCategory::kRuntimeFailure, "the broker is away");
    std::map<StreamPartition, OffsetRange> ranges;
    for (const auto& [number, partition] : partitions_) ranges[number] = partition.range();
    return ranges;
  }

  Batch read(StreamOffsets& next, std::size_t count_max, int timeout_ms, const bool& closed) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return closed || any_after(next); });
    const auto owner = std::make_shared<std::deque<std::string>>();
    Batch batch;
    if (closed) return batch;
    for (auto& [partition, offset] : next) {
      const auto found = partitions_.find(partition.number);
      if (found == partitions_.end()) continue;
      const OffsetRange range = found->second.range();
      if (!range.contains(offset)) throw OffsetOutOfRange("out of range", partition, offset, range);
      for (; owner->size() < count_max && offset < range.high; ++offset) {
        owner->push_back(found->second.messages[static_cast<std::size_t>(offset)]);
        batch.messages.push_back({owner->back(), partition.number, offset});
      }
    }
    batch.owner = owner;
    return batch;
  }

  void close(bool& closed) {
    const std::lock_guard lock(mutex_);
    closed = true;
    changed_.notify_all();
  }

 private:
  struct Partition {
    std::vector<std::string> messages;
    std::int64_t low = 0;
    OffsetRange range() const { return {low, static_cast<std::int64_t>(messages.size())}; }
  };

  bool any_after(const StreamOffsets& next) const {
    for (const auto& [partition, offset] : next) {
      const auto found = partitions_.find(partition.number);
      if (found != partitions_.end() && (offset < found->second.range().high || offset < found->second.low))
        return true;
    }
    return false;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int32_t, Partition> partitions_;
  bool down_ = false;
};

class FakePartitionSource final : public Source {
 public:
  FakePartitionSource(FakePartitions& partitions, std::size_t batch_max)
      : partitions_(partitions), batch_max_(batch_max) {}

  void start(const Position& resume) override { next_ = resume.next_offsets; }
  Batch poll(int timeout_ms) override { return partitions_.read(next_, batch_max_, timeout_ms, closed_); }
  void committed(const Position&) override {}
  void close() override { partitions_.close(closed_); }

 private:
  FakePartitions& partitions_;
  const std::size_t batch_max_;
  StreamOffsets next_;
  bool closed_ = false;
};

class FakeTopic final : public Stream {
 public:
  explicit FakeTopic(FakePartitions& partitions, std::size_t batch_max = 7)
      : partitions_(partitions), batch_max_(batch_max) {}

  std::map<StreamPartition, OffsetRange> look() override { return partitions_.ranges(); }
  std::unique_ptr<Source> open() override { return std::make_unique<FakePartitionSource>(partitions_, batch_max_); }

 private:
  FakePartitions& partitions_;
  const std::size_t batch_max_;
};

}  // namespace sarsen::ingest
