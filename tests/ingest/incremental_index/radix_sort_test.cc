#include "ingest/incremental_index/radix_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

namespace sarsen::ingest {
namespace {

struct Item {
  std::uint64_t key;
  std::uint32_t number;
  bool operator==(const Item&) const = default;
};

void expect_sorts(std::vector<Item> items) {
  std::vector<Item> expected = items;
  std::stable_sort(expected.begin(), expected.end(), [](const Item& l, const Item& r) { return l.key < r.key; });
  radix_sort(std::span(items));
  EXPECT_EQ(items, expected);
}

std::vector<Item> items_with(std::size_t count, const std::function<std::uint64_t()>& key) {
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < count; ++i) items.push_back({key(), i});
  return items;
}

TEST(RadixSortTest, KeepsTheOrderOfWhatTies) {
  std::mt19937_64 random(5);
  for (const std::size_t count : {1U, 2U, 3U, 1000U, 5000U})
    for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{1} << 61})
      expect_sorts(items_with(count, [&] { return random() % 8 * step; }));
}

TEST(RadixSortTest, SortsByAllBits) {
  std::mt19937_64 random(6);
  expect_sorts(items_with(5000, [&] { return random(); }));
  expect_sorts(items_with(5000, [&] { return random() >> (random() % 64); }));
  expect_sorts(items_with(5000, [&] { return random() | 0xFFF0000000000FFF; }));
}

TEST(RadixSortTest, SortsNothing) {
  expect_sorts({});
  expect_sorts(items_with(100, [] { return 7; }));
}

}  // namespace
}  // namespace sarsen::ingest
