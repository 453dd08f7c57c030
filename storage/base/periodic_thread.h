#pragma once
// A thread that does something now and then, until it is told to stop: for those that look at what others change.
// Thread safety: start and stop by one thread at a time; wake from any.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace sarsen {

class PeriodicThread {
 public:
  /// Returns how long it is until the next time. It must not throw.
  using Work = std::function<std::chrono::milliseconds()>;

  PeriodicThread() = default;
  /// Stops.
  ~PeriodicThread() { stop(); }
  PeriodicThread(const PeriodicThread&) = delete;
  PeriodicThread& operator=(const PeriodicThread&) = delete;

  /// `first`: how long it is until the first time. REQUIRES: it is not running.
  void start(const std::string& name, std::chrono::milliseconds first, Work work);

  /// Does the same again after each `period`. What it throws is logged behind `failure`, which says what could not be
  /// done; it is tried again the next time.
  void repeat(const std::string& name, std::chrono::milliseconds first, std::chrono::milliseconds period,
              std::string failure, std::function<void()> action);

  /// The next time is now; while something is being done, when that is over.
  void wake();

  /// Returns when nothing is being done any more. It may be started again.
  void stop();

 private:
  void run(std::chrono::milliseconds first, const Work& work);

  std::mutex mutex_;  // guards the next three
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sarsen
