// Where an answer shows the best groups of packed states only, the others are left out before they are unpacked; the
// answer is that of a segment whose states are not packed.

#include <gtest/gtest.h>

#include "tests/engine/group/grouped.h"
#include "tests/engine/query/query_example.h"
#include "tests/support/narrow_segment.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kRows = 120'000;

/// The same rows with and without narrow forms: 5,000 names, many of which are equally good, some without a number.
struct Segments {
  std::shared_ptr<MemorySegment> wide;
  std::shared_ptr<testing::NarrowSegment> narrow;

  Segments() {
    Strings names;
    std::vector<std::optional<std::int64_t>> quantity, rare;
    std::vector<std::optional<double>> price;
    for (std::int64_t row = 0; row < kRows; ++row) {
      const std::int64_t name = row * 7919 % 4999;
      names.push_back(name == 17 ? std::nullopt : std::optional("n" + std::to_string(name)));
      quantity.push_back(name % 50 + row % 3 + 1);
      rare.push_back(name % 4 == 0 ? std::nullopt : std::optional(name % 23));
      price.push_back(static_cast<double>(row * 7919 % 90001) / 100);
    }
    wide = std::make_shared<MemorySegment>(std::vector<std::int64_t>(kRows, 0), Form::kMapped);
    wide->strings("name", names).longs("quantity", quantity).longs("rare", rare).doubles("price", price);
    narrow = std::make_shared<testing::NarrowSegment>(wide);
    narrow->narrow("quantity", quantity).narrow("rare", rare).narrow("price", price);
  }
};

const Segments& segments() {
  static const Segments segments;
  return segments;
}

constexpr const char* kAggregations =
    R"([{"type":"count","name":"rows"},{"type":"longSum","name":"quantity","fieldName":"quantity"},)"
    R"({"type":"longSum","name":"rare","fieldName":"rare"},{"type":"doubleSum","name":"price","fieldName":"price"},)"
    R"({"type":"doubleMax","name":"most","fieldName":"rare"},{"type":"longMin","name":"least","fieldName":"rare"}])";

void expect_same(const std::string& query) {
  SCOPED_TRACE(query);
  storage::Catalog wide, narrow;
  serve(wide, "t", segments().wide);
  serve(narrow, "t", segments().narrow);
  EXPECT_EQ(answer(narrow, query), answer(wide, query));
}

TEST(BestGroups, OfATopNAreThoseOfAll) {
  for (const char* metric : {"rows", "quantity", "rare", "price", "most", "least"})
    for (const char* inverted : {R"("%")", R"({"type":"inverted","metric":"%"})"})
      for (const int threshold : {1, 3, 200, 1500, 6000}) {
        std::string of = inverted;
        of.replace(of.find('%'), 1, metric);
        expect_same(
            R"({"queryType":"topN","dataSource":"t","intervals":"1970/1971","granularity":"all","dimension":"name",)"
            R"("context":{"minTopNThreshold":1},"metric":)" +
            of + R"(,"threshold":)" + std::to_string(threshold) + R"(,"aggregations":)" + kAggregations + "}");
      }
}

TEST(BestGroups, OfAGroupByAreThoseOfAll) {
  for (const char* column : {"rows", "quantity", "rare", "price", "most", "least"})
    for (const char* direction : {"ascending", "descending"})
      for (const char* more :
           {"", R"("offset":7,)", R"("having":{"type":"greaterThan","aggregation":"rows","value":23},)"}) {
        const bool is_limit = std::string(more).starts_with(R"("offset)");
        expect_same(R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all",)"
                    R"("dimensions":["name"],)" +
                    std::string(is_limit ? "" : more) + R"("limitSpec":{"type":"default","limit":40,)" +
                    (is_limit ? more : "") + R"("columns":[{"dimension":")" + column + R"(","direction":")" +
                    direction + R"("},{"dimension":"name","direction":"descending"}]},"aggregations":)" +
                    kAggregations + "}");
      }
}

TEST(BestGroups, AreFewOfAll) {
  const Grouping by = make_grouping(R"(["name"])", R"("all")", kAggregations);
  const auto plan = std::make_shared<const ScanPlan>(make_scan_plan(segments().narrow, kEternity, nullptr));
  const QueryControl control;
  const auto groups_left = [&](const BestWanted& wanted, std::uint32_t piece_rows) {
    GroupScan first(by, plan, 0, piece_rows, control);
    first.run(SIZE_MAX);
    for (std::uint32_t begin = piece_rows; begin < kRows; begin += piece_rows) {
      GroupScan next(by, plan, begin, std::min<std::uint32_t>(begin + piece_rows, kRows), control);
      next.run(SIZE_MAX);
      EXPECT_TRUE(first.absorbs_by_key(next));
      for (std::uint32_t key = 0; key < first.keys(); key += 1000)
        first.absorb_keys(next, key, std::min(key + 1000, first.keys()));
    }
    first.settle(wanted);
    return first.groups();
  };
  for (const std::uint32_t piece_rows : {static_cast<std::uint32_t>(kRows), 40 * kVectorRows}) {
    EXPECT_EQ(groups_left({.aggregator = 3, .least = false, .room = 10}, piece_rows), 10U) << "prices differ";
    EXPECT_EQ(groups_left({.aggregator = 3, .least = true, .room = 1}, piece_rows), 1U);
    EXPECT_EQ(groups_left({.aggregator = 3, .least = true, .room = 10'000}, piece_rows), 4999U);
    EXPECT_GT(groups_left({.aggregator = 4, .least = false, .room = 10}, piece_rows), 10U + 4999 / 4)
        << "equal, or none";
  }
}

}  // namespace
}  // namespace sarsen::engine
