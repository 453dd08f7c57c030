#include "ingest/batch/segment_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/batch/index_task.h"
#include "ingest/batch/input_source.h"
#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Rows = std::vector<std::string>;

std::string task_text(const std::string& data_source, const std::string& schema, const std::string& source,
                      const std::string& tuning = R"("type":"index_parallel")") {
  return R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":")" + data_source + R"(",)" + schema +
         R"(},"ioConfig":{"type":"index_parallel","inputSource":)" + source + R"(},"tuningConfig":{)" + tuning + "}}}";
}

/// Two days: a dimension of several values, a long and a float one, and metrics of which one is a sketch.
const std::string kFirstSchema =
    R"("timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a",{"type":"long","name":"l"},
    {"type":"float","name":"f"}]},"metricsSpec":[{"type":"count","name":"c"},
    {"type":"longSum","name":"s","fieldName":"v"},{"type":"hyperUnique","name":"u","fieldName":"user"},
    {"type":"stringLast","name":"last","fieldName":"user"}],
    "granularitySpec":{"queryGranularity":"DAY"})";
const std::string kFirstRows = R"({"t":"2020-01-01T01","a":["x","y"],"l":7,"f":0.5,"v":2,"user":"u1"}
{"t":"2020-01-01T02","a":["x","y"],"l":7,"f":0.5,"v":3,"user":"u2"}
{"t":"2020-01-01T03","a":"z","v":1,"user":"u1"}
{"t":"2020-01-02T01","a":"z","v":10,"user":"u3"})";

/// What keeps the stored metrics of it.
const std::string kKeepingSchema =
    R"("timestampSpec":{"column":"__time","format":"millis"},"dimensionsSpec":{"dimensions":["a",{"type":"long","name":"l"},
    {"type":"float","name":"f"}]},"metricsSpec":[{"type":"longSum","name":"c","fieldName":"c"},
    {"type":"longSum","name":"s","fieldName":"s"},{"type":"hyperUnique","name":"u","fieldName":"u"},
    {"type":"stringLast","name":"last","fieldName":"last"}],"granularitySpec":{"queryGranularity":"DAY")";

class SegmentRowsTest : public testing::Test {
 protected:
  IndexReport run(const std::string& text, const OutputLayout& layout) {
    return run_index_task(IndexTask::parse(Json::parse(text), "."), layout);
  }
  void write_first(const OutputLayout& layout, const std::string& data_source = "one") {
    const std::string inline_rows = R"({"type":"inline","data":)" + Json(kFirstRows).dump() + "}";
    std::string text = task_text(data_source, kFirstSchema, inline_rows);
    text.insert(text.find(R"("inputSource")"), R"("inputFormat":{"type":"json"},)");
    run(text, layout);
  }
  OutputLayout plain() { return {OutputLayout::Kind::kPlain, folder_.path()}; }
  Rows rows(const std::string& directory) { return rows_of(*storage::open_segment(folder_.path() / directory)); }

  TemporaryFolder folder_;
};

TEST_F(SegmentRowsTest, SegmentsAreNotReadLineByLine) {
  const Json json = Json::parse(R"({"type":"druid","dataSource":"one","interval":"2020/2021"})");
  const InputSource source = InputSource::parse(JsonField(json), ".");
  ASSERT_EQ(source.size(), 1U);
  EXPECT_NE(source[0].segments(), nullptr);
  EXPECT_THROW(source[0].open(folder_.path()), Error);
}

TEST_F(SegmentRowsTest, KeepsTheStoredMetricsAsTheyAre) {
  write_first(plain());
  const auto report = run(task_text("two", kKeepingSchema + "}",
                                    R"({"type":"druid","dataSource":"one","interval":"2020-01-01/2020-01-03"})"),
                          plain());
  EXPECT_EQ(report.stats.processed, 3u);
  EXPECT_EQ(rows("two/2020-01-01"), rows("one/2020-01-01"));
  EXPECT_EQ(rows("two/2020-01-02"), rows("one/2020-01-02"));
}

TEST_F(SegmentRowsTest, CombinesThemInCoarserChunks) {
  write_first(plain());
  const std::string schema =
      R"("timestampSpec":{"column":"__time"},"dimensionsSpec":{"dimensions":["a"]},
      "metricsSpec":[{"type":"longSum","name":"c","fieldName":"c"},{"type":"longSum","name":"s","fieldName":"s"}],
      "granularitySpec":{"segmentGranularity":"YEAR","queryGranularity":"YEAR"})";
  run(task_text("two", schema, R"({"type":"druid","dataSource":"one","interval":"2020/2021"})"), plain());
  EXPECT_EQ(rows("two/2020-01-01T00:00:00.000Z_2021-01-01T00:00:00.000Z"),
            (Rows{"1577836800000|[x,y]|2|5", "1577836800000|z|2|11"}));
}

