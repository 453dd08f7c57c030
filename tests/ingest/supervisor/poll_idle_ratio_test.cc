#include "ingest/supervisor/poll_idle_ratio.h"

#include <gtest/gtest.h>

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(PollIdleRatioTest, IsTheAverageOfThePolls) {
  PollIdleRatio ratio;
  EXPECT_EQ(ratio.value(), std::nullopt);
  ratio.note(100 * kSecond, 101 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), 1) << "before the first poll nothing was done";
  ratio.note(104 * kSecond, 105 * kSecond);  // of four seconds one
  EXPECT_DOUBLE_EQ(*ratio.value(), (1 + 0.25) / 2);
  ratio.note(106 * kSecond, 106 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), (1 + 0.25 + 0) / 3);
  ratio.note(106 * kSecond, 106 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), (1 + 0.25 + 0) / 3) << "took no time at all";
}

TEST(PollIdleRatioTest, ForgetsWhatIsLongAgo) {
  PollIdleRatio ratio;
  ratio.note(100 * kSecond, 101 * kSecond);
  ratio.note(121 * kSecond, 121 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), 0.5);
  ratio.note(141 * kSecond, 141 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), 1.0 / 3) << "the window before counts still";
  ratio.note(175 * kSecond, 175 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), 0) << "of the two newest windows";
  ratio.note(300 * kSecond, 400 * kSecond);
  EXPECT_DOUBLE_EQ(*ratio.value(), 100.0 / 225);
}

}  // namespace
}  // namespace sarsen::ingest
