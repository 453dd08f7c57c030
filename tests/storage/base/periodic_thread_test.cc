#include "storage/base/periodic_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "tests/support/wait_until.h"

namespace sarsen {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(PeriodicThreadTest, WorksAgainAndAgain) {
  std::atomic<int> times{0};
  PeriodicThread thread;
  thread.start("test", milliseconds(0), [&] {
    ++times;
    return milliseconds(1);
  });
  EXPECT_TRUE(wait_until([&] { return times > 3; }));
  thread.stop();
  const int at_the_end = times;
  thread.wake();
  EXPECT_EQ(times, at_the_end);
}

TEST(PeriodicThreadTest, RepeatsWhatFailed) {
  std::atomic<int> times{0};
  PeriodicThread thread;
  thread.repeat("test", milliseconds(0), milliseconds(1), "The test fails, as it should", [&] {
    if (++times == 1) throw std::runtime_error("once");
  });
  EXPECT_TRUE(wait_until([&] { return times > 2; }));
}

TEST(PeriodicThreadTest, WaitsAsLongAsItWasToldUnlessItIsWoken) {
  std::atomic<int> times{0};
  PeriodicThread thread;
  thread.start("test", hours(1), [&] {
    ++times;
    return hours(1);
  });
  EXPECT_EQ(times, 0);
  for (int i = 1; i < 4; ++i) {
    thread.wake();
    EXPECT_TRUE(wait_until([&] { return times == i; }));
  }
}

TEST(PeriodicThreadTest, WorksOnceMoreWhenItIsWokenAtWork) {
  std::atomic<int> times{0};
  PeriodicThread thread;
  thread.start("test", milliseconds(0), [&] {
    if (++times == 1) thread.wake();
    return hours(1);
  });
  EXPECT_TRUE(wait_until([&] { return times == 2; }));
}

TEST(PeriodicThreadTest, IsStartedAgain) {
  std::atomic<int> times{0};
  PeriodicThread thread;
  thread.stop();
  for (int i = 1; i < 4; ++i) {
    thread.start("test", milliseconds(0), [&] {
      ++times;
      return hours(1);
    });
    EXPECT_TRUE(wait_until([&] { return times == i; }));
    thread.stop();
  }
}

}  // namespace
}  // namespace sarsen