TEST_F(SegmentRowsTest, TakesTheIntervalTheFilterAndTheColumnsThatAreAskedFor) {
  write_first(plain());
  const auto read = [&](const std::string& more) {
    const auto report = run(
        task_text(
            "two",
            R"("timestampSpec":{"column":"__time"},"dimensionsSpec":{"dimensions":[]},"granularitySpec":{"segmentGranularity":"ALL"})",
            R"({"type":"druid","dataSource":"one",)" + more + "}"),
        plain());
    Rows all;
    for (const WrittenSegment& written : report.segments) all = rows_of(*storage::open_segment(written.path));
    return all;
  };
  EXPECT_EQ(read(R"("interval":"2020-01-02/P1D","dimensions":["a"],"metrics":["s"])"), Rows{"1577923200000|z|10"});
  EXPECT_EQ(read(R"("interval":"2020/2021","metrics":[],"filter":{"type":"selector","dimension":"l","value":"7"})"),
            Rows{"1577836800000|[x,y]|7|0.5"});
  EXPECT_EQ(read(R"("interval":"2021/2022")"), Rows{});
}

TEST_F(SegmentRowsTest, ReadsWhatTheMetadataStoreCallsUsed) {
  SqlMetadataStore metadata(folder_.path() / "metadata.sqlite");
  LocalDeepStorage deep_storage(folder_.path() / "deep", true);
  OutputLayout layout{OutputLayout::Kind::kDeepStorage, folder_.path() / "deep", &metadata, &deep_storage};
  write_first(layout);
  const std::string source = R"({"type":"druid","dataSource":"one","interval":"2020/2021"})";
  const auto read = [&](const std::string& from) {
    return run(task_text("two", kKeepingSchema + "}", from), layout).stats.processed;
  };
  EXPECT_EQ(read(source), 3u);
  const auto used = metadata.used_segments();
  ASSERT_EQ(used[0].id.data_source, "one");
  const std::string id = used[0].id.text();
  const std::string by_id = R"({"type":"druid","dataSource":"one","segments":[{"segmentId":")" + id +
                            R"(","intervals":["2020-01-01/2020-01-02"]}]})";
  EXPECT_EQ(read(by_id), 2u);
  metadata.mark_unused({used[0].id});
  EXPECT_EQ(read(source), 1u);
  EXPECT_THROW(read(by_id), Error);
}

TEST_F(SegmentRowsTest, ReadsTwiceWherePartitionsAreDetermined) {
  write_first(plain());
  const auto report = run(task_text("two", kKeepingSchema + R"(,"intervals":["2020/2021"]})",
                                    R"({"type":"druid","dataSource":"one","interval":"2020/2021"})",
                                    R"("type":"index_parallel","forceGuaranteedRollup":true,
                "partitionsSpec":{"type":"hashed","targetRowsPerSegment":1})"),
                          plain());
  EXPECT_EQ(report.survey_stats.rows(), 3u);
  EXPECT_EQ(report.stats.processed, 3u);
}

TEST_F(SegmentRowsTest, WithoutTimeARowCannotBeRead) {
  write_first(plain());
  const auto report = run(task_text("two", R"("timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]})",
                                    R"({"type":"druid","dataSource":"one","interval":"2020/2021"})"),
                          plain());
  EXPECT_EQ(report.stats.unparseable, 3u);
}

std::string problem_of(const std::string& source) {
  const Json json = Json::parse(source);
  try {
    SegmentInput::parse(JsonField(json));
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(SegmentInput, NamesWhatIsWrong) {
  EXPECT_THAT(problem_of(R"({"dataSource":"a"})"), HasSubstr("Specify exactly one of 'interval' and 'segments'"));
  EXPECT_THAT(problem_of(R"({"dataSource":"a","interval":"2020/2021","segments":[]})"), HasSubstr("exactly one"));
  EXPECT_THAT(problem_of(R"({"dataSource":"a","interval":"soon"})"), HasSubstr("interval"));
  EXPECT_THAT(problem_of(R"({"interval":"2020/2021"})"), HasSubstr("dataSource"));
  EXPECT_THAT(problem_of(R"({"dataSource":"a","segments":[{"segmentId":"x"}]})"), HasSubstr("segments[0].intervals"));
}

}  // namespace
}  // namespace sarsen::ingest
