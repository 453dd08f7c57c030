// Rows of many small segments that go straight to the groups of a query: the answer is that of one segment with all
// rows.

#include <gtest/gtest.h>

#include "engine/group/merged_groups.h"
#include "tests/engine/group/grouped.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kRows = 3000;
constexpr std::int64_t kSegments = 9;

/// Rows [begin, end) of some that are always the same. `names` are mostly of a segment of their own, `pages` of all.
std::shared_ptr<MemorySegment> segment_of(std::int64_t begin, std::int64_t end, Form form = Form::kMapped) {
  std::vector<std::int64_t> times;
  std::vector<std::optional<std::int64_t>> keys, holes, added;
  Strings pages, names;
  for (std::int64_t row = begin; row < end; ++row) {
    times.push_back(row / 5000 * kHourMs);
    keys.push_back((row * 7919 % 4001 - 2000) << 33);
    holes.push_back(row % 7 == 0 ? std::nullopt : std::optional(row * 31 % 977));
    pages.push_back(row % 13 == 0 ? std::nullopt : std::optional("page " + std::to_string(row * 7919 % 2503)));
    names.push_back("n" + std::to_string(row / 2));
    added.push_back(row % 5 == 0 ? std::nullopt : std::optional(row % 97 - 40));
  }
  auto segment = std::make_shared<MemorySegment>(std::move(times), form);
  segment->strings("page", pages).strings("name", names);
  segment->longs("key", keys).longs("holes", holes).longs("added", added);
  return segment;
}

std::string long_dimension(const std::string& name) {
  return R"({"type":"default","dimension":")" + name + R"(","outputName":")" + name + R"(","outputType":"LONG"})";
}

std::string group_by(const std::string& source, const std::string& rest) {
  return R"({"queryType":"groupBy","dataSource":")" + source + R"(","intervals":"1970-01-01/P1D",)" + rest +
         R"(,"aggregations":[{"type":"count","name":"rows"},{"type":"longSum","name":"sum","fieldName":"added"},)"
         R"({"type":"longMin","name":"least","fieldName":"added"},{"type":"longMax","name":"most","fieldName":"key"}]})";
}

class RowsToGroupsTest : public ::testing::TestWithParam<std::string> {};

TEST_P(RowsToGroupsTest, AnswerAsOneSegmentDoes) {
  storage::Catalog catalog;
  const std::string many = "many " + std::to_string(std::hash<std::string>()(GetParam()));
  serve(catalog, "one", segment_of(0, kRows * kSegments));
  for (std::uint32_t i = 0; i < kSegments; ++i) {
    serve(catalog, many, segment_of(i * kRows, (i + 1) * kRows), i);
    serve(catalog, "live", segment_of(i * kRows, (i + 1) * kRows, i % 4 == 0 ? Form::kLive : Form::kMapped), i);
  }
  const std::string expected = answer(catalog, group_by("one", GetParam()));
  for (int again = 0; again < 3; ++again) EXPECT_EQ(answer(catalog, group_by(many, GetParam())), expected) << again;
  EXPECT_EQ(answer(catalog, group_by("live", GetParam())), expected);
}

constexpr const char* kBest =
    R"(,"limitSpec":{"type":"default","limit":20,"columns":[{"dimension":"sum","direction":"descending"}]})";

