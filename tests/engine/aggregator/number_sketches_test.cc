// Sketches of many groups: whether rows are deferred or not, each group's come in their order, and its sketch is the
// same to the last bit.

#include "engine/aggregator/number_sketches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/aggregator/deferred_rows.h"
#include "tests/engine/group/grouped.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;

TEST(DeferredRows, ComeBackByGroupInTheirOrder) {
  for (const std::uint32_t groups : {1U, 7U, 1024U, 100'000U, UINT32_MAX}) {
    DeferredRows<std::uint32_t> rows;
    constexpr std::uint32_t kCount = 20'000;
    for (std::uint32_t row = 0; row < kCount; ++row) rows.add(row * 2654435761U % groups, row);
    EXPECT_EQ(rows.size(), kCount);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> taken;
    rows.take([&](std::uint32_t group, std::span<const std::uint32_t> together) {
      EXPECT_FALSE(together.empty());
      for (const std::uint32_t row : together) taken.emplace_back(group, row);
    });
    EXPECT_EQ(rows.size(), 0U);
    ASSERT_EQ(taken.size(), kCount);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted = taken;
    std::ranges::sort(sorted);
    std::ranges::stable_sort(taken, {}, [](const auto& row) { return row.first; });
    EXPECT_EQ(taken, sorted) << groups;
    std::vector<bool> seen(kCount);
    for (const auto& [group, row] : taken) {
      EXPECT_EQ(group, row * 2654435761U % groups);
      seen[row] = true;
    }
    EXPECT_TRUE(std::ranges::all_of(seen, std::identity()));
  }
}

/// More than are deferred at most: places of 9,000 sizes, visitors, and an hour for every few vectors.
std::shared_ptr<const storage::Segment> segment() {
  constexpr std::int64_t kRows = DeferredRows<std::uint32_t>::kRowsMax + 50'000;
  std::vector<std::int64_t> times;
  std::vector<std::optional<std::int64_t>> places, visitors;
  std::vector<std::optional<double>> shares;
  testing::Strings names;
  for (std::int64_t row = 0; row < kRows; ++row) {
    const std::int64_t draw = row * 7919 % 1'000'003;
    times.push_back(row / 9000 * 3'600'000);
    places.push_back(draw * draw % 1'000'003 * (draw % 100) / 11'111);
    visitors.push_back(row % 13 == 0 ? std::nullopt : std::optional(draw * 31 % 400'000));
    names.push_back("n" + std::to_string(draw % 3000));
    shares.push_back(static_cast<double>(draw % 5000) / 7);
  }
  auto made = std::make_shared<MemorySegment>(std::move(times), MemorySegment::Form::kMapped);
  made->strings("name", names).longs("place", places).longs("visitor", visitors).doubles("share", shares);
  return made;
}

Grouping grouping(const char* dimensions, const char* granularity) {
  return make_grouping(dimensions, granularity, R"([
      {"type":"HLLSketchBuild","name":"h","fieldName":"visitor"},
      {"type":"HLLSketchBuild","name":"d","fieldName":"share"},
      {"type":"thetaSketch","name":"t","fieldName":"visitor","size":64}])");
}

/// The stored sketches of all groups, in the order of the groups.
std::vector<Value> sketches(const Grouping& by, const std::shared_ptr<const storage::Segment>& segment,
                            std::size_t bytes_max) {
  const auto plan = std::make_shared<const ScanPlan>(make_scan_plan(segment, kEternity, nullptr));
  const QueryControl control;
  GroupScan scan(by, plan, plan->begin_row, plan->end_row, control);
  scan.run(bytes_max);
  scan.settle();
  std::vector<Value> sketches;
  for (std::uint32_t group = 0; group < scan.groups(); ++group)
    for (std::size_t i = 0; i < by.aggregators->size(); ++i)
      sketches.push_back(by.aggregators->factory(i).stored(scan.states(group) + by.aggregators->offset(i)));
  return sketches;
}

TEST(NumberSketches, AreTheSameWhetherRowsAreDeferredOrNot) {
  constexpr std::size_t kTooLittleToDefer = (std::size_t{256} << 20) - 1;
  const auto rows = segment();
  for (const char* dimensions : {R"([])", R"(["place"])", R"(["name"])"})
    for (const char* granularity : {R"("all")", R"("hour")"}) {
      const Grouping by = grouping(dimensions, granularity);
      EXPECT_TRUE(sketches(by, rows, SIZE_MAX) == sketches(by, rows, kTooLittleToDefer)) << dimensions << granularity;
    }
}

/// The sketches of one vector with these numbers, of which these rows are taken.
std::vector<Value> sketches_of(const Grouping& by, const std::vector<std::int64_t>& numbers, const Selection& rows) {
  std::vector<std::optional<std::int64_t>> visitors(numbers.begin(), numbers.end());
  std::vector<std::optional<double>> shares(numbers.begin(), numbers.end());
  MemorySegment segment(std::vector<std::int64_t>(numbers.size()), MemorySegment::Form::kMapped);
  segment.longs("visitor", visitors).doubles("share", shares);
  CursorColumns columns(segment, nullptr);
  BoundAggregators bound(*by.aggregators, columns.sources());
  StateRows states(*by.aggregators);
  states.grow_to(1);
  const std::vector<std::uint32_t> groups(rows.count);
  bound.fold_groups(states.row(0), groups.data(), 0, rows);
  std::vector<Value> sketches;
  for (std::size_t i = 0; i < by.aggregators->size(); ++i)
    sketches.push_back(by.aggregators->factory(i).stored(states.row(0) + by.aggregators->offset(i)));
  return sketches;
}

TEST(NumberSketches, RowsMayComeOftenOrBackwards) {
  const Grouping by = grouping("[]", R"("all")");
  std::vector<std::int64_t> numbers, backwards;
  std::vector<std::uint32_t> even, even_thrice, last_first;
  for (std::uint32_t row = 0; row < kVectorRows; ++row) {
    numbers.push_back(row * 7919 % 3001);
    last_first.push_back(kVectorRows - 1 - row);
    if (row % 2 != 0) continue;
    even.push_back(row);
    even_thrice.insert(even_thrice.end(), 3, row);
  }
  backwards.assign(numbers.rbegin(), numbers.rend());
  const auto of = [](const std::vector<std::uint32_t>& rows) {
    return Selection{.size = kVectorRows,
                     .count = static_cast<std::uint32_t>(rows.size()),
                     .mask = nullptr,
                     .positions = rows.data()};
  };
  EXPECT_TRUE(sketches_of(by, numbers, of(even_thrice)) == sketches_of(by, numbers, of(even)));
  EXPECT_TRUE(sketches_of(by, numbers, of(last_first)) ==
              sketches_of(by, backwards, {.size = kVectorRows, .count = kVectorRows}));
  // So few that they alone are hashed, and the same rows as often as that others are, too.
  const std::vector<std::uint32_t> few(even.begin() + 500, even.begin() + 600);
  std::vector<std::uint32_t> often;
  for (int times = 0; times < 8; ++times) often.insert(often.end(), few.begin(), few.end());
  EXPECT_TRUE(sketches_of(by, numbers, of(few)) == sketches_of(by, numbers, of(often)));
}

}  // namespace
}  // namespace sarsen::engine
