#pragma once
// By which a running task learns that it has to end: it was shut down, or the server stops. Thread-safe.

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>

namespace sarsen::ingest {

/// Thrown on the task's thread.
class TaskInterrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "the task was told to end"; }
};

class TaskInterrupt {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    raised_ = true;
    changed_.notify_all();
  }

  /// Throws TaskInterrupted.
  void check() {
    const std::lock_guard lock(mutex_);
    if (raised_) throw TaskInterrupted();
  }

  /// check(), after a while or when it is raised.
  void sleep(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, time, [this] { return raised_; })) throw TaskInterrupted();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool raised_ = false;
};

}  // namespace sarsen::ingest
