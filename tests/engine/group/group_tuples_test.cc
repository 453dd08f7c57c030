#include "engine/group/group_tuples.h"

#include <gtest/gtest.h>

#include <vector>

namespace sarsen::engine {
namespace {

using Tuples = std::vector<std::vector<std::uint32_t>>;
using Groups = std::vector<std::uint32_t>;

GroupBlock block_of(const Tuples& tuples) {
  GroupBlock block(tuples[0].size(), static_cast<std::uint32_t>(tuples.size()));
  block.set_size(static_cast<std::uint32_t>(tuples.size()));
  for (std::uint32_t j = 0; j < tuples.size(); ++j)
    for (std::size_t i = 0; i < tuples[j].size(); ++i) block.column(i)[j] = tuples[j][i];
  return block;
}

Groups find(GroupTuples& groups, const Tuples& tuples) {
  GroupBlock block = block_of(tuples);
  groups.find_or_add(block);
  return {block.groups(), block.groups() + block.size()};
}

TEST(GroupTuples, NumbersTuplesInTheOrderInWhichTheyCome) {
  GroupTuples groups(3);
  EXPECT_EQ(find(groups, {{0, 1, 7}, {0, 1, 8}, {0, 1, 7}, {1, 1, 7}}), (Groups{0, 1, 0, 2}));
  EXPECT_EQ(groups.find_or_add({{1, 1, 7}}), 2U);
  EXPECT_EQ(groups.find_or_add({{2, 0, 0}}), 3U);
  EXPECT_EQ(find(groups, {{2, 0, 0}, {0, 1, 8}, {9, 9, 9}}), (Groups{3, 1, 4}));
  EXPECT_EQ(groups[4][2], 9U);
}

TEST(GroupTuples, TakesGroupsThatAreCountedAsTheirValuesAre) {
  GroupTuples groups(2);
  EXPECT_EQ(find(groups, {{0, 0}, {0, 1}, {0, 0}}), (Groups{0, 1, 0}));
  EXPECT_EQ(find(groups, {{0, 1}, {0, 2}}), (Groups{1, 2}));
  EXPECT_EQ(groups.size(), 3U);
}

TEST(GroupTuples, FindsCountedGroupsWhenOthersCome) {
  const Tuples others[] = {{{1, 3}}, {{0, 7}}, {{1, 0}}};
  for (const Tuples& other : others) {
    GroupTuples groups(2);
    EXPECT_EQ(find(groups, {{0, 0}, {0, 1}, {0, 2}}), (Groups{0, 1, 2}));
    EXPECT_EQ(find(groups, {{0, 1}, other[0], {0, 0}}), (Groups{1, 3, 0}));
    EXPECT_EQ(find(groups, {other[0], {0, 2}, {5, 0}}), (Groups{3, 2, 4}));
  }
}

TEST(GroupTuples, FindsThoseThatWerePushed) {
  for (const std::uint32_t first : {0U, 5U}) {
    GroupTuples groups(2);
    GroupBlock pushed = block_of({{0, first}, {0, first + 1}});
    groups.push(pushed);
    EXPECT_EQ(find(groups, {{0, first + 1}, {0, first + 2}, {0, first}}), (Groups{1, 2, 0}));
    groups.push({{0, first + 3}});
    EXPECT_EQ(find(groups, {{0, first + 3}, {0, first + 4}}), (Groups{3, 4}));
  }
}

}  // namespace
}  // namespace sarsen::engine
