#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "ingest/batch/index_task.h"
#include "ingest/batch/murmur3_32.h"
#include "ingest/batch/row_keys.h"
#include "ingest/row/json_rows.h"
#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using Texts = std::vector<std::string>;

TEST(PartitionsTest, KeysAndHashesAreDruids) {
  const Json json = Json::parse(R"({"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["n","a","d","l","z","b"]}})");
  const auto schema = std::make_shared<const DataSchema>(DataSchema::parse(JsonField(json)));
  FieldTable fields;
  RowKeys keys(schema, fields);
  JsonRowReader reader(InputFormat{}, fields, false);
  reader.read(R"({"a":"x\"é","n":5,"d":2.5,"l":["q","p",null,"q"],"z":null,"b":true})", [&](const RawRow& row) {
    const std::string group = keys.group_key(row, 1000);
    EXPECT_EQ(group, R"([1000,{"a":["x\"é"],"b":["true"],"d":["2.5"],"l":["null","p","q"],"n":["5"]}])");
    const std::string some = keys.dimension_key(row, {*fields.find("a"), *fields.find("z"), *fields.find("l")});
    EXPECT_EQ(some, R"([["x\"é"],[],["q","p","null","q"]])");
    EXPECT_EQ(std::abs(murmur3_32(group) % 100), 30);
    EXPECT_EQ(std::abs(murmur3_32(some) % 100), 19);
    EXPECT_EQ(std::abs(murmur3_32(group) % 7), 1);
    EXPECT_EQ(std::abs(murmur3_32(some) % 7), 2);
  });
}

class PartitionedTaskTest : public testing::Test {
 protected:
  IndexReport run(const std::string& rows, const std::string& tuning) {
    const std::string text =
        R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
        "dimensionsSpec":{"dimensions":["a","b"]},"metricsSpec":[{"type":"count","name":"c"},
        {"type":"filtered","name":"f","filter":{"type":"selector","dimension":"b","value":"0"},
         "aggregator":{"type":"longSum","name":"f","fieldName":"n"}}]},
        "ioConfig":{"inputFormat":{"type":"json"},"inputSource":{"type":"inline","data":)" +
        Json(rows).dump() + R"(}},"tuningConfig":{"type":"index_parallel",)" + tuning + "}}}";
    return run_index_task(IndexTask::parse(Json::parse(text), "."), {OutputLayout::Kind::kPlain, folder_.path()});
  }

  static Json shard_spec(const WrittenSegment& segment) {
    const MappedFile file(segment.path / "descriptor.json");
    return *Json::parse(file.text()).find("shardSpec");
  }

  static Texts shard_specs(const IndexReport& report) {
    Texts texts;
    for (const WrittenSegment& segment : report.segments) texts.push_back(shard_spec(segment).dump());
    return texts;
  }

  Texts all_rows(const IndexReport& report) {
    Texts rows;
    for (const WrittenSegment& segment : report.segments)
      for (const std::string& row : rows_of(*storage::open_segment(segment.path))) rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  TemporaryFolder folder_;
};

std::string numbered_rows(int count, int repeats = 1) {
  std::string rows;
  for (int repeat = 0; repeat < repeats; ++repeat)
    for (int i = 0; i < count; ++i) {
      const std::string number = std::to_string(i);
      rows += R"({"t":"2020-01-01","a":")" + std::string(3 - number.size(), '0') + number + R"(","b":")" +
              std::to_string(i % 3) + R"(","n":1})" + "\n";
    }
  return rows;
}

TEST_F(PartitionedTaskTest, CutsRangesWhereDruidDoes) {
  const auto cuts = [&](int rows, const std::string& limit) {
    const auto report =
        run(numbered_rows(rows, 2), R"("forceGuaranteedRollup":true,"partitionsSpec":{"type":"single_dim",
        "partitionDimension":"a",)" + limit +
                                        "}");
    Texts starts;
    for (const WrittenSegment& segment : report.segments) starts.push_back(shard_spec(segment).find("start")->dump());
    return starts;
  };
  EXPECT_THAT(cuts(10, R"("targetRowsPerSegment":3)"), ElementsAre("null", R"("003")", R"("006")"));
  EXPECT_THAT(cuts(10, R"("maxRowsPerSegment":3)"),
              ElementsAre("null", R"("002")", R"("004")", R"("006")", R"("008")"));
  EXPECT_THAT(cuts(7, R"("maxRowsPerSegment":3)"), ElementsAre("null", R"("001")", R"("003")", R"("005")"));
  EXPECT_THAT(cuts(5, R"("targetRowsPerSegment":1)"), ElementsAre("null", R"("001")", R"("002")", R"("003")"));
  EXPECT_THAT(cuts(3, R"("targetRowsPerSegment":100)"), ElementsAre("null"));
  EXPECT_THAT(cuts(20, R"("targetRowsPerSegment":6)"), ElementsAre("null", R"("006")", R"("013")"));
}

