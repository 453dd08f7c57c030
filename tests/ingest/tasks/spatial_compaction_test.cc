// The index of places through a batch task and compaction, in all its ways.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "storage/base/log.h"
#include "storage/column/spatial_index.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

class SpatialCompactionTest : public testing::Test {
 protected:
  SpatialCompactionTest() { set_log_level(LogLevel::kOff); }
  ~SpatialCompactionTest() override { set_log_level(LogLevel::kInfo); }

  void run(const std::string& task) {
    const TaskStatus status = node_.ended(node_.add(task));
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }

  /// Rows of places (i, 2i), for i from `first` on, in pieces of ten.
  void index(int first, int count, bool append) {
    std::string rows;
    for (int i = first; i < first + count; ++i)
      rows +=
          R"({"t":"2024-01-01T00:00:00Z","lat":)" + std::to_string(i) + R"(,"lon":)" + std::to_string(2 * i) + "}\n";
    run(R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"places","timestampSpec":{"column":"t"},
        "dimensionsSpec":{"spatialDimensions":[{"dimName":"spot","dims":["lat","lon"]}]},
        "metricsSpec":[{"type":"count","name":"n"}],"granularitySpec":{"segmentGranularity":"DAY","rollup":false}},
        "ioConfig":{"type":"index_parallel","inputSource":{"type":"inline","data":)" +
        Json(rows).dump() + R"(},"inputFormat":{"type":"json"},"appendToExisting":)" + (append ? "true" : "false") +
        R"(},"tuningConfig":{"type":"index_parallel","maxRowsInMemory":10}}})");
  }

  void compact(const std::string& more) {
    run(R"({"type":"compact","dataSource":"places","ioConfig":{"type":"compact","inputSpec":{"type":"interval",
        "interval":"2024-01-01/2024-01-02"}})" +
        more + "}");
  }

  /// Rows in the box from (5, 0) to (24, 1000), by the indexes of all visible segments; none where one has none.
  std::optional<std::size_t> rows_in_box() const {
    std::size_t rows = 0;
    const auto timelines = node_.catalog.snapshot();
    for (const storage::TimelineHit& hit : timelines->at("places")->lookup(kEternity))
      for (const auto& segment : hit.entry->segment->acquire()) {
        const storage::SpatialIndex* index = segment->column("spot")->spatial_index();
        if (index == nullptr) return std::nullopt;
        std::vector<std::uint64_t> words(segment->row_count() / 64 + 1);
        index->or_into(storage::SpatialRectangle({5, 0}, {24, 1000}), words);
        for (const std::uint64_t word : words) rows += static_cast<std::size_t>(std::popcount(word));
      }
    return rows;
  }

  std::string state() const { return node_.metadata.used_segments().front().last_compaction_state.dump(); }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
};

constexpr const char* kHashed =
    R"(,"tuningConfig":{"type":"index_parallel","forceGuaranteedRollup":true,"partitionsSpec":{"type":"hashed",
    "numShards":2}})";

TEST_F(SpatialCompactionTest, TheIndexIsKept) {
  index(0, 15, false);
  index(15, 15, true);
  EXPECT_EQ(rows_in_box(), 20u);
  compact("");
  EXPECT_EQ(rows_in_box(), 20u);
  EXPECT_THAT(state(),
              HasSubstr(R"({"type":"spatial","name":"spot","dims":["spot"],"multiValueHandling":"SORTED_ARRAY",)"
                        R"("createBitmapIndex":true})"));
  compact(kHashed);
  EXPECT_EQ(rows_in_box(), 20u);
  EXPECT_EQ(node_.visible("places").size(), 2u);
}

TEST_F(SpatialCompactionTest, DimensionsGetTheIndexAndLoseIt) {
  index(0, 30, false);
  compact(R"(,"dimensionsSpec":{"dimensions":["spot"]})");
  EXPECT_EQ(rows_in_box(), std::nullopt);
  compact(R"(,"dimensionsSpec":{"spatialDimensions":[{"dimName":"spot","dims":["lat","lon"]}]})");
  EXPECT_EQ(rows_in_box(), 20u);
  EXPECT_THAT(state(), HasSubstr(R"({"type":"spatial","name":"spot","dims":["lat","lon"])"));
}

}  // namespace
}  // namespace sarsen::ingest
