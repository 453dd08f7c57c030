// Longs that lie close together group by how far they are above the least, once their column has a narrow form; others
// by ids. The groups are those of a column without either, to the last bit.

#include <gtest/gtest.h>

#include "engine/group/numbered_dimension.h"
#include "engine/group/range_dimension.h"
#include "tests/engine/group/grouped.h"
#include "tests/support/memory_segment.h"
#include "tests/support/narrow_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;
using sarsen::testing::NarrowSegment;

constexpr std::uint32_t kRows = storage::kNarrowBlockRows + 5000;
constexpr std::int64_t kHour = 3'600'000;

/// The same rows, with and without narrow forms and ids. Orders ascend with the rows, `flags` are few, `holes` have
/// nulls, and `apart` are as many as rows but far from each other. `keys` and `users` have ids; the former tell rows
/// apart.
struct Segments {
  std::shared_ptr<MemorySegment> wide;
  std::shared_ptr<NarrowSegment> narrow;

  Segments() {
    std::vector<std::int64_t> times;
    std::vector<std::optional<std::int64_t>> orders, flags, holes, apart, keys, users;
    std::vector<std::optional<double>> shares;
    testing::Strings names;
    for (std::int64_t row = 0; row < kRows; ++row) {
      times.push_back(row / 20000 * kHour);
      orders.push_back(row / 4 - 1000);
      flags.push_back(row % 3 - 1);
      holes.push_back(row % 7 == 0 ? std::nullopt : std::optional(row * 7919 % 300 - 20));
      apart.push_back(row * 7919 % kRows * 50);
      keys.push_back((row * 31 % kRows) << 40);
      users.push_back(row % 11 == 0 ? std::nullopt : std::optional((row * 7919 % 3000 - 1500) << 40));
      shares.push_back(1.0 / static_cast<double>(row + 3));
      names.push_back("n" + std::to_string(row % 5));
    }
    wide = std::make_shared<MemorySegment>(std::move(times), MemorySegment::Form::kMapped);
    wide->strings("name", names).longs("orders", orders).longs("flags", flags).longs("holes", holes);
    wide->longs("apart", apart).longs("keys", keys).longs("users", users).doubles("shares", shares);
    narrow = std::make_shared<NarrowSegment>(wide);
    narrow->narrow("orders", orders).narrow("flags", flags).narrow("holes", holes).narrow("apart", apart);
    narrow->numbered("keys", keys).numbered("users", users);
  }
};

const Segments& segments() {
  static const Segments segments;
  return segments;
}

Grouping grouping(const std::string& dimensions, const std::string& granularity) {
  return make_grouping(dimensions, granularity,
                       R"([{"type":"count","name":"c"},{"type":"doubleSum","name":"s","fieldName":"shares"}])");
}

std::vector<std::string> answer(const std::shared_ptr<const storage::Segment>& segment, const Grouping& by,
                                const Interval& interval, std::uint32_t piece_rows) {
  return lines_of_pieces(by, make_scan_plan(segment, interval, nullptr), piece_rows);
}

const char* const kDimensions[] = {
    R"([{"type":"default","dimension":"orders","outputType":"LONG"}])",
    R"(["flags"])",
    R"(["holes"])",
    R"(["apart"])",
    R"(["flags","name"])",
    R"(["holes","flags"])",
    R"([{"type":"default","dimension":"holes","outputType":"DOUBLE"},"orders"])",
    R"(["users"])",
    R"([{"type":"default","dimension":"users","outputType":"DOUBLE"}])",
    R"(["users","name"])",
    R"(["keys"])",
    R"(["keys","users"])",
    R"(["users","apart","keys"])",
};

TEST(NumberDimensions, GroupAsNumbersThatAreLookedUp) {
  for (const char* dimensions : kDimensions)
    for (const char* granularity : {R"("all")", R"("hour")"})
      for (const Interval& interval : {kEternity, Interval{kHour, 2 * kHour}}) {
        SCOPED_TRACE(std::string(dimensions) + granularity);
        const Grouping by = grouping(dimensions, granularity);
        for (const std::uint32_t piece_rows : {kRows, 20 * kVectorRows})
          EXPECT_EQ(answer(segments().narrow, by, interval, piece_rows),
                    answer(segments().wide, by, interval, piece_rows));
      }
}

/// 0: there is none.
std::uint64_t radix(const char* column, const std::shared_ptr<const storage::Segment>& segment, RowRange rows) {
  const ScanPlan plan = make_scan_plan(segment, kEternity, nullptr);
  const QueryControl control;
  VectorCursor cursor(plan, 0, kRows, control, false);
  const DimensionSpec spec{.dimension = column, .output_name = column};
  const auto reader = bind_range(spec, storage::ValueType::kLong, cursor.columns(), rows);
  return reader != nullptr ? reader->radix() : 0;
}

TEST(RangeDimension, IsThereWhereIdsAreAboutAsManyAsRows) {
  EXPECT_EQ(radix("orders", segments().narrow, {0, kRows}), (kRows + 3) / 4 + 1);
  EXPECT_EQ(radix("orders", segments().narrow, {0, 5}), storage::kNarrowBlockRows / 4 + 1);
  EXPECT_EQ(radix("flags", segments().narrow, {0, kRows}), kMaskedKeys + 1);
  EXPECT_EQ(radix("apart", segments().narrow, {0, kRows}), 0U);
  EXPECT_EQ(radix("orders", segments().narrow, {}), 0U);
  EXPECT_EQ(radix("orders", segments().wide, {0, kRows}), 0U);
  EXPECT_EQ(radix("shares", segments().narrow, {0, kRows}), 0U);
  EXPECT_EQ(radix("name", segments().narrow, {0, kRows}), 0U);
}

TEST(NumberedDimension, IsThereOnceTheColumnHasIds) {
  const auto dimension = [](const char* column, const std::shared_ptr<const storage::Segment>& segment) {
    const ScanPlan plan = make_scan_plan(segment, kEternity, nullptr);
    const QueryControl control;
    VectorCursor cursor(plan, 0, kRows, control, false);
    const auto reader = bind_dimension({.dimension = column, .output_name = column}, cursor.columns(), {0, kRows});
    return std::pair(reader->radix(), reader->tells_rows_apart());
  };
  EXPECT_EQ(dimension("keys", segments().narrow), std::pair(kRows + std::uint64_t{1}, true));
  EXPECT_EQ(dimension("users", segments().narrow), std::pair(std::uint64_t{3001}, false));
  EXPECT_EQ(dimension("keys", segments().wide), std::pair(std::uint64_t{1} << 32, false));
}

}  // namespace
}  // namespace sarsen::engine
