// filtered: the rows that its filter lets through, however rows are selected.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;

TEST(Filtered, FoldsTheRowsThatPassIntoTheirGroups) {
  std::vector<std::int64_t> times(kVectorRows);
  std::vector<std::optional<std::int64_t>> numbers;
  for (std::uint32_t row = 0; row < kVectorRows; ++row) numbers.emplace_back(row % 10);
  MemorySegment segment(times, MemorySegment::Form::kMapped);
  segment.longs("n", numbers);
  const Json json = Json::parse(R"({"type":"filtered","name":"x","aggregator":{"type":"count","name":"x"},
      "filter":{"type":"range","column":"n","matchValueType":"LONG","upper":6}})");
  const AggregatorSet set({parse_aggregator(JsonField(json))});
  SegmentSources columns(segment);
  const std::vector<std::uint64_t> odd(kVectorWords, 0xaaaaaaaaaaaaaaaa);
  std::vector<std::uint32_t> twice;
  for (std::uint32_t row = 0; row < kVectorRows; ++row) twice.insert(twice.end(), 2, row);
  const auto count = static_cast<std::uint32_t>(twice.size());
  std::vector<std::uint32_t> groups;
  for (std::uint32_t i = 0; i < count; ++i) groups.push_back(i % 3);
  for (const Selection& selection : {Selection{.size = kVectorRows, .count = kVectorRows},
                                     Selection{.size = kVectorRows, .count = kVectorRows / 2, .mask = odd.data()},
                                     Selection{.size = kVectorRows, .count = count, .positions = twice.data()}}) {
    BoundAggregators bound(set, columns);
    StateRows rows(set);
    rows.grow_to(3);
    bound.fold_groups(rows.row(0), groups.data(), 0, selection);
    std::array<std::int64_t, 3> wanted{};
    for_each_selected(selection,
                      [&](std::uint32_t i, std::uint32_t row) { wanted[groups[i]] += row % 10 <= 6 ? 1 : 0; });
    for (std::uint32_t group = 0; group < 3; ++group) EXPECT_EQ(set.finalise(rows.row(group), 0), Value(wanted[group]));
  }
}

}  // namespace
}  // namespace sarsen::engine
