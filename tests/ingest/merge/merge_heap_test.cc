#include "ingest/merge/merge_heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sarsen::ingest {
namespace {

TEST(MergeHeapTest, MergesSortedListsAndKeepsTheOrderInEach) {
  std::mt19937 random(11);
  std::vector<std::vector<int>> lists(7);
  std::vector<int> all;
  for (auto& list : lists) {
    for (std::size_t i = random() % 200; i != 0; --i) list.push_back(static_cast<int>(random() % 50));
    std::sort(list.begin(), list.end());
    all.insert(all.end(), list.begin(), list.end());
  }
  std::vector<std::size_t> places(lists.size());
  MergeHeap heap(
      [&](std::uint32_t left, std::uint32_t right) { return lists[left][places[left]] - lists[right][places[right]]; });
  for (std::uint32_t i = 0; i < lists.size(); ++i)
    if (!lists[i].empty()) heap.add(i);
  std::vector<int> merged;
  while (!heap.empty()) {
    const std::uint32_t top = heap.top();
    merged.push_back(lists[top][places[top]++]);
    if (places[top] == lists[top].size())
      heap.pop();
    else
      heap.top_changed();
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(merged, all);
}

TEST(MergeHeapTest, EqualElementsOfOneSourceComeTogether) {
  const std::vector<std::vector<int>> lists{{1, 1, 2}, {1, 1}, {1, 3}};
  std::vector<std::size_t> places(lists.size());
  MergeHeap heap(
      [&](std::uint32_t left, std::uint32_t right) { return lists[left][places[left]] - lists[right][places[right]]; });
  for (std::uint32_t i = 0; i < lists.size(); ++i) heap.add(i);
  std::vector<std::uint32_t> order;
  while (!heap.empty()) {
    const std::uint32_t top = heap.top();
    order.push_back(top);
    if (++places[top] == lists[top].size())
      heap.pop();
    else
      heap.top_changed();
  }
  EXPECT_EQ(order, (std::vector<std::uint32_t>{0, 0, 1, 1, 2, 0, 2}));
}

}  // namespace
}  // namespace sarsen::ingest
