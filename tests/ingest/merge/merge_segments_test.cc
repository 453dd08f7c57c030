#include "ingest/merge/merge_segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "engine/sketch/hll.h"
#include "engine/sketch/quantiles.h"
#include "ingest/incremental_index/persist.h"
#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/merge/picked_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using Rows = std::vector<std::string>;
using Segments = std::vector<std::shared_ptr<const storage::Segment>>;
using testing::HasSubstr;

constexpr Interval kInterval{0, 1'000'000};

/// A schema of these dimensions and metrics.
std::string schema(std::string_view dimensions, std::string_view metrics, std::string_view rollup = "true") {
  return R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":[)" +
         std::string(dimensions) + R"(]},"metricsSpec":[)" + std::string(metrics) +
         R"(],"granularitySpec":{"rollup":)" + std::string(rollup) + "}}";
}

class MergeSegmentsTest : public testing::Test {
 protected:
  /// A live segment of the rows.
  std::shared_ptr<const storage::Segment> live(const std::string& schema, const Rows& rows) {
    IndexFixture fixture(schema, kInterval);
    for (const std::string& row : rows) EXPECT_EQ(fixture.add(row), RowOutcome::kProcessed) << row;
    fixture.index().flush();
    return fixture.index().snapshot();
  }

  std::shared_ptr<const storage::Segment> stored(const std::string& schema, const Rows& rows) {
    const auto path = next();
    persist(dynamic_cast<const LiveSegment&>(*live(schema, rows)), path);
    return storage::open_segment(path);
  }

  std::shared_ptr<const storage::Segment> merge(const Segments& segments, const MergeOptions& options = {}) {
    const auto path = next();
    report_ = merge_segments(segments, options, path);
    return storage::open_segment(path);
  }

  Rows merged(const Segments& segments, const MergeOptions& options = {}) { return rows_of(*merge(segments, options)); }

  void expect_refused(const Segments& segments, const MergeOptions& options, const std::string& words) {
    try {
      merge(segments, options);
      ADD_FAILURE() << "not refused: " << words;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  }

  std::filesystem::path next() { return folder_.path() / std::to_string(++written_); }

  const TemporaryFolder folder_;
  int written_ = 0;
  MergeReport report_;
};

TEST_F(MergeSegmentsTest, RowsFollowEachOtherInTheOrderOfDruid) {
  const std::string plain = schema(R"("a",{"type":"long","name":"n"},{"type":"double","name":"d"})",
                                   R"({"type":"longSum","name":"row","fieldName":"row"})", "false");
  const auto left =
      stored(plain, {R"({"t":2,"a":"a","row":1})", R"({"t":1,"a":"\ud83d\ude00","row":2})", R"({"t":1,"n":5,"row":4})",
                     R"({"t":1,"row":6,"d":0.0})", R"({"t":1,"a":"","row":9})"});
  const auto right =
      stored(plain, {R"({"t":1,"a":"\uffee","row":3})", R"({"t":1,"n":-5,"row":5})", R"({"t":1,"row":7,"d":-0.0})",
                     R"({"t":1,"row":8})", R"({"t":1,"a":"b","row":10})"});
  const Rows expected{"1|~|~|~|8",
                      "1|~|~|-0|7",
                      "1|~|~|0|6",
                      "1|~|-5|~|5",
                      "1|~|5|~|4",
                      "1||~|~|9",
                      "1|b|~|~|10",
                      "1|\xF0\x9F\x98\x80|~|~|2",
                      "1|\xEF\xBF\xAE|~|~|3",
                      "2|a|~|~|1"};
  EXPECT_EQ(merged({left, right}), expected);
  EXPECT_EQ(merged({right, left}), expected);
  EXPECT_EQ(report_.rows_in, 10u);
  EXPECT_EQ(report_.rows_out, 10u);
  EXPECT_FALSE(report_.rollup);
}

TEST_F(MergeSegmentsTest, ListsAreComparedValueByValueAndThenByLength) {
  const std::string lists = schema(R"({"name":"a","multiValueHandling":"ARRAY"})", "", "false");
  const auto left = stored(lists, {R"({"t":1,"a":["b","a"]})", R"({"t":1,"a":["a","b"]})", R"({"t":1,"a":[]})"});
  const auto right = stored(lists, {R"({"t":1,"a":["a","b","a"]})", R"({"t":1,"a":["a",null]})"});
  const auto single = stored(lists, {R"({"t":1,"a":"a"})", R"({"t":1})"});
  EXPECT_EQ(merged({left, right, single}), (Rows{"1|~", "1|~", "1|a", "1|[a,~]", "1|[a,b]", "1|[a,b,a]", "1|[b,a]"}));
}

TEST_F(MergeSegmentsTest, RollupMakesOneOfEqualRows) {
  const std::string metrics =
      R"({"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"x"},
         {"type":"doubleMin","name":"min","fieldName":"x"},{"type":"floatMax","name":"max","fieldName":"x"},
         {"type":"doubleSum","name":"none","fieldName":"nothing"})";
  const std::string rolled = schema(R"("a",{"type":"long","name":"n"})", metrics);
  const auto left = stored(rolled, {R"({"t":1,"a":"p","x":1})", R"({"t":1,"a":"p","x":2})", R"({"t":1,"x":3})",
                                    R"({"t":2,"a":"p","n":0,"x":5})"});
  const auto right =
      stored(rolled, {R"({"t":1,"a":"p","x":10})", R"({"t":1,"a":"q","x":20})", R"({"t":2,"a":"p","x":30})"});
  // In the order of columns: dimensions, then metrics by name.
  EXPECT_EQ(merged({left, right}), (Rows{"1|~|~|1|3|3|~|3", "1|p|~|3|10|1|~|13", "1|q|~|1|20|20|~|20",
                                         "2|p|~|1|30|30|~|30", "2|p|0|1|5|5|~|5"}));
  EXPECT_TRUE(report_.rollup);
  EXPECT_EQ(merged({left, right}, {.rollup = false}).size(), 6u);
  EXPECT_EQ(merged({left}).size(), 3u);
}

