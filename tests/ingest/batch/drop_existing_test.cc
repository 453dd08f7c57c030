#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "ingest/batch/index_task.h"
#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/deep_storage/published_segments.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "storage/base/error.h"
#include "storage/segment/catalog.h"
#include "storage/segment/segment_finder.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

std::string task_text(const std::string& rows, const std::string& intervals, const std::string& io = "",
                      const std::string& granularity = "DAY") {
  return R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a"]},"granularitySpec":{"segmentGranularity":")" +
         granularity + R"(","intervals":[)" + intervals +
         R"(]}},"ioConfig":{"type":"index_parallel","inputFormat":{"type":"json"},)" + io +
         R"("inputSource":{"type":"inline","data":)" + Json(rows).dump() + R"(}}}})";
}

constexpr const char* kDrop = R"("dropExisting":true,)";
constexpr const char* kThreeDays = "{\"t\":\"2020-01-01\"}\n{\"t\":\"2020-01-02\"}\n{\"t\":\"2020-01-04\"}";

class DropExistingTest : public testing::Test {
 protected:
  /// Segment ids of what a task wrote, tombstones with their rows: "2020-01-01:1".
  std::vector<std::string> run(const std::string& text) {
    OutputLayout layout{OutputLayout::Kind::kDeepStorage, folder_.path() / "deep", &metadata_};
    std::vector<std::string> written;
    for (const WrittenSegment& segment : run_index_task(IndexTask::parse(Json::parse(text), "."), layout).segments)
      written.push_back(format_iso(segment.id.interval.start_ms).substr(0, 10) + ":" +
                        std::to_string(segment.row_count));
    return written;
  }

  /// Rows that a server answers with, by day.
  std::vector<std::string> served() {
    const LocalDeepStorage deep_storage(folder_.path() / "deep");
    SegmentCache cache({{folder_.path() / "cache"}}, deep_storage);
    storage::Catalog catalog;
    serve_published_segments(metadata_, cache, catalog);
    std::vector<std::string> days;
    const auto timelines = catalog.snapshot();
    for (const storage::TimelineHit& hit : timelines->at("x")->lookup(parse_interval("2020/2021")))
      for (const auto& segment : hit.entry->segment->acquire())
        days.push_back(format_iso(hit.interval.start_ms).substr(0, 10) + ":" + std::to_string(segment->row_count()));
    return days;
  }

  TemporaryFolder folder_;
  SqlMetadataStore metadata_{folder_.path() / "metadata.sqlite"};
};

using Days = std::vector<std::string>;

TEST_F(DropExistingTest, HidesChunksOfTheIntervalsThatGetNoRows) {
  run(task_text(kThreeDays, ""));
  EXPECT_EQ(run(task_text("{\"t\":\"2020-01-02T05\"}", R"("2020-01-01/2020-01-04")", kDrop)),
            (Days{"2020-01-01:0", "2020-01-02:1"}));
  EXPECT_EQ(served(), (Days{"2020-01-01:0", "2020-01-02:1", "2020-01-04:1"}));
  const auto used = metadata_.used_segments();
  const auto tombstone = std::find_if(used.begin(), used.end(), [](const auto& segment) {
    return segment.to_json().find("shardSpec")->find("type")->string() == "tombstone";
  });
  ASSERT_NE(tombstone, used.end());
  const Json json = tombstone->to_json();
  EXPECT_EQ(json.find("shardSpec")->dump(), R"({"type":"tombstone","partitionNum":0,"partitions":0})");
  EXPECT_EQ(json.find("loadSpec")->dump(), R"({"type":"tombstone","path":null})");
  EXPECT_EQ(json.find("size")->integer(), 1);
}

TEST_F(DropExistingTest, DoesNotBuryTombstonesAgainAndIsAppendedTo) {
  run(task_text(kThreeDays, ""));
  EXPECT_EQ(run(task_text("", R"("2020-01-04/P1D")", kDrop)), Days{"2020-01-04:0"});
  run(task_text("{\"t\":\"2020-01-04\"}", "", R"("appendToExisting":true,)"));
  EXPECT_EQ(served(), (Days{"2020-01-01:1", "2020-01-02:1", "2020-01-04:0", "2020-01-04:1"}));
  EXPECT_EQ(run(task_text("", R"("2019/2020")", kDrop)), Days{});
}

TEST_F(DropExistingTest, CutsCoarserSegments) {
  run(task_text(kThreeDays, "", "", "MONTH"));
  EXPECT_EQ(run(task_text("", R"("2020-01-01/2020-01-03")", kDrop)), (Days{"2020-01-01:0", "2020-01-02:0"}));
  EXPECT_EQ(served(), (Days{"2020-01-01:0", "2020-01-02:0", "2020-01-03:3"}));
}

TEST_F(DropExistingTest, WritesTombstonesIntoAPlainFolder) {
  const OutputLayout plain{OutputLayout::Kind::kPlain, folder_.path() / "plain"};
  const auto run_plain = [&](const std::string& text) {
    run_index_task(IndexTask::parse(Json::parse(text), "."), plain);
  };
  run_plain(task_text(kThreeDays, ""));
  run_plain(task_text("{\"t\":\"2020-01-02\"}", R"("2020-01-01/2020-01-03")", kDrop));
  std::vector<std::uint32_t> rows;
  const auto found = storage::find_segments(folder_.path() / "plain" / "x");
  EXPECT_EQ(found.problems, std::vector<std::string>{});
  for (const auto& segment : found.segments) rows.push_back(segment.segment->row_count());
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{0, 1, 1}));
}

TEST_F(DropExistingTest, RefusesWhatDruidRefuses) {
  const auto problem_of = [](const std::string& text) -> std::string {
    try {
      IndexTask::parse(Json::parse(text), ".");
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(problem_of(task_text("", "", kDrop)), HasSubstr("intervals cannot be empty for replace"));
  EXPECT_THAT(problem_of(task_text("", R"("2020/2021")", R"("dropExisting":true,"appendToExisting":true,)")),
              HasSubstr("Cannot simultaneously replace and append"));
}

}  // namespace
}  // namespace sarsen::ingest
