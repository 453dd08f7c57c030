#include "engine/exec/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace sarsen::engine {
namespace {

TEST(WorkerPool, RunsEveryTaskOnce) {
  WorkerPool pool(3);
  std::vector<std::atomic<int>> ran(1000);
  pool.run(ran.size(), 0, [&](std::size_t i) { ++ran[i]; });
  for (const auto& count : ran) EXPECT_EQ(count, 1);
}

TEST(WorkerPool, ThrowsTheFirstFailureAndIsUsableAfterwards) {
  WorkerPool pool(2);
  for (int repeat = 0; repeat < 20; ++repeat) {
    EXPECT_THROW(pool.run(100, 0,
                          [](std::size_t i) {
                            if (i % 7 == 3) throw std::runtime_error("no");
                          }),
                 std::runtime_error);
    std::atomic<int> ran{0};
    pool.run(50, 0, [&](std::size_t) { ++ran; });
    EXPECT_EQ(ran, 50);
  }
}

TEST(WorkerPool, ServesSeveralCallersAtOnce) {
  WorkerPool pool(2);
  std::atomic<int> ran{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 20; ++i) pool.run(25, caller, [&](std::size_t) { ++ran; });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(ran, 8 * 20 * 25);
}

TEST(WorkerPool, NothingToDoIsDone) {
  WorkerPool pool(1);
  pool.run(0, 0, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace sarsen::engine
