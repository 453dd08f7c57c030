#include "ingest/supervisor/scaling_cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CostMetrics metrics(std::size_t partitions, std::uint32_t tasks, std::int64_t lag, double idle, double rate) {
  return {.task_count = tasks,
          .partitions = partitions,
          .average_lag = lag,
          .rows_per_second = rate,
          .idle_ratio = idle < 0 ? std::nullopt : std::optional(idle)};
}

// All numbers of this file are the answers of Druid 37.0.0's own classes.

TEST(ScalingCostTest, IsDruids) {
  const CostWeights weights;
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(12, 4, 0, 0.5, 500), 4, weights), 1.5);
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(12, 4, 0, 0.5, 500), 2, weights), 0);
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(12, 4, 1000, 0.1, 2500), 4, weights), 0.703616329184732);
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(12, 4, 1000, 0.1, 2500), 8, weights), 3.5018081645923664);
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(12, 4, 50000, 0, 2500), 12, {0.4, 0.6}), 17.127911313764113);
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(5, 3, 1, -1, 100), 4, weights), 1.5003125);
  EXPECT_DOUBLE_EQ(scaling_cost(metrics(100, 10, 250000, 0.3, 15000), 25, weights), 40.52434683070365);
}

TEST(ScalingCostTest, HasDruidsCandidates) {
  const auto of = [](std::size_t partitions, std::uint32_t tasks, std::int64_t lag, const TaskCountBounds& bounds) {
    return task_count_candidates(metrics(partitions, tasks, lag, 0, 0), bounds);
  };
  EXPECT_THAT(of(12, 4, 0, {1, 12}), ElementsAre(1, 2, 3, 4, 6, 12));
  EXPECT_THAT(of(12, 4, 0, {1, 12, true}), ElementsAre(2, 3, 4, 6, 12));
  EXPECT_THAT(of(100, 25, 0, {1, 50, true}), ElementsAre(13, 15, 17, 20, 25, 34, 50));
  EXPECT_THAT(of(100, 5, 200000, {1, 50, true, 50000}), ElementsAre(5, 6, 7, 8, 9, 10, 12, 13, 15, 17, 20));
  EXPECT_THAT(of(10, 3, 0, {2, 6}), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(of(4, 2, 0, {5, 9}), IsEmpty());
  EXPECT_THAT(of(30, 3, 1000, {1, 30, true, 1000}), ElementsAre(3, 4));
  EXPECT_THAT(of(48, 1, 600000, {1, 48, true, 10000}), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 48));
}

struct Case {
  std::size_t partitions;
  std::uint32_t tasks;
  std::int64_t lag;
  double idle;  // -1: unknown
  double rate;
  std::uint32_t least;
  std::uint32_t most;
  bool near;
  std::int64_t high_lag;  // -1: none
  std::uint32_t wanted;
};

// Drawn by chance once, without a thought for what comes out.
constexpr Case kCases[] = {
    // clang-format off
    {17, 5, 0, 0.9, 40000, 1, 5, true, -1, 3},
    {55, 1, 10, 0.0, 5000, 1, 1, false, -1, 1},
    {28, 5, 90000, 0.0, 5000, 3, 40, true, -1, 10},
    {41, 11, 90000, 0.0, 5000, 8, 17, false, 50000, 14},
    {59, 21, 0, 0.05, 900, 7, 27, false, 1000, 7},
    {56, 17, 5000, -1.0, 20, 13, 33, false, 50000, 17},
    {5, 4, 10, 0.3, 40000, 1, 13, true, -1, 2},
    {50, 24, 0, 1.0, 40000, 4, 33, true, -1, 9},
    {58, 1, 0, 0.0, 40000, 1, 1, false, 1000, 1},
    {55, 26, 10, 0.9, 20, 3, 28, false, 50000, 3},
    {47, 14, 10, 1.0, 900, 11, 19, true, 1000, 12},
    {56, 21, 5000, 0.0, 900, 15, 29, false, -1, 21},
    {35, 4, 5000, -1.0, 5000, 2, 4, false, 50000, 4},
    {23, 2, 800000, 0.3, 40000, 1, 4, true, -1, 3},
    {49, 18, 10, 0.3, 40000, 8, 30, false, 50000, 10},
    {45, 31, 0, 0.0, 900, 29, 31, true, -1, 31},
    {56, 35, 5000, 0.05, 20, 31, 40, true, 1000, 35},
    {10, 28, 0, 1.0, 900, 25, 30, false, 50000, 28},
    {15, 36, 800000, 1.0, 900, 33, 38, true, 50000, 36},
    {50, 40, 5000, 0.3, 900, 40, 40, false, 50000, 40},
    {29, 5, 90000, -1.0, 20, 4, 19, true, -1, 10},
    {38, 3, 5000, 0.3, 20, 1, 3, false, -1, 3},
    {48, 2, 90000, -1.0, 900, 2, 3, false, 50000, 3},
    {19, 40, 90000, 0.0, 5000, 40, 40, false, 1000, 40},
    {44, 18, 800000, 1.0, 900, 5, 24, false, -1, 22},
    {22, 7, 90000, 0.0, 5000, 7, 16, true, 1000, 11},
    {40, 28, 10, -1.0, 40000, 22, 39, false, -1, 28},
    {28, 30, 800000, 0.0, 5000, 28, 31, false, 50000, 30},
    {51, 21, 0, 0.05, 20, 21, 31, true, 50000, 21},
    {55, 9, 90000, 0.05, 40000, 4, 10, false, 1000, 9},
    {21, 31, 0, 1.0, 40000, 6, 38, true, -1, 6},
    {13, 2, 800000, 1.0, 40000, 2, 3, true, 1000, 3},
    {56, 33, 0, 0.05, 900, 8, 33, false, 1000, 8},
    {49, 17, 10, 0.05, 5000, 17, 17, true, -1, 17},
    {57, 6, 90000, 0.05, 40000, 6, 18, true, 50000, 8},
    {9, 16, 10, 0.9, 40000, 13, 21, false, 50000, 16},
    {17, 6, 800000, 0.0, 40000, 1, 8, true, 1000, 6},
    {20, 25, 800000, 0.9, 20, 18, 31, false, 1000, 25},
    {2, 16, 90000, 0.3, 900, 6, 19, true, 50000, 16},
    {59, 20, 800000, 0.0, 5000, 9, 20, true, 1000, 20},
    // clang-format on
};

TEST(ScalingCostTest, ChoosesWhatDruidChooses) {
  for (const Case& one : kCases) {
    const TaskCountBounds bounds{one.least, one.most, one.near,
                                 one.high_lag > 0 ? std::optional(one.high_lag) : std::nullopt};
    EXPECT_EQ(cheapest_task_count(metrics(one.partitions, one.tasks, one.lag, one.idle, one.rate), bounds, {}),
              one.wanted)
        << one.partitions << " partitions, " << one.tasks << " tasks, lag " << one.lag;
  }
}

}  // namespace
}  // namespace sarsen::ingest
