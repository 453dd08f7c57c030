#pragma once
// A source whose stream is held by the test: several starts read the same stream, each from the position it is given.

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ingest/source.h"

namespace sarsen::ingest {

/// What a broker would hold. Thread-safe.
class FakeStream {
 public:
  void push(std::string message, std::int32_t partition = 0) {
    const std::lock_guard lock(mutex_);
    partitions_[partition].push_back(std::move(message));
    changed_.notify_all();
  }

  /// Messages from `next` on, which it advances; waits for the first one.
  Batch read(StreamOffsets& next, std::size_t count_max, int timeout_ms, const bool& closed) {
    std::unique_lock lock(mutex_);
    const auto owner = std::make_shared<std::vector<std::string>>();
    owner->reserve(count_max);
    Batch batch;
    changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] { return closed || any_after(next); });
    for (const auto& [partition, messages] : partitions_) {
      std::int64_t& offset = next[partition];
      for (; owner->size() < count_max && offset < static_cast<std::int64_t>(messages.size()); ++offset) {
        owner->push_back(messages[static_cast<std::size_t>(offset)]);
        batch.messages.push_back({owner->back(), partition, offset});
      }
    }
    batch.owner = owner;
    return batch;
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  }
  std::mutex& mutex() { return mutex_; }

 private:
  bool any_after(const StreamOffsets& next) const {
    for (const auto& [partition, messages] : partitions_) {
      const auto offset = next.find(partition);
      if ((offset == next.end() ? 0 : offset->second) < static_cast<std::int64_t>(messages.size())) return true;
    }
    return false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::int32_t, std::vector<std::string>> partitions_;
};

class FakeSource final : public Source {
 public:
  explicit FakeSource(FakeStream& stream, std::size_t batch_max = 100) : stream_(stream), batch_max_(batch_max) {}

  void start(const Position& resume) override { next_ = resume.next_offsets; }
  Batch poll(int timeout_ms) override {
    return closed_now() ? Batch{} : stream_.read(next_, batch_max_, timeout_ms, closed_);
  }
  void committed(const Position&) override {}
  void close() override {
    {
      const std::lock_guard lock(stream_.mutex());
      closed_ = true;
    }
    stream_.wake();
  }

 private:
  bool closed_now() {
    const std::lock_guard lock(stream_.mutex());
    return closed_;
  }

  FakeStream& stream_;
  const std::size_t batch_max_;
  StreamOffsets next_;
  bool closed_ = false;
};

}  // namespace sarsen::ingest
