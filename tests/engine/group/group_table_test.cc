#include "engine/group/group_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace sarsen::engine {
namespace {

std::vector<std::uint32_t> groups_of(GroupTable& table, const std::vector<std::uint64_t>& keys) {
  std::vector<std::uint32_t> groups(keys.size());
  table.find_or_add(keys.data(), static_cast<std::uint32_t>(keys.size()), groups.data());
  return groups;
}

TEST(GroupTable, NumbersKeysInTheOrderInWhichTheyAreMet) {
  for (const std::uint64_t dense_keys : {0U, 1U, 5U, 12U, 1000U}) {
    GroupTable table(dense_keys);
    EXPECT_EQ(groups_of(table, {4, 0, 4, 3}), (std::vector<std::uint32_t>{0, 1, 0, 2}));
    EXPECT_EQ(groups_of(table, {}), std::vector<std::uint32_t>());
    EXPECT_EQ(groups_of(table, {7, 3, 15, 16}), (std::vector<std::uint32_t>{3, 2, 4, 5}));
    EXPECT_EQ(groups_of(table, {std::uint64_t{1} << 40, 0, 16}), (std::vector<std::uint32_t>{6, 1, 5}));
    EXPECT_EQ(groups_of(table, {15, 7, 4}), (std::vector<std::uint32_t>{4, 3, 0}));
    ASSERT_EQ(table.size(), 7U);
    EXPECT_EQ(table.key(0), 4U);
    EXPECT_EQ(table.key(6), std::uint64_t{1} << 40);
  }
}

TEST(GroupTable, GrowsWithItsKeys) {
  GroupTable table(1 << 20);
  EXPECT_EQ(groups_of(table, {4, 0}), (std::vector<std::uint32_t>{0, 1}));
  const std::size_t small = table.bytes();
  EXPECT_LT(small, table.dense_bytes_max());
  EXPECT_EQ(groups_of(table, {1023, 4}), (std::vector<std::uint32_t>{2, 0}));
  EXPECT_LT(table.bytes(), 2 * small);  // the keys themselves take a little
  EXPECT_EQ(groups_of(table, {1024, 1023, 4}), (std::vector<std::uint32_t>{3, 2, 0}));
  EXPECT_EQ(groups_of(table, {(1 << 20) - 1, 1024}), (std::vector<std::uint32_t>{4, 3}));
  EXPECT_GE(table.bytes(), table.dense_bytes_max());
  EXPECT_EQ(groups_of(table, {1 << 20, (1 << 20) - 1, 0}), (std::vector<std::uint32_t>{5, 4, 1}));
  EXPECT_EQ(table.dense_bytes_max(), 0U);
}

TEST(GroupTable, HasNoLargeArrayForFewKeys) {
  GroupTable table(1 << 20, 256);
  EXPECT_EQ(groups_of(table, {4, 100'000}), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_LT(table.bytes(), 20'000U);
  EXPECT_EQ(table.dense_bytes_max(), 0U);
  EXPECT_EQ(groups_of(table, {100'000, 5}), (std::vector<std::uint32_t>{1, 2}));

  GroupTable expecting(1 << 20, 256);
  expecting.expect(1000);
  EXPECT_EQ(groups_of(expecting, {4, 100'000}), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_GT(expecting.bytes(), 400'000U);
}

TEST(GroupTable, HasALargeArrayForKeysThatLieCloseTogether) {
  constexpr std::uint64_t kLarge = 1 << 22;
  GroupTable close(1 << 30, 256);
  close.expect(kLarge / 2);
  EXPECT_EQ(groups_of(close, {3, kLarge, kLarge + 1}), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_GT(close.dense_bytes_max(), 0U);
  EXPECT_EQ(groups_of(close, {kLarge * 4, kLarge, 4}), (std::vector<std::uint32_t>{3, 1, 4}));
  EXPECT_EQ(close.dense_bytes_max(), 0U);  // four places a key are too few

  GroupTable apart(1 << 30, 256);
  apart.expect(kLarge / 8);
  EXPECT_EQ(groups_of(apart, {3, kLarge, 3}), (std::vector<std::uint32_t>{0, 1, 0}));
  EXPECT_EQ(apart.dense_bytes_max(), 0U);
}

TEST(GroupTable, HasRoomForTheKeysThatItExpects) {
  GroupTable table;
  table.expect(100'000);
  EXPECT_EQ(groups_of(table, {4, std::uint64_t{1} << 60}), (std::vector<std::uint32_t>{0, 1}));
  const std::size_t bytes = table.bytes();
  EXPECT_GE(bytes, 2 * 100'000 * sizeof(std::uint64_t));
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 100'000; ++i) keys.push_back(i << 40 | 3);
  const std::vector<std::uint32_t> groups = groups_of(table, keys);
  EXPECT_EQ(groups.back(), 100'001U);
  EXPECT_LT(table.bytes(), bytes + 4 * 100'000 * sizeof(std::uint64_t));  // the keys alone
}

TEST(GroupTable, FindsManyKeysAgain) {
  GroupTable table;
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 1'500'000; ++i) keys.push_back(i * 0x9E3779B97F4A7C15ULL);
  const std::vector<std::uint32_t> groups = groups_of(table, keys);
  for (std::uint32_t i = 0; i < keys.size(); ++i) ASSERT_EQ(groups[i], i);
  EXPECT_EQ(groups_of(table, keys), groups);
  EXPECT_EQ(table.size(), keys.size());
}

}  // namespace
}  // namespace sarsen::engine
