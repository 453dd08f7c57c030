#include "engine/query/query_priority.h"

#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kDayMs = 24 * kHourMs;

// Three partitions of a month: 1970-01.
class QueryPriorityTest : public ::testing::Test {
 protected:
  QueryPriorityTest() {
    for (std::uint32_t partition = 0; partition < 3; ++partition)
      serve(catalog_, "t", std::make_shared<MemorySegment>(std::vector<std::int64_t>{1}, Form::kMapped), partition);
  }

  std::int64_t priority(const PriorityThresholds& thresholds, const std::string& source = "\"t\"",
                        const std::string& intervals = "1970-01-01/P2D") {
    const QueryPtr query = parse_query(Json::parse(R"({"queryType":"timeseries","dataSource":)" + source +
                                                   R"(,"granularity":"all","intervals":")" + intervals +
                                                   R"(","context":{"priority":3}})"));
    return priority_of(*query, *catalog_.snapshot(), thresholds);
  }

  storage::Catalog catalog_;
};

TEST_F(QueryPriorityTest, IsTheContextsWithoutThresholds) { EXPECT_EQ(priority({}), 3); }

TEST_F(QueryPriorityTest, FallsOnceWhateverIsExceeded) {
  EXPECT_EQ(priority({.period_ms = kDayMs}), -2);
  EXPECT_EQ(priority({.period_ms = kDayMs, .duration_ms = kDayMs, .segments = 1, .adjustment = 7}), -4);
}

TEST_F(QueryPriorityTest, CountsDuration) {
  EXPECT_EQ(priority({.duration_ms = 2 * kDayMs}), 3);
  EXPECT_EQ(priority({.duration_ms = 2 * kDayMs - 1}), -2);
  EXPECT_EQ(priority({.duration_ms = INT64_MAX / 2}, "\"t\"", "-146136543-09-08/146140482-04-24"), -2);
}

TEST_F(QueryPriorityTest, CountsTheSegmentsOfTheTableBelowJoinsAndFilters) {
  const std::string filtered = R"({"type":"filter","base":"t","filter":{"type":"true"}})";
  EXPECT_EQ(priority({.segments = 2}), -2);
  EXPECT_EQ(priority({.segments = 2}, filtered), -2);
  EXPECT_EQ(priority({.segments = 3}), 3);
  EXPECT_EQ(priority({.segments = 0}, "\"nowhere\""), 3);
}

TEST_F(QueryPriorityTest, CountsTheirTimesOnce) {
  EXPECT_EQ(priority({.segment_range_ms = 2 * kDayMs}), 3);
  EXPECT_EQ(priority({.segment_range_ms = 2 * kDayMs - 1}), -2);
}

}  // namespace
}  // namespace sarsen::engine
