// Segments whose rows are sorted by dimensions before the time: forceSegmentSortByTime is false.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/incremental_index/persist.h"
#include "ingest/merge/merge_segments.h"
#include "ingest/merge/reshaped_segment.h"
#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using Rows = std::vector<std::string>;
using Segments = std::vector<std::shared_ptr<const storage::Segment>>;
using testing::ElementsAre;
using testing::HasSubstr;

std::string schema(const std::string& dimensions, const std::string& more = R"(,"forceSegmentSortByTime":false)",
                   const std::string& rollup = "false") {
  return R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"rollup":)" + rollup +
         R"(},"dimensionsSpec":{"dimensions":[)" + dimensions + "]" + more +
         R"(},"metricsSpec":[{"type":"longSum","name":"s","fieldName":"s"}]})";
}

const char* const kBetween = R"("a",{"type":"long","name":"__time"},"b")";

class TimePlaceTest : public testing::Test {
 protected:
  std::shared_ptr<const storage::Segment> stored(const std::string& schema, const Rows& rows) {
    IndexFixture fixture(schema);
    for (const std::string& row : rows) EXPECT_EQ(fixture.add(row), RowOutcome::kProcessed) << row;
    fixture.index().flush();
    const auto path = next();
    persist(*fixture.index().snapshot(), path);
    return storage::open_segment(path);
  }

  std::shared_ptr<const storage::Segment> merged(const Segments& segments, const MergeOptions& options = {}) {
    const auto path = next();
    merge_segments(segments, options, path);
    return storage::open_segment(path);
  }

  std::filesystem::path next() { return folder_.path() / std::to_string(++written_); }

  const TemporaryFolder folder_;
  int written_ = 0;
};

const Rows kRows = {R"({"t":3,"a":"x","b":"p","s":1})", R"({"t":1,"a":"y","b":"q","s":2})",
                    R"({"t":2,"a":"x","b":"r","s":3})", R"({"t":2,"a":"x","b":"o","s":4})", R"({"t":9,"s":5})"};

std::string order_of(const storage::Segment& segment) {
  std::string names;
  for (const JsonField& column : JsonField(segment.metadata())["ordering"].elements())
    names += (names.empty() ? "" : ",") + column["columnName"].string();
  return names;
}

TEST_F(TimePlaceTest, RowsAreSortedByTheTimeWhereItStands) {
  const auto between = stored(schema(kBetween), kRows);
  EXPECT_THAT(rows_of(*between), ElementsAre("9|~|~|5", "2|x|o|4", "2|x|r|3", "3|x|p|1", "1|y|q|2"));
  EXPECT_EQ(order_of(*between), "a,__time,b");
  EXPECT_FALSE(between->sorted_by_time());
  EXPECT_EQ(between->dimensions(), (Rows{"a", "b"}));
  EXPECT_EQ(between->time_bounds(), (Interval{1, 9}));

  const auto behind = stored(schema(R"("a","b")"), kRows);
  EXPECT_THAT(rows_of(*behind), ElementsAre("9|~|~|5", "2|x|o|4", "3|x|p|1", "2|x|r|3", "1|y|q|2"));
  EXPECT_EQ(order_of(*behind), "a,b,__time");

  const auto first = stored(schema(R"({"type":"long","name":"__time"},"a","b")"), kRows);
  EXPECT_THAT(rows_of(*first), ElementsAre("1|y|q|2", "2|x|o|4", "2|x|r|3", "3|x|p|1", "9|~|~|5"));
  EXPECT_EQ(order_of(*first), "__time,a,b");
  EXPECT_TRUE(first->sorted_by_time());
}

TEST_F(TimePlaceTest, WhatIsDiscoveredComesBehind) {
  const auto segment =
      stored(schema(R"("a")", R"(,"includeAllDimensions":true,"forceSegmentSortByTime":false)"), kRows);
  EXPECT_EQ(order_of(*segment), "a,__time,b");
  EXPECT_THAT(rows_of(*segment), ElementsAre("9|~|~|5", "2|x|o|4", "2|x|r|3", "3|x|p|1", "1|y|q|2"));
}

TEST_F(TimePlaceTest, MergesKeepTheOrderAndRollUp) {
  const std::string rolled_up = schema(kBetween, R"(,"forceSegmentSortByTime":false)", "true");
  const auto left = stored(rolled_up, {kRows[0], kRows[1], kRows[1]});
  const auto right = stored(rolled_up, {kRows[1], kRows[2], kRows[4]});
  const auto segment = merged({left, right});
  EXPECT_THAT(rows_of(*segment), ElementsAre("9|~|~|5", "2|x|r|3", "3|x|p|1", "1|y|q|6"));
  EXPECT_EQ(order_of(*segment), "a,__time,b");
}

TEST_F(TimePlaceTest, AMergeGivesTheTimeAnotherPlace) {
  const auto by_time = stored(schema(R"("a","b")", ""), kRows);
  const auto between = merged({by_time}, {.before_time = Rows{"a"}});
  EXPECT_THAT(rows_of(*between), ElementsAre("9|~|~|5", "2|x|o|4", "2|x|r|3", "3|x|p|1", "1|y|q|2"));
  EXPECT_EQ(order_of(*between), "a,__time,b");
  EXPECT_FALSE(between->sorted_by_time());
  const auto again = merged({between}, {.before_time = Rows{}});
  EXPECT_EQ(rows_of(*again), rows_of(*by_time));
  EXPECT_EQ(order_of(*again), "__time,a,b");
  EXPECT_EQ(order_of(*merged({by_time, between})), "__time,a,b");
  const auto other_dimensions = reshape(between, {.dimensions = Rows{"b", "a"}, .metrics = {}});
  const auto other = merged({other_dimensions}, {.before_time = Rows{}});
  EXPECT_THAT(rows_of(*other), ElementsAre("1|q|y|2", "2|o|x|4", "2|r|x|3", "3|p|x|1", "9|~|~|5"));
  EXPECT_EQ(order_of(*other), "__time,b,a");
  EXPECT_EQ(rows_of(*merged({other_dimensions})), rows_of(*other)) << "without a word on it, time comes first";
  EXPECT_EQ(order_of(*merged({between, between}, {.rollup = false})), "a,__time,b");
}

TEST_F(TimePlaceTest, SaysWhereTheTimeMayStand) {
  const auto problem = [](const std::string& text) -> std::string {
    try {
      const Json json = Json::parse(text);
      DataSchema::parse(JsonField(json));
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(problem(schema(kBetween)), "none");
  EXPECT_THAT(problem(schema(kBetween, "")),
              HasSubstr("dimensions[1]: Encountered dimension[__time] at position[1]. This is only supported when the "
                        "dimensionsSpec parameter[forceSegmentSortByTime] is set to[false]."));
  EXPECT_THAT(problem(schema(R"("a","__time")")), HasSubstr("Type must be 'long'"));
  EXPECT_THAT(problem(schema(R"({"type":"long","name":"__time"},"a",{"type":"long","name":"__time"})")),
              HasSubstr("listed twice: __time"));
}

}  // namespace
}  // namespace sarsen::ingest
