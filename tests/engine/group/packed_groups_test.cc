// Packed states end as the states that rows of states give, to the last bit.

#include "engine/group/packed_groups.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/filter/filter.h"
#include "tests/engine/group/grouped.h"
#include "tests/support/memory_segment.h"
#include "tests/support/narrow_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;
using sarsen::testing::NarrowSegment;

constexpr std::uint32_t kRows = storage::kNarrowBlockRows + 5000;  // blocks of codes meet in them
constexpr std::int64_t kHour = 3'600'000;

using Longs = std::vector<std::optional<std::int64_t>>;
using Doubles = std::vector<std::optional<double>>;

/// Wide and narrow, the same rows: names, of which one has only nulls, and numbers of all widths.
struct Segments {
  std::shared_ptr<MemorySegment> wide;
  std::shared_ptr<NarrowSegment> narrow;

  Segments() {
    std::vector<std::int64_t> times;
    testing::Strings names, flags, kinds;
    Longs quantity, flaws, heights, aisle;
    Doubles price, discount, tax;
    for (std::int64_t row = 0; row < kRows; ++row) {
      const std::int64_t name = row * 7919 % 501;
      times.push_back(row / 20000 * kHour);
      names.push_back(name == 7 ? std::nullopt : std::optional("n" + std::to_string(name)));
      flags.push_back(row % 3 == 0 ? "yes" : "no");
      // Vectors of a few, of one, of all, and some that end one with another.
      const std::int64_t kind = row * 7919 / 3 % (row < 20000 ? 4 : row < 30000 ? 1 : 24);
      kinds.push_back(kind == 2 ? std::nullopt : std::optional("k" + std::to_string(kind)));
      quantity.push_back(row * 31 % 50 + 1);
      flaws.push_back(name == 9 || row % 17 == 0 ? std::nullopt : std::optional(row * 37 % 256));
      aisle.push_back(row / 700);
      heights.push_back(row * 7919 % 9000 - 5000);
      tax.push_back(static_cast<double>(row * 7919 % 9) / 100);
      price.push_back(static_cast<double>(90100 + row * 7919 % 10404950) / 100);
      discount.push_back(row % 19 == 0 ? std::nullopt : std::optional(static_cast<double>(row % 11) / 100));
    }
    wide = std::make_shared<MemorySegment>(std::move(times), MemorySegment::Form::kMapped);
    wide->strings("name", names)
        .strings("flag", flags)
        .strings("kind", kinds)
        .longs("quantity", quantity)
        .longs("flaws", flaws);
    wide->longs("heights", heights).doubles("price", price).doubles("discount", discount);
    wide->doubles("tax", tax).longs("aisle", aisle);
    narrow = std::make_shared<NarrowSegment>(wide);
    narrow->narrow("quantity", quantity).narrow("flaws", flaws).narrow("heights", heights);
    narrow->narrow("price", price).narrow("discount", discount).narrow("tax", tax).narrow("aisle", aisle);
  }
};

const Segments& segments() {
  static const Segments segments;
  return segments;
}

std::string aggregator(const std::string& type, const std::string& field) {
  return R"({"type":")" + type + R"(","name":")" + type + field + R"(","fieldName":")" + field + R"("})";
}

