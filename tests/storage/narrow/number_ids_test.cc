// A column of longs gets ids when so many rows were looked up as it has twice; they stand for its numbers, and null.

#include "storage/narrow/number_ids.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/narrow_segment.h"

namespace sarsen::storage {
namespace {

using sarsen::testing::NarrowColumn;

constexpr std::uint32_t kRows = 40'000;
using Numbers = std::vector<std::optional<std::int64_t>>;

template <class Make>
Numbers numbers(Make make) {
  Numbers numbers;
  for (std::int64_t row = 0; row < kRows; ++row) numbers.push_back(make(row));
  return numbers;
}

std::optional<NumberIds> ids_of(const NarrowColumn<std::int64_t>& column) {
  column.numbered()->note_looked_up(std::uint64_t{2} * column.row_count());
  return column.numbered()->ids();
}

void expect_ids(const Numbers& numbers, std::uint32_t size) {
  const NarrowColumn<std::int64_t> column(numbers);
  const std::optional<NumberIds> ids = ids_of(column);
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->size(), size);
  std::uint32_t met = 0;
  for (std::uint32_t row = 0; row < numbers.size(); ++row) {
    const std::uint32_t id = ids->rows()[row];
    ASSERT_EQ(id == 0, !numbers[row].has_value()) << row;
    if (id == 0) continue;
    ASSERT_LE(id, met + 1) << row;  // in the order in which they come
    met = std::max(met, id);
    ASSERT_EQ(ids->number(id), *numbers[row]) << row;
  }
  EXPECT_EQ(met, size);
}

TEST(NumberIds, StandForNumbers) {
  expect_ids(numbers([](std::int64_t row) { return row * 7919 % 1000 << 50; }), 1000);
  expect_ids(numbers([](std::int64_t row) { return row % 2 == 0 ? INT64_MIN : INT64_MAX; }), 2);
  expect_ids(numbers([](std::int64_t row) { return row % 3 == 0 ? std::nullopt : std::optional(row % 7 * -5); }), 7);
  expect_ids(numbers([](std::int64_t) { return std::nullopt; }), 0);
}

TEST(NumberIds, TellRowsApart) {
  const NarrowColumn<std::int64_t> apart(numbers([](std::int64_t row) { return row * 7919 % kRows << 30; }));
  EXPECT_TRUE(ids_of(apart)->tells_rows_apart());
  const NarrowColumn<std::int64_t> twice(numbers([](std::int64_t row) { return std::max<std::int64_t>(row, 1); }));
  EXPECT_FALSE(ids_of(twice)->tells_rows_apart());
  const NarrowColumn<std::int64_t> hole(
      numbers([](std::int64_t row) { return row == 5 ? std::nullopt : std::optional(row); }));
  EXPECT_FALSE(ids_of(hole)->tells_rows_apart());
}

TEST(NumberIds, AreMadeOnceRowsWereLookedUpTwice) {
  const NarrowColumn<std::int64_t> column(numbers([](std::int64_t row) { return row % 100 << 40; }));
  EXPECT_FALSE(column.numbered()->ids());
  column.numbered()->note_looked_up(2 * kRows - 1);
  EXPECT_FALSE(column.numbered()->ids());
  column.numbered()->note_looked_up(1);
  const std::optional<NumberIds> ids = column.numbered()->ids();
  ASSERT_TRUE(ids);
  EXPECT_TRUE(column.numbered()->ids()->is_same(*ids));
}

TEST(NumberIds, WhatIsLookedUpIsWantedInNarrowForm) {
  const NarrowColumn<std::int64_t> column(numbers([](std::int64_t row) { return row % 100; }), 0);
  column.numbered()->note_looked_up(kRows / 4 - 1);
  EXPECT_FALSE(column.is_narrow());
  column.numbered()->note_looked_up(1);
  EXPECT_TRUE(column.is_narrow());
}

TEST(NumberIds, AreForgottenWithTheirBlock) {
  const NarrowColumn<std::int64_t> column(numbers([](std::int64_t row) { return row % 100 << 40; }));
  EXPECT_TRUE(ids_of(column));
  BlockCache::shared().set_budget_bytes(0);
  EXPECT_FALSE(column.numbered()->ids());
  BlockCache::shared().set_budget_bytes(1ULL << 30);
  EXPECT_TRUE(ids_of(column));
}

TEST(NumberIds, AreNotMadeAgainAndAgainWhereTheCacheIsTooSmall) {
  const NarrowColumn<std::int64_t> column(numbers([](std::int64_t row) { return row % 100 << 40; }));
  BlockCache::shared().set_budget_bytes(1 << 20);
  EXPECT_TRUE(ids_of(column));  // for this query
  EXPECT_FALSE(ids_of(column));
  BlockCache::shared().set_budget_bytes(1ULL << 30);
}

TEST(NumberIds, LeaveShortColumnsAndDoublesAlone) {
  EXPECT_FALSE(ids_of(NarrowColumn<std::int64_t>(Numbers(1000, 5))));
  EXPECT_EQ(NarrowColumn<double>(std::vector<std::optional<double>>(10, 1.0)).numbered(), nullptr);
}

}  // namespace
}  // namespace sarsen::storage
