// The worked examples were printed by java.util.HashMap itself.

#include "engine/result/java_hash_order.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sarsen::engine {
namespace {

std::vector<std::string> ordered(std::size_t table, const std::vector<std::string>& keys,
                                 KeyOrder order = KeyOrder::kJava8) {
  JavaHashOrder map(table, order);
  for (const std::string& key : keys) map.put(key);
  std::vector<std::string> sorted;
  for (const std::size_t i : map.order()) sorted.push_back(keys[i]);
  return sorted;
}

using Names = std::vector<std::string>;

TEST(JavaHashOrder, TimeBoundaryPrintsMaxFirstSinceJava8) {
  EXPECT_EQ(ordered(16, {"minTime", "maxTime"}), (Names{"maxTime", "minTime"}));
  EXPECT_EQ(ordered(16, {"minTime", "maxTime"}, KeyOrder::kJava7), (Names{"minTime", "maxTime"}));
}

TEST(JavaHashOrder, GroupByEventsAreInATableOf16) {
  EXPECT_EQ(ordered(16, {"language", "count"}), (Names{"count", "language"}));
  EXPECT_EQ(ordered(16, {"tags", "count"}), (Names{"count", "tags"}));
  EXPECT_EQ(ordered(16, {"country", "device", "total_usage", "data_transfer", "avg_usage"}),
            (Names{"data_transfer", "country", "total_usage", "avg_usage", "device"}));
}

TEST(JavaHashOrder, TimeseriesCopiesIntoATableOfItsSize) {
  EXPECT_EQ(ordered(JavaHashOrder::copied_table_size(2), {"sample_name1", "sample_name2"}),
            (Names{"sample_name2", "sample_name1"}));
  EXPECT_EQ(ordered(JavaHashOrder::copied_table_size(3), {"count", "added", "deleted"}),
            (Names{"count", "deleted", "added"}));
  EXPECT_EQ(ordered(JavaHashOrder::copied_table_size(3), {"count", "added", "deleted", "avg"}),
            (Names{"count", "deleted", "avg", "added"}));
}

TEST(JavaHashOrder, TopNRowsAreSizedForTheirEntries) {
  EXPECT_EQ(ordered(JavaHashOrder::sized_table_size(2), {"edits", "page"}), (Names{"edits", "page"}));
  EXPECT_EQ(ordered(JavaHashOrder::sized_table_size(3), {"rows", "added", "page"}), (Names{"rows", "added", "page"}));
  EXPECT_EQ(ordered(JavaHashOrder::sized_table_size(4), {"count", "added", "deleted", "user"}),
            (Names{"count", "deleted", "added", "user"}));
}

TEST(JavaHashOrder, GrowsAndKeepsEveryKeyOnce) {
  JavaHashOrder map(16, KeyOrder::kJava8);
  for (int i = 0; i < 100; ++i) map.put("key" + std::to_string(i % 50));
  std::vector<std::size_t> order = map.order();
  std::sort(order.begin(), order.end());
  ASSERT_EQ(order.size(), 50U);
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

}  // namespace
}  // namespace sarsen::engine
