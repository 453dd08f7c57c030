#include "server/http/socket_threads.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "storage/base/check.h"
#include "storage/base/log.h"
#include "storage/base/thread_priority.h"

namespace sarsen::server {
namespace {

thread_local Duty* duty_of_thread = nullptr;

/// A processor that has nothing to do sleeps, and wakes later than the next request of a client that waits for nothing
/// else comes. So whoever has just answered looks on for as long as that takes; others may have the processor
/// meanwhile.
constexpr std::chrono::microseconds kPollTime{40};

bool poll_awhile(SocketLoop& loop) {
  const auto end = std::chrono::steady_clock::now() + kPollTime;
  do {
    if (loop.context.poll_one() > 0) return true;
    std::this_thread::yield();
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

}  // namespace

Duty& Duty::of_this_thread() noexcept {
  DCHECK(duty_of_thread != nullptr);
  return *duty_of_thread;
}

void Duty::hand_over() {
  if (loop_.load(std::memory_order_relaxed) == nullptr) return;
  if (SocketLoop* const loop = loop_.exchange(nullptr)) threads_.need_thread(*loop);
}

void Duty::relieve() {
  const std::uint64_t answers = answers_.load(std::memory_order_relaxed);
  if (answers % 2 == 1 && answers == answers_seen_) hand_over();
  answers_seen_ = answers;
}

SocketThreads::SocketThreads(std::size_t threads, std::size_t loops) {
  for (std::size_t i = 0; i < loops; ++i) {
    loops_.push_back(std::make_unique<SocketLoop>());
    unattended_.push_back(loops_.back().get());
  }
  for (std::size_t i = 0; i < threads; ++i) duties_.push_back(std::make_unique<Duty>(*this));
}

void SocketThreads::start() {
  for (std::size_t index = 0; index < duties_.size(); ++index)
    threads_.emplace_back([this, index] {
      set_thread_name("http-" + std::to_string(index));
      set_thread_priority(ThreadPriority::kQueries);
      work(*duties_[index]);
    });
}

void SocketThreads::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (const auto& loop : loops_) loop->context.stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

SocketLoop& SocketThreads::least_busy() noexcept {
  return **std::min_element(loops_.begin(), loops_.end(),
                            [](const auto& a, const auto& b) { return a->connections < b->connections; });
}

void SocketThreads::relieve() {
  for (const auto& duty : duties_) duty->relieve();
}

void SocketThreads::work(Duty& duty) {
  duty_of_thread = &duty;
  while (SocketLoop* const loop = next_unattended()) {
    duty.loop_ = loop;
    while (duty.loop_ == loop && (poll_awhile(*loop) || loop->context.run_one() > 0)) {
    }
  }
}

void SocketThreads::need_thread(SocketLoop& loop) {
  {
    const std::lock_guard lock(mutex_);
    unattended_.push_back(&loop);
  }
  changed_.notify_one();
}

SocketLoop* SocketThreads::next_unattended() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !unattended_.empty(); });
  if (stopping_) return nullptr;
  SocketLoop* const loop = unattended_.front();
  unattended_.pop_front();
  return loop;
}

}  // namespace sarsen::server