TEST_F(PartitionedTaskTest, DescribesRangesOfSeveralDimensions) {
  const auto report = run(numbered_rows(4) + R"({"t":"2020-01-01","b":"9"})", R"("forceGuaranteedRollup":true,
      "partitionsSpec":{"type":"range","partitionDimensions":["b","a"],"targetRowsPerSegment":2})");
  EXPECT_THAT(
      shard_specs(report),
      ElementsAre(
          R"({"type":"range","dimensions":["b","a"],"start":null,"end":["0","003"],"partitionNum":0,"numCorePartitions":3})",
          R"({"type":"range","dimensions":["b","a"],"start":["0","003"],"end":["2","002"],"partitionNum":1,"numCorePartitions":3})",
          R"({"type":"range","dimensions":["b","a"],"start":["2","002"],"end":null,"partitionNum":2,"numCorePartitions":3})"));
  EXPECT_EQ(report.survey_stats.processed, 5u);
}

TEST_F(PartitionedTaskTest, HashesIntoNumberedBuckets) {
  const auto report = run(numbered_rows(100, 2), R"("forceGuaranteedRollup":true,"partitionsSpec":{"type":"hashed",
      "numShards":3,"partitionDimensions":["a"]})");
  ASSERT_EQ(report.segments.size(), 3u);
  EXPECT_EQ(
      shard_specs(report)[1],
      R"({"type":"hashed","partitionNum":1,"partitions":3,"bucketId":1,"numBuckets":3,"partitionDimensions":["a"],"partitionFunction":"murmur3_32_abs"})");
  EXPECT_EQ(all_rows(report).size(), 100u);  // equal rows have met
}

TEST_F(PartitionedTaskTest, FindsTheNumberOfBucketsItself) {
  const auto report = run(numbered_rows(100, 3), R"("forceGuaranteedRollup":true,
      "partitionsSpec":{"type":"hashed","targetRowsPerSegment":25})");
  EXPECT_EQ(shard_spec(report.segments[0]).find("numBuckets")->dump(), "4");
  EXPECT_EQ(all_rows(report).size(), 100u);
}

TEST_F(PartitionedTaskTest, MergesWhatWentToDisk) {
  const auto small = run(numbered_rows(100, 3), R"("maxRowsInMemory":7)");
  const Texts rows = all_rows(small);
  ASSERT_EQ(small.segments.size(), 1u);
  const auto large = run(numbered_rows(100, 3), R"("maxRowsInMemory":1000)");
  EXPECT_EQ(rows, all_rows(large));
  EXPECT_EQ(rows.front(), "1577836800000|000|0|3|3");
  EXPECT_EQ(rows[1], "1577836800000|001|1|3|~");
}

TEST_F(PartitionedTaskTest, RefusesRangesOfSeveralValues) {
  EXPECT_THROW(run(R"({"t":"2020-01-01","a":["x","y"]})", R"("forceGuaranteedRollup":true,"partitionsSpec":
      {"type":"single_dim","partitionDimension":"a","targetRowsPerSegment":3})"),
               Error);
}

TEST_F(PartitionedTaskTest, ReportsAsDruidDoes) {
  const auto report = run(R"({"t":"2020-01-01","a":"x","n":1}
{"t":"2020-01-01","a":"x","n":"one","b":"0"}
{"t":"soon"}
{"t":)",
                          R"("maxSavedParseExceptions":2)");
  const Json json = report.to_json("task");
  const JsonField payload = JsonField(json)["ingestionStatsAndErrors"]["payload"];
  EXPECT_EQ(payload["ingestionState"].string(), "COMPLETED");
  EXPECT_EQ(payload["rowStats"]["buildSegments"]["processed"].integer(), 1);
  EXPECT_EQ(payload["rowStats"]["buildSegments"]["processedWithError"].integer(), 1);
  EXPECT_EQ(payload["rowStats"]["buildSegments"]["unparseable"].integer(), 2);
  const auto events = payload["unparseableEvents"]["buildSegments"].elements();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1]["input"].string(), R"({"t":"soon"})");
  EXPECT_EQ(events[1]["errorType"].string(), "unparseable");
  EXPECT_THAT(events[0]["details"].elements()[0].string(), testing::StartsWith("Unable to parse row [{\"t\":]"));
}

}  // namespace
}  // namespace sarsen::ingest
