// What is kept without a queue is what a queue keeps.

#include "engine/query/rank_queue.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

namespace sarsen::engine {
namespace {

/// By the words of Druid's queue: groups are their own values.
std::vector<std::uint32_t> queue(const std::vector<RankedGroup>& groups, std::size_t room) {
  std::set<std::pair<double, std::uint32_t>> kept;  // the worst first, of equally bad ones the smallest value
  for (const RankedGroup& one : groups) {
    if (kept.size() == room && one.rank <= kept.begin()->first) continue;
    kept.insert({one.rank, one.group});
    if (kept.size() > room) kept.erase(kept.begin());
  }
  std::vector<std::uint32_t> best;
  while (!kept.empty()) {
    const double rank = kept.rbegin()->first;
    for (auto one = kept.lower_bound({rank, 0}); one != kept.end(); one = kept.erase(one)) best.push_back(one->second);
  }
  return best;
}

std::vector<std::uint32_t> numbers(const std::vector<RankedGroup>& groups) {
  std::vector<std::uint32_t> numbers;
  for (const RankedGroup& one : groups) numbers.push_back(one.group);
  return numbers;
}

TEST(RankQueue, KeepsWhatAQueueKeeps) {
  std::mt19937 random(1);
  const auto smaller = [](std::uint32_t left, std::uint32_t right) { return left < right; };
  for (const std::uint32_t count : {0U, 1U, 2U, 9U, 10U, 11U, 40U, 500U})
    for (const std::uint32_t ranks : {1U, 2U, 5U, 1000U})
      for (int again = 0; again < 20; ++again) {
        std::vector<RankedGroup> groups;
        for (std::uint32_t group = 0; group < count; ++group)
          groups.push_back({static_cast<double>(random() % ranks) - 2, group});
        std::shuffle(groups.begin(), groups.end(), random);
        for (const std::size_t room : {std::size_t{1}, std::size_t{10}, std::size_t{100}}) {
          const std::vector<RankedGroup> kept = keep_best(groups, room, smaller);
          EXPECT_EQ(numbers(kept), queue(groups, room)) << count << " " << ranks << " " << room;
          // Most of it in order, as of what was kept before.
          std::vector<RankedGroup> next = kept;
          for (std::size_t i = 0; i < next.size(); i += 7) next[i].rank += 3;
          for (std::uint32_t group = 0; group < 20; ++group) next.push_back({static_cast<double>(group), 1000 + group});
          EXPECT_EQ(numbers(keep_best(next, room, smaller)), queue(next, room));
        }
      }
}

}  // namespace
}  // namespace sarsen::engine
