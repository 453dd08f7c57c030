// segmentMetadata and dataSourceMetadata.
#include <gtest/gtest.h>

#include "engine/data_source/gathered_segment.h"
#include "engine/data_source/memory_columns.h"
#include "engine/query/column_analysis.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

const std::string kMetadata = R"({"queryType":"segmentMetadata","dataSource":"t",)";

TEST(SegmentMetadata, DescribesColumns) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(answer(catalog, kMetadata + R"("toInclude":{"type":"list","columns":["page","n","nope"]}})"),
            R"([{"id":"t_1970-01-01T00:00:00.000Z_1970-02-01T00:00:00.000Z_v1",)"
            R"("intervals":["1970-01-01T00:00:00.000Z/1970-02-01T00:00:00.000Z"],"columns":{)"
            R"("page":{"typeSignature":"STRING","type":"STRING","hasMultipleValues":false,"hasNulls":true,"size":0,)"
            R"("cardinality":4,"minValue":null,"maxValue":"c","errorMessage":null},)"
            R"("n":{"typeSignature":"LONG","type":"LONG","hasMultipleValues":false,"hasNulls":true,"size":0,)"
            R"("cardinality":null,"minValue":null,"maxValue":null,"errorMessage":null}},)"
            R"("size":0,"numRows":6,"aggregators":null,"timestampSpec":null,"queryGranularity":null,"rollup":null}])");
}

TEST(SegmentMetadata, GivesMixedValuesTheTypeOfAllOfThem) {
  GatheredSegment segment(std::make_shared<MemorySegment>(std::vector<std::int64_t>{5, 6}, Form::kMapped), 2);
  segment.set("mixed", make_mixed_column({Json("a"), Json(std::int64_t{1})}, "STRING", false));
  const ColumnAnalysis analysis = analyse_column(segment, "mixed", {.cardinality = true});
  EXPECT_EQ(analysis.type, "STRING");
  EXPECT_EQ(analysis.cardinality, 0);
}

TEST(SegmentMetadata, MergesColumnsAndTellsConflicts) {
  storage::Catalog catalog;
  serve_example(catalog);
  auto more = std::make_shared<MemorySegment>(std::vector<std::int64_t>{5}, Form::kLive);
  more->strings("page", {"A"}).strings("n", {"x"}).strings("new", {"y"});
  serve(catalog, "t", more, 1);
  const Json merged =
      Json::parse(
          answer(catalog, kMetadata + R"("merge":true,"analysisTypes":["cardinality","minmax","size"],"context":{}})"))
          .array()[0];
  EXPECT_EQ(merged.find("id")->string(), "t_1970-01-01T00:00:00.000Z_1970-02-01T00:00:00.000Z_merged");
  EXPECT_TRUE(merged.find("intervals")->is_null());
  EXPECT_EQ(merged.find("numRows")->integer(), 7);
  const Json& columns = *merged.find("columns");
  EXPECT_EQ(columns.find("page")->find("cardinality")->integer(), 4);
  EXPECT_TRUE(columns.find("page")->find("minValue")->is_null());
  EXPECT_EQ(columns.find("page")->find("size")->integer(), 5 + 1);
  EXPECT_EQ(columns.find("tags")->find("size")->integer(), 6);  // by the index, as Druid: ["z","z"] counts once
  EXPECT_EQ(columns.find("__time")->find("size")->integer(), 70);
  EXPECT_EQ(columns.find("n")->find("errorMessage")->string(), "error:cannot_merge_diff_types: [LONG] and [STRING]");
  EXPECT_EQ(columns.find("new")->find("maxValue")->string(), "y");
}

TEST(SegmentMetadata, CountsTheSizeOfAllColumnsWithWhiteSpace) {
  storage::Catalog catalog;
  serve_example(catalog);
  const auto size = [&](const std::string& rest) {
    return Json::parse(answer(catalog, kMetadata + R"("analysisTypes":["size"])" + rest + "}"))
        .array()[0]
        .find("size")
        ->integer();
  };
  // Five columns of six rows; times of ten bytes, numbers of eight, five texts of one and six in lists.
  EXPECT_EQ(size(""), 5 * 6 + 6 * 10 + 2 * 6 * 8 + 5 + 6);
  EXPECT_EQ(size(R"(,"toInclude":{"type":"none"})"), size(""));
  EXPECT_EQ(size(R"(,"toInclude":{"type":"list","columns":["n"]})"), size(""));
}

TEST(SegmentMetadata, LooksBackAWeekWhereNoIntervalIsAsked) {
  storage::Catalog catalog;
  for (const char* day : {"1970-01-01/P1D", "1970-01-05/P1D", "1970-01-09/P1D"}) {
    storage::TimelineEntry entry;
    entry.id = {"t", parse_interval(day), "v1", 0};
    entry.segment = std::make_shared<storage::ImmutableServedSegment>(
        std::make_shared<MemorySegment>(std::vector<std::int64_t>{entry.id.interval.start_ms}, Form::kMapped));
    catalog.update("t", [&](storage::Timeline& timeline) { timeline.add(entry); });
  }
  EXPECT_EQ(Json::parse(answer(catalog, kMetadata + R"("merge":false})")).array().size(), 2u);
  EXPECT_EQ(Json::parse(answer(catalog, kMetadata + R"("intervals":"1970/1971"})")).array().size(), 3u);
}

TEST(SegmentMetadata, RefusesWhatDruidRefuses) {
  storage::Catalog catalog;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("analysisTypes":["sizes"]})", "analysisTypes[0]: unknown analysis type \"sizes\" (did you mean \"size\"?)"},
      {R"("lenientAggregatorMerge":true,"aggregatorMergeStrategy":"latest"})",
       "aggregatorMergeStrategy: Both lenientAggregatorMerge and aggregatorMergeStrategy parameters cannot be set."},
      {R"("toInclude":{"type":"some"}})", "toInclude.type: must be \"all\", \"none\" or \"list\", but is \"some\""},
  };
  for (const auto& [rest, message] : cases) EXPECT_EQ(refusal(catalog, kMetadata + rest), message) << rest;
}

TEST(DataSourceMetadata, GivesTheNewestTime) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"dataSourceMetadata","dataSource":"t"})"),
      R"([{"timestamp":"1970-01-01T03:00:00.000Z","result":{"maxIngestedEventTime":"1970-01-01T03:00:00.000Z"}}])");
  EXPECT_EQ(answer(catalog, R"({"queryType":"dataSourceMetadata","dataSource":"nowhere"})"), "[]");
}

}  // namespace
}  // namespace sarsen::engine
