#include "ingest/tasks/pending_segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/tasks/coordinator_config.h"
#include "storage/base/civil_time.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

TaskStatus task(std::int64_t created_ms, TaskState state) {
  TaskStatus status;
  status.id = std::to_string(created_ms);
  status.created_time_ms = created_ms;
  status.status_code = state;
  return status;
}

TEST(PendingSegments, AreKeptFromADayBeforeTheOldestActiveAndTheLastCompleteTask) {
  constexpr std::int64_t kNow = 100 * kDayMs;
  EXPECT_EQ(stale_before_ms({}, kNow), 99 * kDayMs);
  const TaskStatus active = task(50 * kDayMs, TaskState::kRunning), later = task(60 * kDayMs, TaskState::kRunning);
  EXPECT_EQ(stale_before_ms({later, active}, kNow), 49 * kDayMs);
  const TaskStatus first = task(10 * kDayMs, TaskState::kSuccess), last = task(20 * kDayMs, TaskState::kFailed);
  EXPECT_EQ(stale_before_ms({active, first, last}, kNow), 19 * kDayMs);
  EXPECT_EQ(stale_before_ms({active, task(70 * kDayMs, TaskState::kSuccess)}, kNow), 49 * kDayMs);
}

TEST(PendingSegments, ThatWereLeftBehindGoWithTheirFiles) {
  set_log_level(LogLevel::kOff);
  const TemporaryFolder folder;
  TaskNode node(folder.path());
  SqlSupervisorStore earlier(folder.path() / "metadata.sqlite", [] { return system_clock_ms() - 3 * kDayMs; });
  const auto allocate = [](SqlSupervisorStore& store, const std::string& sequence) {
    return store.allocate({.data_source = "pages",
                           .sequence = sequence,
                           .allocator_id = sequence,
                           .time_ms = 0,
                           .intervals = {{0, kDayMs}},
                           .version = "v1"});
  };
  const AllocatedSegment left = allocate(earlier, "a");
  const AllocatedSegment of_now = allocate(node.allocation, "b");
  const std::filesystem::path files = folder.path() / "segments" / segment_directory(left.id) / "index";
  std::filesystem::create_directories(files);
  PendingSegmentDuty duty(node.storage, node.allocation, node.deep_storage, [] { return std::vector<TaskStatus>(); });
  EXPECT_EQ(duty.run(), 1u);
  EXPECT_EQ(duty.run(), 0u);
  EXPECT_FALSE(std::filesystem::exists(files));
  EXPECT_EQ(node.storage.pending_ids(), std::vector<std::string>{of_now.id.text()});
  set_log_level(LogLevel::kInfo);
}

TEST(PendingSegments, OfDataSourcesOnTheSkipListStay) {
  const TemporaryFolder folder;
  TaskNode node(folder.path());
  SqlSupervisorStore earlier(folder.path() / "metadata.sqlite", [] { return system_clock_ms() - 3 * kDayMs; });
  earlier.allocate({.data_source = "pages",
                    .sequence = "a",
                    .allocator_id = "a",
                    .time_ms = 0,
                    .intervals = {{0, kDayMs}},
                    .version = "v1"});
  PendingSegmentDuty duty(node.storage, node.allocation, node.deep_storage, [] { return std::vector<TaskStatus>(); });
  const auto configure = [&](const std::string& text) {
    const Json changes = Json::parse(text);
    node.storage.set_config(
        kCoordinatorConfigName,
        CoordinatorConfig::parse(node.storage.config(kCoordinatorConfigName)).with(JsonField(changes)).json);
  };
  configure(R"({"killPendingSegmentsSkipList":"others, pages"})");
  EXPECT_EQ(duty.run(), 0u);
  configure(R"({"killPendingSegmentsSkipList":[],"pauseCoordination":true})");
  EXPECT_EQ(duty.run(), 0u);
  configure(R"({"pauseCoordination":false})");
  EXPECT_EQ(duty.run(), 1u);
}

}  // namespace
}  // namespace sarsen::ingest