INSTANTIATE_TEST_SUITE_P(
    Queries, RowsToGroupsTest,
    ::testing::Values(R"("granularity":"all","dimensions":[)" + long_dimension("key") + "]",
                      R"("granularity":"hour","dimensions":[)" + long_dimension("key") + "]",
                      R"("granularity":"all","dimensions":[)" + long_dimension("holes") + "]" + kBest,
                      R"("granularity":"all","dimensions":["page"])",
                      R"("granularity":"hour","dimensions":["page"])" + std::string(kBest),
                      R"("granularity":"all","dimensions":["name",)" + long_dimension("holes") + "]",
                      R"("granularity":"all","dimensions":["page","name"])",
                      R"("granularity":"all","dimensions":["page","absent"])",
                      R"("granularity":"all","dimensions":["page"],"filter":{"type":"selector","dimension":"holes",)"
                      R"("value":"31"})",
                      R"("granularity":"all","dimensions":["page"],"filter":{"type":"bound","dimension":"added",)"
                      R"("ordering":"numeric","lower":"-3","upper":"50"})",
                      R"("granularity":"all","dimensions":["page",)" + long_dimension("key") +
                          R"(],"subtotalsSpec":[["page"],["key"],[]])"));

/// Segments of more rows are scanned by themselves, unless their keys are hashed anyway.
TEST(RowsToGroups, AnswerAsOneSegmentDoesWhereTextsHaveManyCombinations) {
  constexpr std::int64_t kManyRows = 33'000;
  storage::Catalog catalog;
  serve(catalog, "one", segment_of(0, kManyRows * kSegments));
  for (std::uint32_t i = 0; i < kSegments; ++i)
    serve(catalog, "many", segment_of(i * kManyRows, (i + 1) * kManyRows), i);
  for (const std::string granularity : {R"("all")", R"("hour")"}) {
    const std::string rest = R"("granularity":)" + granularity + R"(,"dimensions":["page","name"])" + kBest;
    const std::string expected = answer(catalog, group_by("one", rest));
    for (int again = 0; again < 2; ++again) EXPECT_EQ(answer(catalog, group_by("many", rest)), expected) << again;
  }
}

TEST(RowsToGroups, AreRefusedWhatGroupsAre) {
  storage::Catalog catalog;
  for (std::uint32_t i = 0; i < kSegments; ++i) serve(catalog, "t", segment_of(i * kRows, (i + 1) * kRows), i);
  const std::string all = R"("granularity":"all","dimensions":[)" + long_dimension("key") + "]";
  EXPECT_NO_THROW(answer(catalog, group_by("t", all)));
  QueryLimits limits;
  limits.groups.groups_max = 4000;
  EXPECT_THROW(answer(catalog, group_by("t", all), 2, limits), Error);
  limits.groups.groups_max = 4001;
  EXPECT_NO_THROW(answer(catalog, group_by("t", all), 2, limits));
  limits.groups.memory_bytes_max = 10'000;
  EXPECT_THROW(answer(catalog, group_by("t", all), 2, limits), Error);
}

/// What two threads have: numbers of values and groups of their own.
TEST(MergedGroups, MeetGroupsOfOtherRows) {
  const QueryControl control;
  for (const std::string& dimensions : {"[" + long_dimension("key") + "]", "[" + long_dimension("holes") + "]",
                                        std::string(R"(["page"])"), R"(["page",)" + long_dimension("holes") + "]"}) {
    SCOPED_TRACE(dimensions);
    for (const char* granularity : {R"("all")", R"("hour")"}) {
      Grouping by = make_grouping(dimensions, granularity,
                                  R"([{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"added"}])");
      for (const char* tables : {"", "MeetGroupsOfOtherRows"}) {
        by.tables = tables;
        const auto plan = [](std::int64_t begin, std::int64_t end) {
          return make_scan_plan(segment_of(begin, end), kEternity, nullptr);
        };
        for (int again = 0; again < 3; ++again) {  // from the second on, texts are shared
          MergedGroups first(by), second(by);
          const ScanPlan whole = plan(0, 12000), left = plan(0, 4000), right = plan(4000, 12000);
          ASSERT_TRUE(first.takes_rows(left));
          first.add_rows(left, control, 12000);
          second.add_rows(right, control, 12000);
          first.add(second);
          EXPECT_EQ(lines(by, first), lines_of_pieces(by, whole, 12000));
        }
      }
    }
  }
}

}  // namespace
}  // namespace sarsen::engine
