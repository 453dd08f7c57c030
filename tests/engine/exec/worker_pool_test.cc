#include "engine/exec/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace sarsen::engine {
namespace {

/// A call of its own.
void run(WorkerPool& pool, std::size_t count, std::int64_t priority, const std::function<void(std::size_t)>& task,
         const std::function<void()>& check = {}) {
  WorkerPool::Share share;
  pool.run(count, priority, share, task, check);
}

TEST(WorkerPool, RunsEveryTaskOnce) {
  WorkerPool pool(3);
  std::vector<std::atomic<int>> ran(1000);
  run(pool, ran.size(), 0, [&](std::size_t i) { ++ran[i]; });
  for (const auto& count : ran) EXPECT_EQ(count, 1);
}

TEST(WorkerPool, ThrowsTheFirstFailureAndIsUsableAfterwards) {
  WorkerPool pool(2);
  for (int repeat = 0; repeat < 20; ++repeat) {
    EXPECT_THROW(run(pool, 100, 0,
                     [](std::size_t i) {
                       if (i % 7 == 3) throw std::runtime_error("no");
                     }),
                 std::runtime_error);
    std::atomic<int> ran{0};
    run(pool, 50, 0, [&](std::size_t) { ++ran; });
    EXPECT_EQ(ran, 50);
  }
}

TEST(WorkerPool, ServesSeveralCallersAtOnce) {
  WorkerPool pool(2);
  std::atomic<int> ran{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 20; ++i) run(pool, 25, caller, [&](std::size_t) { ++ran; });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(ran, 8 * 20 * 25);
}

TEST(WorkerPool, NothingToDoIsDone) {
  WorkerPool pool(1);
  run(pool, 0, 0, [](std::size_t) { FAIL(); });
}

TEST(WorkerPool, NeverRunsMoreTasksThanItHasThreads) {
  WorkerPool pool(2);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 6; ++caller)
    callers.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        run(pool, 5, 0, [&](std::size_t) {
          const int now = ++running;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
          }
          std::this_thread::yield();
          --running;
        });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_LE(most, 2);
}

// One thread, held by a first task while others line up behind it.
class WorkerPoolOrderTest : public ::testing::Test {
 protected:
  void hold() {
    callers_.emplace_back([this] {
      run(pool_, 1, 1000, [this](std::size_t) {
        holds_ = true;
        while (!go_) std::this_thread::yield();
      });
    });
    while (!holds_) std::this_thread::yield();
  }
  void line_up(const std::string& name, std::size_t count, std::int64_t priority, std::chrono::milliseconds time = {}) {
    callers_.emplace_back([=, this] {
      run(
          pool_, count, priority,
          [=, this](std::size_t) {
            std::this_thread::sleep_for(time);
            const std::lock_guard lock(mutex_);
            order_ += name;
          },
          [=, this] {
            const std::lock_guard lock(mutex_);
            waiting_.insert(name);
          });
    });
    while (true) {  // until it has been in the queue for a while
      const std::lock_guard lock(mutex_);
      if (waiting_.contains(name)) return;
    }
  }
  std::string order() {
    go_ = true;
    for (std::thread& caller : callers_) caller.join();
    return order_;
  }

  WorkerPool pool_{1};

 private:
  std::atomic<bool> holds_{false};
  std::atomic<bool> go_{false};
  std::vector<std::thread> callers_;
  std::mutex mutex_;
  std::set<std::string> waiting_;
  std::string order_;
};

TEST_F(WorkerPoolOrderTest, HigherPriorityGoesFirst) {
  hold();
  line_up("l", 3, -1);
  line_up("m", 2, 0);
  line_up("h", 3, 7);
  EXPECT_EQ(order(), "hhhmmlll");
}

TEST_F(WorkerPoolOrderTest, OfEqualsTheOneThatHasHadLeastGoesFirst) {
  hold();
  line_up("a", 3, 0, std::chrono::milliseconds(50));
  line_up("b", 8, 0);
  EXPECT_EQ(order(), "abbbbbbbbaa");
}

TEST(WorkerPool, ANewCallBeginsWhereTheOthersAre) {
  WorkerPool pool(1);
  WorkerPool::Share old, late;
  std::string order;
  const auto nap = [](int time_ms) { std::this_thread::sleep_for(std::chrono::milliseconds(time_ms)); };
  std::thread other;
  pool.run(1, 0, old, [&](std::size_t) { nap(200); });  // what `late` has not had
  pool.run(3, 0, old, [&](std::size_t task) {
    if (task == 0)
      other = std::thread([&] {
        pool.run(3, 0, late, [&](std::size_t) {
          order += 'l';
          nap(20);
        });
      });
    nap(20);
    order += 'o';
  });
  other.join();
  EXPECT_NE(order.substr(0, 4), "olll") << "else it would make up for the time before it came";
}

TEST(WorkerPool, CheckEndsAJobThatWaits) {
  WorkerPool pool(1);
  std::atomic<bool> holds{false};
  std::atomic<bool> go{false};
  std::thread holder([&] {
    run(pool, 1, 0, [&](std::size_t) {
      holds = true;
      while (!go) std::this_thread::yield();
    });
  });
  while (!holds) std::this_thread::yield();
  EXPECT_THROW(run(
                   pool, 3, 0, [](std::size_t) { ADD_FAILURE(); }, [] { throw std::runtime_error("late"); }),
               std::runtime_error);
  go = true;
  holder.join();
}

TEST(WorkerPool, ATaskMayRunTasks) {
  WorkerPool pool(1);
  std::atomic<int> ran{0};
  run(pool, 2, 0, [&](std::size_t) { run(pool, 3, 0, [&](std::size_t) { ++ran; }); });
  EXPECT_EQ(ran, 6);
}

}  // namespace
}  // namespace sarsen::engine