TEST_F(MergeSegmentsTest, PartsRollUpToTheSegmentOfTheWhole) {
  const std::string rolled = schema(R"("a",{"name":"b"},{"type":"float","name":"f"})",
                                    R"({"type":"count","name":"c"},{"type":"longSum","name":"ls","fieldName":"x"},
         {"type":"doubleSum","name":"ds","fieldName":"x"},{"type":"floatSum","name":"fs","fieldName":"x"},
         {"type":"longMin","name":"lmin","fieldName":"x"},{"type":"doubleMax","name":"dmax","fieldName":"y"},
         {"type":"hyperUnique","name":"hu","fieldName":"x"},{"type":"thetaSketch","name":"theta","fieldName":"x"})");
  std::mt19937 random(5);
  Rows all;
  std::vector<Rows> parts(5);
  for (int i = 0; i < 9000; ++i) {
    std::string row = R"({"t":)" + std::to_string(random() % 50) + R"(,"x":)" + std::to_string(random() % 1000);
    if (random() % 3 != 0) row += R"(,"a":"v)" + std::to_string(random() % 7) + "\"";
    if (random() % 2 != 0) row += R"(,"b":["x)" + std::to_string(random() % 3) + R"(","y"])";
    if (random() % 4 != 0) row += R"(,"f":)" + std::to_string(random() % 2);
    if (random() % 4 != 0) row += R"(,"y":)" + std::to_string(random() % 5);
    all.push_back(row + "}");
    parts[random() % parts.size()].push_back(row + "}");
  }
  Segments segments;
  for (std::size_t i = 0; i < parts.size(); ++i)
    segments.push_back(i % 2 == 0 ? stored(rolled, parts[i]) : live(rolled, parts[i]));
  const auto whole = stored(rolled, all);
  const auto result = merge(segments);
  EXPECT_EQ(rows_of(*result), rows_of(*whole));
  EXPECT_EQ(result->metadata().dump(), whole->metadata().dump());
  EXPECT_EQ(report_.rows_out, whole->row_count());
  EXPECT_GT(report_.rows_in, report_.rows_out);
}

TEST_F(MergeSegmentsTest, GroupsLargerThanAVectorFold) {
  const std::string plain = schema(R"("a")", R"({"type":"longSum","name":"s","fieldName":"x"},
      {"type":"hyperUnique","name":"u","fieldName":"x"})",
                                   "false");
  Rows rows;
  for (int i = 0; i < 5000; ++i) rows.push_back(R"({"t":1,"a":"p","x":)" + std::to_string(i) + "}");
  rows.push_back(R"({"t":2,"a":"p","x":1})");
  const auto segment = stored(plain, rows);
  const Rows result = merged({segment, segment, segment}, {.rollup = true});
  ASSERT_EQ(result.size(), 2u);
  EXPECT_THAT(result[0], testing::StartsWith("1|p|" + std::to_string(3 * 4999 * 2500) + "|"));
  EXPECT_THAT(result[1], testing::StartsWith("2|p|3|"));
}

