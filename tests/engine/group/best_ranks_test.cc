#include "engine/group/best_ranks.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sarsen::engine {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(BestRanks, FindsTheLastForWhomThereIsRoom) {
  for (const std::size_t room : {1U, 2U, 7U, 100U, 499U, 500U}) {
    BestRanks best(room);
    std::vector<double> all;
    for (int i = 0; i < 500; ++i) {
      best.add(std::nan(""));
      all.push_back((i * 7919 % 401) - 200.0);  // some come twice
      best.add(all.back());
    }
    std::ranges::sort(all, std::greater<>());
    EXPECT_EQ(best.worst(), all[room - 1]) << room;
    EXPECT_EQ(best.worst(), all[room - 1]) << room;
  }
}

TEST(BestRanks, HasRoomForAllWhereThereAreFew) {
  BestRanks best(3);
  EXPECT_EQ(best.worst(), -kInfinity);
  best.add(1);
  best.add(kInfinity);
  best.add(std::nan(""));
  EXPECT_EQ(best.worst(), -kInfinity);
  best.add(-5);
  EXPECT_EQ(best.worst(), -5);
}

}  // namespace
}  // namespace sarsen::engine
