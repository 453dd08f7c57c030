// Compaction of segments whose rows are sorted by dimensions before the time, and to and from such an order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/log.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class TimePlaceCompactionTest : public testing::Test {
 protected:
  TimePlaceCompactionTest() { set_log_level(LogLevel::kOff); }
  ~TimePlaceCompactionTest() override { set_log_level(LogLevel::kInfo); }

  void run(const std::string& task) {
    const TaskStatus status = node_.ended(node_.add(task));
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }

  void index(const std::string& rows, bool append) {
    run(R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"pages","timestampSpec":{"column":"t",
        "format":"millis"},"dimensionsSpec":{"dimensions":["a",{"type":"long","name":"__time"},"b"],
        "forceSegmentSortByTime":false},"granularitySpec":{"segmentGranularity":"DAY","rollup":false}},
        "ioConfig":{"type":"index_parallel","inputSource":{"type":"inline","data":)" +
        Json(rows).dump() + R"(},"inputFormat":{"type":"json"},"appendToExisting":)" + (append ? "true" : "false") +
        R"(},"tuningConfig":{"type":"index_parallel","maxRowsInMemory":2}}})");
  }

  void compact(const std::string& more) {
    run(R"({"type":"compact","dataSource":"pages","ioConfig":{"type":"compact","inputSpec":{"type":"interval",
        "interval":"1970-01-01/1970-01-02"}})" +
        more + "}");
  }

  /// Rows of all visible segments, each as it is sorted.
  std::vector<std::string> rows() const {
    std::vector<std::string> all;
    const auto timelines = node_.catalog.snapshot();
    for (const storage::TimelineHit& hit : timelines->at("pages")->lookup(kEternity))
      for (const auto& segment : hit.entry->segment->acquire())
        std::ranges::copy(rows_of(*segment), back_inserter(all));
    return all;
  }

  std::string state() const { return node_.metadata.used_segments().front().last_compaction_state.dump(); }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
};

TEST_F(TimePlaceCompactionTest, TheOrderIsKeptOrAsTheTaskSays) {
  index(R"({"t":5,"a":"x","b":"1"})"
        "\n"
        R"({"t":7,"a":"w","b":"1"})"
        "\n"
        R"({"t":4,"a":"x","b":"2"})"
        "\n",
        false);
  EXPECT_THAT(rows(), ElementsAre("7|w|1", "4|x|2", "5|x|1"));
  index(R"({"t":6,"a":"w","b":"3"})"
        "\n",
        true);
  compact("");
  EXPECT_THAT(rows(), ElementsAre("6|w|3", "7|w|1", "4|x|2", "5|x|1"));
  const std::string time =
      R"({"type":"long","name":"__time","multiValueHandling":"SORTED_ARRAY","createBitmapIndex":false})";
  EXPECT_THAT(state(), HasSubstr(time));
  EXPECT_THAT(state(), HasSubstr(R"("forceSegmentSortByTime":false)"));

  compact(R"(,"dimensionsSpec":{"dimensions":["a","b"]})");
  EXPECT_THAT(rows(), ElementsAre("4|x|2", "5|x|1", "6|w|3", "7|w|1"));
  EXPECT_THAT(state(), Not(HasSubstr("forceSegmentSortByTime")));

  compact(
      R"(,"dimensionsSpec":{"dimensions":["b",{"type":"long","name":"__time"},"a"],"forceSegmentSortByTime":false})");
  EXPECT_THAT(rows(), ElementsAre("5|1|x", "7|1|w", "4|2|x", "6|3|w"));
  EXPECT_THAT(state(), HasSubstr(time));
}

TEST_F(TimePlaceCompactionTest, PartitionsAreSortedSoToo) {
  std::string rows_of_day;
  for (int i = 0; i < 40; ++i)
    rows_of_day += R"({"t":)" + std::to_string(100 - i) + R"(,"a":"x)" + std::to_string(i % 3) + R"(","b":"1"})" + "\n";
  index(rows_of_day, false);
  compact(R"(,"tuningConfig":{"type":"index_parallel","forceGuaranteedRollup":true,"partitionsSpec":{"type":"range",
      "partitionDimensions":["a"],"targetRowsPerSegment":12}})");
  std::size_t segments = 0;
  const auto timelines = node_.catalog.snapshot();
  for (const storage::TimelineHit& hit : timelines->at("pages")->lookup(kEternity)) {
    const auto segment = hit.entry->segment->acquire().front();
    EXPECT_FALSE(segment->sorted_by_time()) << segment->metadata().dump();
    ++segments;
  }
  EXPECT_GT(segments, 1u);
  EXPECT_EQ(rows().size(), 40u);
}

}  // namespace
}  // namespace sarsen::ingest
