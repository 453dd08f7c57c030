#pragma once
// How many requests may compute at a time. Those beyond wait in turn, and cost no thread while they do. Thread-safe.

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace sarsen::server {

class RequestPlaces {
 public:
  explicit RequestPlaces(std::size_t places) : free_(places) {}

  bool try_take() {
    const std::lock_guard lock(mutex_);
    if (free_ == 0) return false;
    --free_;
    return true;
  }

  /// Calls `resume` as soon as it has a place: perhaps at once, else from give_back().
  void take(std::function<void()> resume) {
    {
      const std::lock_guard lock(mutex_);
      if (free_ == 0) {
        waiting_.push_back(std::move(resume));
        return;
      }
      --free_;
    }
    resume();
  }

  /// The place goes to the one who has waited longest.
  void give_back() {
    std::function<void()> resume;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        ++free_;
        return;
      }
      resume = std::move(waiting_.front());
      waiting_.pop_front();
    }
    resume();
  }

 private:
  std::mutex mutex_;
  std::size_t free_;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace sarsen::server