/// The sketch in the first row of a column.
std::span<const std::byte> sketch_of(const storage::Segment& segment, std::string_view column,
                                     std::unique_ptr<storage::ComplexReader>& reader) {
  reader = segment.column(column)->complex_reader();
  return *reader->read(0);
}

TEST_F(MergeSegmentsTest, SketchesWhoseBytesDependOnTheOrderFold) {
  const std::string rolled = schema(R"("a")", R"({"type":"quantilesDoublesSketch","name":"q","fieldName":"x","k":64},
      {"type":"HLLSketchBuild","name":"h","fieldName":"x"})");
  const auto left = stored(rolled, {R"({"t":1,"a":"p","x":1})", R"({"t":1,"a":"p","x":2})"});
  const auto right = live(rolled, {R"({"t":1,"a":"p","x":3})", R"({"t":1,"a":"p","x":2})"});
  const auto result = merge({left, right});
  ASSERT_EQ(result->row_count(), 1u);
  std::unique_ptr<storage::ComplexReader> reader;
  EXPECT_EQ(engine::sketch::Quantiles::parse(sketch_of(*result, "q", reader)).n(), 4u);
  EXPECT_NEAR(engine::sketch::Hll::parse(sketch_of(*result, "h", reader)).estimate(), 3, 1e-3);
}

TEST_F(MergeSegmentsTest, ColumnsThatASegmentDoesNotHaveAreNullThere) {
  const auto left = stored(schema(R"("a","b")", R"({"type":"longSum","name":"m","fieldName":"x"})", "false"),
                           {R"({"t":1,"a":"1","b":"2","x":3})"});
  const auto right = stored(
      schema(R"("a",{"type":"double","name":"d"})", R"({"type":"hyperUnique","name":"u","fieldName":"x"})", "false"),
      {R"({"t":1,"a":"0","d":1.5})"});
  const auto result = merge({left, right});
  // No order holds for both: by name.
  EXPECT_EQ(result->dimensions(), (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(result->metrics(), (std::vector<std::string>{"m", "u"}));
  const Rows rows = rows_of(*result);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0], testing::StartsWith("1|0|~|1.5|~|"));
  EXPECT_EQ(rows[1], "1|1|2|~|3|~");
}

TEST_F(MergeSegmentsTest, TheLongestOrderOfDimensionsWinsWhereAllAgree) {
  const auto some = stored(schema(R"("c","a")", "", "false"), {R"({"t":1,"c":"1","a":"2"})"});
  const auto all = stored(schema(R"("c","b","a")", "", "false"), {R"({"t":1,"c":"1","b":"0","a":"2"})"});
  EXPECT_EQ(merge({some, all})->dimensions(), (std::vector<std::string>{"c", "b", "a"}));
  const auto other = stored(schema(R"("a","c")", "", "false"), {R"({"t":1,"c":"0","a":"3"})"});
  EXPECT_EQ(merged({some, other}), (Rows{"1|2|1", "1|3|0"}));
  MergeOptions options;
  options.dimension_order = {"unknown", "c", "b", "a"};
  EXPECT_EQ(merge({some, all}, options)->dimensions(), (std::vector<std::string>{"c", "b", "a"}));
}

TEST_F(MergeSegmentsTest, TypesThatContradictEachOtherAreRefused) {
  const auto text = stored(schema(R"("a")", ""), {R"({"t":1,"a":"x"})"});
  const auto number = stored(schema(R"({"type":"long","name":"a"})", ""), {R"({"t":1,"a":1})"});
  const auto nulls = stored(schema(R"("a")", ""), {R"({"t":1})"});
  const auto metric = stored(schema(R"("b")", R"({"type":"longSum","name":"a","fieldName":"a"})"), {R"({"t":1})"});
  expect_refused({text, number}, {}, "\"a\" is STRING and LONG");
  expect_refused({text, metric}, {}, "a dimension and a metric: \"a\"");
  EXPECT_EQ(merged({nulls, number}), (Rows{"1|~", "1|1"}));
}

