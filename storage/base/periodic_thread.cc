#include "storage/base/periodic_thread.h"

#include <exception>
#include <utility>

#include "storage/base/log.h"

namespace sarsen {

void PeriodicThread::start(const std::string& name, std::chrono::milliseconds first, Work work) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = false;
  }
  thread_ = std::thread([this, name, first, work = std::move(work)] {
    set_thread_name(name);
    run(first, work);
  });
}

void PeriodicThread::repeat(const std::string& name, std::chrono::milliseconds first, std::chrono::milliseconds period,
                            std::string failure, std::function<void()> action) {
  start(name, first, [period, failure = std::move(failure), action = std::move(action)] {
    try {
      action();
    } catch (const std::exception& error) {
      log_error("{}, and it is tried again later: {}", failure, error.what());
    }
    return period;
  });
}

void PeriodicThread::run(std::chrono::milliseconds first, const Work& work) {
  std::unique_lock lock(mutex_);
  for (auto pause = first;;) {
    changed_.wait_for(lock, pause, [this] { return woken_ || stopping_; });
    if (stopping_) return;
    woken_ = false;
    lock.unlock();
    pause = work();
    lock.lock();
  }
}

void PeriodicThread::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void PeriodicThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace sarsen
