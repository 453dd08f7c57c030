// What queries see of a sink: its parts as one segment, each row once, and nothing of parts without rows.
#include "ingest/realtime/sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "ingest/incremental_index/persist.h"
#include "storage/segment/catalog.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

constexpr const char* kSchema = R"({"dataSource":"clicks","timestampSpec":{"column":"t","format":"auto"},
    "dimensionsSpec":{"dimensions":["page"]},"metricsSpec":[{"type":"count","name":"n"}],
    "granularitySpec":{"queryGranularity":"NONE","rollup":false}})";

class SinkTest : public testing::Test {
 protected:
  SinkTest() {
    storage::TimelineEntry entry;
    entry.id = sink_->id();
    entry.segment = sink_;
    catalog_.update("clicks", [&](storage::Timeline& timeline) { timeline.add(entry); });
  }

  void add(const std::string& row) {
    std::vector<std::string> problems;
    reader_.read(row, [&](const RawRow& raw) {
      const TimestampSpec& time = fixture_.schema()->timestamp_spec;
      sink_->live().add(raw, *time.time_ms(raw.value(*fixture_.fields().find(time.column()))), problems);
    });
    sink_->live().flush();
  }

  /// A part on disk, one that waits for it, and live rows.
  void add_three_parts() {
    add(R"({"t":1000,"page":"a"})");
    const Sink::Frozen first = sink_->swap();
    persist(*first.rows, folder_.path() / "0", {}, 1, false);
    sink_->persisted(first.number, storage::open_segment(folder_.path() / "0"));
    add(R"({"t":2000,"page":"b"})");
    sink_->swap();
    add(R"({"t":3000,"page":"a"})");
  }

  std::string ask(const std::string& query) {
    std::string text;
    engine::QueryControl control;
    engine_.run(*engine::parse_query(Json::parse(query)), control, JsonStyle::kCompact,
                [&](std::string_view piece) { text += piece; });
    return text;
  }

  TemporaryFolder folder_;
  IndexFixture fixture_{kSchema};
  JsonRowReader reader_{*fixture_.schema()->input_format, fixture_.fields(), false};
  std::shared_ptr<Sink> sink_ = std::make_shared<Sink>(storage::SegmentId{"clicks", {0, 3'600'000}, "v1", 0},
                                                       fixture_.schema(), fixture_.fields());
  storage::Catalog catalog_;
  engine::WorkerPool pool_{2};
  engine::QueryEngine engine_{catalog_, pool_};
};

constexpr const char* kAll = R"("dataSource":"clicks","intervals":["1970-01-01/P1D"])";

TEST_F(SinkTest, PartsAnswerAsOneSegment) {
  add_three_parts();
  const std::string metadata =
      ask(R"({"queryType":"segmentMetadata","analysisTypes":["minmax","cardinality"],)" + std::string(kAll) + "}");
  EXPECT_EQ(Json::parse(metadata).array().size(), 1U) << metadata;
  EXPECT_THAT(metadata, HasSubstr(R"("numRows":3)"));
  const std::string by_segment =
      ask(R"({"queryType":"timeseries","granularity":"all","aggregations":[{"type":"longSum","name":"n",)"
          R"("fieldName":"n"}],"context":{"bySegment":true},)" +
          std::string(kAll) + "}");
  EXPECT_EQ(Json::parse(by_segment).array().size(), 1U) << by_segment;
  EXPECT_THAT(by_segment, HasSubstr(R"("result":{"n":3})"));
  EXPECT_EQ(ask(R"({"queryType":"timeBoundary","dataSource":"clicks"})"),
            R"([{"timestamp":"1970-01-01T00:00:01.000Z","result":{"maxTime":"1970-01-01T00:00:03.000Z",)"
            R"("minTime":"1970-01-01T00:00:01.000Z"}}])");
  EXPECT_EQ(ask(R"({"queryType":"dataSourceMetadata","dataSource":"clicks"})"),
            R"([{"timestamp":"1970-01-01T00:00:03.000Z","result":{"maxIngestedEventTime":)"
            R"("1970-01-01T00:00:03.000Z"}}])");
  EXPECT_THAT(ask(R"({"queryType":"search","query":{"type":"contains","value":"a"},"searchDimensions":["page"],)"
                  R"("granularity":"all",)" +
                  std::string(kAll) + "}"),
              HasSubstr(R"({"dimension":"page","value":"a","count":2})"));
}

TEST_F(SinkTest, WhatHasNoRowsContributesNothing) {
  EXPECT_EQ(ask(R"({"queryType":"timeBoundary","dataSource":"clicks"})"), "[]");
  EXPECT_EQ(ask(R"({"queryType":"dataSourceMetadata","dataSource":"clicks"})"), "[]");
  EXPECT_EQ(ask(R"({"queryType":"segmentMetadata",)" + std::string(kAll) + "}"), "[]");
  add(R"({"t":1000,"page":"a"})");
  sink_->swap();  // the live part is empty again
  EXPECT_EQ(sink_->acquire().size(), 1U);
  EXPECT_THAT(ask(R"({"queryType":"timeBoundary","dataSource":"clicks"})"),
              HasSubstr(R"("maxTime":"1970-01-01T00:00:01.000Z","minTime":"1970-01-01T00:00:01.000Z")"));
  EXPECT_THAT(ask(R"({"queryType":"segmentMetadata",)" + std::string(kAll) + "}"), HasSubstr(R"("numRows":1)"));
}

}  // namespace
}  // namespace sarsen::ingest