Grouping grouping(const std::string& aggregators, const char* granularity, const char* dimension = "name") {
  return make_grouping(std::string(R"([")") + dimension + R"("])", granularity, "[" + aggregators + "]");
}

std::vector<std::string> answer(const std::shared_ptr<const storage::Segment>& segment, const Grouping& by,
                                const FilterPtr& filter, std::uint32_t piece_rows) {
  return lines_of_pieces(by, make_scan_plan(segment, kEternity, filter), piece_rows);
}

bool packs(const Grouping& by) {
  const ScanPlan plan = make_scan_plan(segments().narrow, kEternity, nullptr);
  const QueryControl control;
  VectorCursor cursor(plan, 0, kRows, control, false);
  return PackedGroups(*by.aggregators, cursor.columns(), kRows).active();
}

const std::string kPacked[] = {
    R"({"type":"count","name":"rows"})", aggregator("longSum", "quantity"),   aggregator("doubleSum", "quantity"),
    aggregator("longSum", "flaws"),      aggregator("doubleSum", "flaws"),    aggregator("longSum", "heights"),
    aggregator("doubleSum", "price"),    aggregator("doubleSum", "discount"), aggregator("longMin", "heights"),
    aggregator("longMax", "heights"),    aggregator("doubleMin", "discount"), aggregator("doubleMax", "discount"),
    aggregator("doubleMax", "quantity"), aggregator("longMin", "flaws"),      aggregator("longMax", "flaws"),
};

std::string all_packed() {
  std::string all;
  for (const std::string& one : kPacked) all += (all.empty() ? "" : ",") + one;
  return all;
}

TEST(PackedGroups, EndAsRowsOfStatesDo) {
  std::vector<std::string> cases(std::begin(kPacked), std::end(kPacked));
  cases.push_back(all_packed());
  for (const std::string& aggregators : cases) {
    SCOPED_TRACE(aggregators);
    for (const char* granularity : {R"("all")", R"("hour")"}) {
      const Grouping by = grouping(aggregators, granularity);
      EXPECT_TRUE(packs(by));
      for (const std::uint32_t piece_rows : {kRows, 20 * kVectorRows, 30001U})
        EXPECT_EQ(answer(segments().narrow, by, nullptr, piece_rows), answer(segments().wide, by, nullptr, piece_rows));
    }
  }
}

TEST(PackedGroups, OfFewKindsEndAsRowsOfStatesDo) {
  const Json json = Json::parse(R"({"type":"selector","dimension":"flag","value":"yes"})");
  const FilterPtr filter = parse_filter(JsonField(json));
  std::vector<std::string> cases(std::begin(kPacked), std::end(kPacked));
  cases.push_back(all_packed());
  cases.push_back(aggregator("floatSum", "quantity") + "," + all_packed());
  cases.push_back(aggregator("doubleMin", "price") + "," + aggregator("doubleMax", "price"));
  for (const std::string& aggregators : cases) {
    SCOPED_TRACE(aggregators);
    for (const char* granularity : {R"("all")", R"("hour")"}) {
      const Grouping by = grouping(aggregators, granularity, "kind");
      EXPECT_EQ(answer(segments().narrow, by, nullptr, 30001), answer(segments().wide, by, nullptr, 30001));
      EXPECT_EQ(answer(segments().narrow, by, filter, kRows), answer(segments().wide, by, filter, kRows));
    }
  }
}

TEST(PackedGroups, RunsOfVectorsEndAsVectorsDo) {
  const Json json = Json::parse(R"({"type":"selector","dimension":"flag","value":"yes"})");
  const FilterPtr filter = parse_filter(JsonField(json));
  std::vector<std::string> cases(std::begin(kPacked), std::end(kPacked));
  cases.push_back(kPacked[0] + "," + aggregator("doubleSum", "price") + "," + aggregator("longMax", "heights"));
  cases.push_back(aggregator("doubleSum", "price") + "," + aggregator("floatSum", "quantity"));
  cases.push_back(aggregator("doubleSum", "tax"));
  for (const std::string& aggregators : cases) {
    SCOPED_TRACE(aggregators);
    for (const char* granularity : {R"("all")", R"("hour")"}) {
      Grouping by = grouping(aggregators, granularity);
      by.dimensions.clear();
      for (const std::uint32_t piece_rows : {kRows, 30001U})
        EXPECT_EQ(answer(segments().narrow, by, nullptr, piece_rows), answer(segments().wide, by, nullptr, piece_rows));
      EXPECT_EQ(answer(segments().narrow, by, filter, kRows), answer(segments().wide, by, filter, kRows));
    }
  }
}

/// Of `aisle`, ascending, some vectors are taken whole or not at all.
TEST(PackedGroups, RangesOfNumbersSelectTheSameRows) {
  Grouping by = grouping(kPacked[0] + "," + aggregator("doubleSum", "price"), R"("all")");
  by.dimensions.clear();
  for (const char* column : {"aisle", "flaws", "discount", "price"})
    for (const auto& [lower, upper] : {std::pair{"-5", "-1"},
                                       {"0", "0"},
                                       {"0", "9"},
                                       {"30", "77.5"},
                                       {"60", "200"},
                                       {"200", "200000"},
                                       {"0", "1000000"},
                                       {"900000", "9000000"}}) {
      SCOPED_TRACE(std::string(column) + " " + lower + " " + upper);
      const Json json = Json::parse(std::string(R"({"type":"bound","ordering":"numeric","dimension":")") + column +
                                    R"(","lower":")" + lower + R"(","upper":")" + upper + R"("})");
      const FilterPtr filter = parse_filter(JsonField(json));
      const Json turned = Json::Object{{"type", "not"}, {"field", json}};
      const FilterPtr other = parse_filter(JsonField(turned));
      EXPECT_EQ(answer(segments().narrow, by, filter, 30001), answer(segments().wide, by, filter, 30001));
      EXPECT_EQ(answer(segments().narrow, by, other, kRows), answer(segments().wide, by, other, kRows));
    }
}

TEST(PackedGroups, FoldSelectedRows) {
  const Json json = Json::parse(R"({"type":"selector","dimension":"flag","value":"yes"})");
  const FilterPtr filter = parse_filter(JsonField(json));
  for (const char* granularity : {R"("all")", R"("hour")"}) {
    const Grouping by = grouping(all_packed(), granularity);
    EXPECT_EQ(answer(segments().narrow, by, filter, 30001), answer(segments().wide, by, filter, 30001));
  }
}

TEST(PackedGroups, AreLeftToRowsOfStatesWhereOneAggregatorCannot) {
  for (const std::string& other :
       {aggregator("floatSum", "price"), aggregator("doubleMin", "price"), aggregator("longSum", "price"),
        aggregator("stringAny", "name"), std::string(R"({"type":"longSum","name":"e","expression":"quantity + 1"})")}) {
    SCOPED_TRACE(other);
    const Grouping by = grouping(kPacked[0] + "," + other, R"("all")");
    EXPECT_FALSE(packs(by));
    EXPECT_EQ(answer(segments().narrow, by, nullptr, kRows), answer(segments().wide, by, nullptr, kRows));
  }
}

TEST(PackedGroups, CountRowsWhereTheSumAloneWouldNotShowThem) {
  const auto one_row = [](std::uint32_t rows) {
    const Grouping by = grouping(aggregator("longSum", "quantity"), R"("all")");
    const ScanPlan plan = make_scan_plan(segments().narrow, kEternity, nullptr);
    const QueryControl control;
    VectorCursor cursor(plan, 0, kRows, control, false);
    PackedGroups groups(*by.aggregators, cursor.columns(), rows);
    if (groups.active()) groups.grow_to(1);
    return groups.bytes();
  };
  EXPECT_EQ(one_row(1 << 20), sizeof(std::uint32_t));
  EXPECT_EQ(one_row((1 << 24) - 1), sizeof(std::uint32_t));
  EXPECT_EQ(one_row(1 << 27), 0U);  // they might add up to more than a word holds
}

}  // namespace
}  // namespace sarsen::engine