TEST_F(MergeSegmentsTest, RowsOutsideTheIntervalAreLeftOutWithTheirValues) {
  const auto segment = stored(schema(R"("a")", "", "false"),
                              {R"({"t":1,"a":"x"})", R"({"t":5,"a":"y"})", R"({"t":6,"a":"w"})", R"({"t":9,"a":"z"})"});
  const auto result = merge({segment}, {.interval = Interval{5, 9}});
  EXPECT_EQ(rows_of(*result), (Rows{"5|y", "6|w"}));
  EXPECT_EQ(result->column("a")->dictionary()->size(), 2u);
  EXPECT_EQ(result->data_interval(), (Interval{5, 9}));
  EXPECT_EQ(report_.rows_in, 2u);
  expect_refused({segment}, {.interval = Interval{2, 4}}, "No segment has rows in the interval");
  expect_refused({}, {}, "no segments");
}

TEST_F(MergeSegmentsTest, TruncatedTimesRollUpFurther) {
  const auto segment =
      stored(schema(R"("a")", R"({"type":"count","name":"c"})"),
             {R"({"t":1,"a":"y"})", R"({"t":2,"a":"x"})", R"({"t":3,"a":"y"})", R"({"t":1001,"a":"x"})"});
  MergeOptions options;
  options.query_granularity = engine::parse_granularity("second");
  const auto result = merge({segment}, options);
  EXPECT_EQ(rows_of(*result), (Rows{"0|x|1", "0|y|2", "1000|x|1"}));
  EXPECT_EQ(result->metadata().find("queryGranularity")->dump(), "\"SECOND\"");
}

TEST_F(MergeSegmentsTest, MetadataKeepsWhatAllAgreeIn) {
  const auto sum = stored(schema(R"("a")", R"({"type":"longSum","name":"m","fieldName":"x"})"), {R"({"t":1})"});
  const auto max =
      stored(schema(R"("a")", R"({"type":"longMax","name":"m","fieldName":"x"})", "false"), {R"({"t":1})"});
  const auto both = merge({sum, max});
  EXPECT_TRUE(both->metadata().find("aggregators")->is_null());
  EXPECT_TRUE(both->metadata().find("rollup")->is_null());
  EXPECT_FALSE(report_.rollup);
  expect_refused({sum, max}, {.rollup = true}, "do not say by which aggregator");
  MergeOptions options{.rollup = true};
  options.metrics = IndexFixture(schema("", R"({"type":"longSum","name":"m","fieldName":"other"})")).schema()->metrics;
  EXPECT_EQ(merge({sum, max}, options)->metadata().find("aggregators")->dump(),
            R"([{"type":"longSum","name":"m","fieldName":"m"}])");
}

TEST_F(MergeSegmentsTest, BitmapsAreWrittenUnlessASegmentHasNone) {
  const std::string with = schema(R"("a")", "", "false");
  const std::string without = schema(R"({"type":"string","name":"a","createBitmapIndex":false})", "", "false");
  const Rows rows{R"({"t":1,"a":"x"})"};
  EXPECT_NE(merge({stored(with, rows), live(with, rows)})->column("a")->bitmap_index(), nullptr);
  EXPECT_EQ(merge({stored(with, rows), stored(without, rows)})->column("a")->bitmap_index(), nullptr);
  MergeOptions options;
  options.without_bitmap_index = {"a"};
  EXPECT_EQ(merge({live(with, rows)}, options)->column("a")->bitmap_index(), nullptr);
}

TEST_F(MergeSegmentsTest, ReportsProgressUpToTheEnd) {
  const auto segment =
      stored(schema(R"("a")", R"({"type":"count","name":"c"})", "false"), {R"({"t":1})", R"({"t":2})"});
  std::vector<std::uint64_t> done;
  MergeOptions options;
  options.progress = [&](std::uint64_t now, std::uint64_t total) {
    EXPECT_EQ(total, 2u * 4);  // the rows once, and once per column
    done.push_back(now);
  };
  merge({segment}, options);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(done.size(), 3u);
}

TEST_F(MergeSegmentsTest, LeavesNothingBehindWhereItFails) {
  const auto segment = stored(schema(R"("a")", ""), {R"({"t":1})"});
  const std::filesystem::path target = next();
  MergeOptions options;
  options.progress = [](std::uint64_t, std::uint64_t) { throw Error(ErrorCategory::kCanceled, "stopped"); };
  EXPECT_THROW(merge_segments({segment}, options, target), Error);
  EXPECT_FALSE(std::filesystem::exists(target));
}

}  // namespace
}  // namespace sarsen::ingest
