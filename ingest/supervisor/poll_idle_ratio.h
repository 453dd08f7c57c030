#pragma once
// The share of its time that a task has waited for messages of late: Kafka's poll-idle-ratio-avg, the average over the
// polls of the last 30 to 60 seconds of how much of the time since the poll before each was spent in it. Thread safety:
// note by one thread, value from any.

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

namespace sarsen::ingest {

class PollIdleRatio {
 public:
  /// A poll from `begin_us` to `end_us`, of a clock that only goes on.
  void note(std::int64_t begin_us, std::int64_t end_us);
  /// nullopt before the first poll.
  std::optional<double> value() const;

 private:
  struct Window {
    std::int64_t begin_us = 0;
    double sum = 0;
    std::size_t polls = 0;
  };

  mutable std::mutex mutex_;
  std::optional<std::int64_t> last_end_us_;
  std::array<Window, 2> windows_{};  // the one before and the present one
};

}  // namespace sarsen::ingest
