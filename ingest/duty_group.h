#pragma once
// What the coordinator does again and again, and when it was done: Druid's CoordinatorDutyGroup.
//
// Thread safety: start and stop by one thread at a time, the rest from any.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/realtime/clock.h"
#include "storage/base/periodic_thread.h"

namespace sarsen::ingest {

class DutyGroup {
 public:
  /// Names as Druid's: of the group, and of classes in org.apache.druid.server.coordinator.duty.
  DutyGroup(std::string name, std::vector<std::string> duties, Clock clock = system_clock_ms);

  /// As PeriodicThread::repeat, by a thread of that name. While coordination `pauses` runs begin, do nothing, and do
  /// not end.
  void start(const std::string& thread_name, std::chrono::milliseconds first, std::chrono::milliseconds period,
             std::string failure, std::function<bool()> pauses, std::function<void()> action);
  void stop();
  void wake() { thread_.wake(); }

  /// Times in milliseconds; averages are of the latest runs.
  struct Status {
    std::string name;
    std::vector<std::string> duties;
    std::chrono::milliseconds period{0};
    std::optional<std::int64_t> last_start_ms;
    std::optional<std::int64_t> last_end_ms;
    std::int64_t average_length_ms = 0;
    std::int64_t average_gap_ms = 0;  // between the beginnings of runs
  };
  /// nullopt while it is not to run: another process is the coordinator.
  std::optional<Status> status() const;

 private:
  using Lengths = std::deque<std::int64_t>;

  void note_start();
  void note_end();

  const std::string name_;
  const std::vector<std::string> duties_;
  const Clock clock_;
  mutable std::mutex mutex_;                         // guards what follows but for the thread
  std::optional<std::chrono::milliseconds> period_;  // from start to stop
  std::optional<std::int64_t> last_start_ms_;
  std::optional<std::int64_t> last_end_ms_;
  Lengths lengths_;
  Lengths gaps_;
  PeriodicThread thread_;
};

}  // namespace sarsen::ingest
