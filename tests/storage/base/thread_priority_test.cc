#include "storage/base/thread_priority.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace sarsen {
namespace {

int level() { return ::getpriority(PRIO_PROCESS, 0); }

TEST(ThreadPriority, IsOfAThreadAndThoseThatItStarts) {
  const int before = level();
  int reading = 0, writing = 0, unchanged = 0;
  std::thread([&] {
    set_thread_priority(ThreadPriority::kReading);
    reading = level();
    std::thread([&] {
      unchanged = level();
      set_thread_priority(ThreadPriority::kWriting);
      writing = level();
      set_thread_priority(ThreadPriority::kReading);
      EXPECT_EQ(level(), writing) << "there is no way back";
    }).join();
    EXPECT_EQ(level(), reading);
  }).join();
  EXPECT_EQ(reading, std::max(before, 5));
  EXPECT_EQ(unchanged, reading);
  EXPECT_EQ(writing, std::max(before, 10));
  EXPECT_EQ(level(), before);
}

TEST(ThreadPriority, GivesQueriesTheShortestTurns) {
  const std::uint64_t before_ns = thread_turn_ns();
  std::thread([&] {
    set_thread_priority(ThreadPriority::kQueries);
    EXPECT_LE(thread_turn_ns(), before_ns);
    set_thread_priority(ThreadPriority::kReading);
    EXPECT_EQ(thread_turn_ns(), before_ns);
  }).join();
}

}  // namespace
}  // namespace sarsen
