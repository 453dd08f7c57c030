// The overlord's queue: what becomes of tasks, and of their segments.

#include "ingest/tasks/task_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "ingest/fault_point.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> kTwoDays = {"2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z", "2024-01-02T03:00:00Z"};
constexpr const char* kAppend = R"(,"appendToExisting":true)";

class TaskQueueTest : public testing::Test {
 protected:
  TaskQueueTest() { set_log_level(LogLevel::kError); }
  ~TaskQueueTest() override {
    fault_hook = nullptr;
    set_log_level(LogLevel::kInfo);
  }
  TemporaryFolder folder_;
};

TEST_F(TaskQueueTest, AnIndexTaskIsServedWhenItHasEnded) {
  set_log_level(LogLevel::kInfo);
  TaskNode node(folder_.path());
  const std::string id = node.add(index_specification(kTwoDays));
  EXPECT_THAT(id, testing::MatchesRegex("index_parallel_pages_[a-p]{8}_20.*Z"));
  const TaskStatus status = node.ended(id);
  EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_EQ(status.type, "index_parallel");
  EXPECT_EQ(status.data_source, "pages");
  EXPECT_EQ(status.location, (TaskLocation{"here", 8082, -1}));
  EXPECT_GE(status.duration_ms, 0);
  EXPECT_EQ(node.visible_rows("pages"), 3U);
  EXPECT_THAT(node.metadata.used_segments(), SizeIs(2));
  EXPECT_EQ(node.storage.pending_ids(), std::vector<std::string>());
  EXPECT_THAT(node.queue.locks(), SizeIs(0));
  EXPECT_THAT(node.queue.log(id, 0).value_or(""), HasSubstr("ended with SUCCESS"));
  EXPECT_THAT(node.queue.log(id, -8).value_or(""), "SUCCESS\n");
  const Json report = node.queue.report(id).value_or(Json());
  EXPECT_EQ(JsonField(report)["ingestionStatsAndErrors"]["payload"]["rowStats"]["buildSegments"]["processed"].integer(),
            3);
}

TEST_F(TaskQueueTest, ANewerVersionTakesThePlaceOfTheOlder) {
  TaskNode node(folder_.path());
  node.ended(node.add(index_specification(kTwoDays)));
  const std::vector<std::string> before = node.visible("pages");
  node.ended(node.add(index_specification({"2024-01-02T00:00:00Z"})));
  const std::vector<std::string> after = node.visible("pages");
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_EQ(after[0], before[0]);
  EXPECT_NE(after[1], before[1]);
  EXPECT_EQ(node.catalog.snapshot()->at("pages")->entries().size(), 2U);
  EXPECT_THAT(node.metadata.unused_segments("pages", kEternity), SizeIs(1));
}

TEST_F(TaskQueueTest, TasksThatAppendJoinTheChunk) {
  TaskNode node(folder_.path());
  node.ended(node.add(index_specification({"2024-01-01T01:00:00Z"})));
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(node.add(index_specification({"2024-01-01T02:00:00Z"}, kAppend)));
  for (const std::string& id : ids) EXPECT_EQ(node.ended(id).status_code, TaskState::kSuccess);
  EXPECT_EQ(node.visible_rows("pages"), 5U);
  EXPECT_THAT(node.visible("pages"), SizeIs(5));
}

TEST_F(TaskQueueTest, AnAppendedPartitionNeverTakesTheNumberOfOneOutOfUse) {
  TaskNode node(folder_.path());
  node.ended(node.add(index_specification({"2024-01-01T01:00:00Z"})));
  node.ended(node.add(index_specification({"2024-01-01T02:00:00Z"}, kAppend)));
  const auto segments = node.metadata.used_segments();
  node.metadata.mark_unused({segments.back().id});
  node.served.drop({segments.back().id});
  node.ended(node.add(index_specification({"2024-01-01T03:00:00Z"}, kAppend)));
  EXPECT_EQ(node.metadata.used_segments().back().id.partition, 2U);
  EXPECT_EQ(node.visible_rows("pages"), 2U);
}

TEST_F(TaskQueueTest, WrongSpecificationsAreRefusedAtOnce) {
  TaskNode node(folder_.path());
  const auto refusal = [&](const std::string& specification) {
    try {
      node.add(specification);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_THAT(refusal(R"({"type":"indexx"})"), HasSubstr("Could not resolve type id 'indexx'"));
  EXPECT_THAT(refusal(R"({"type":"index_hadoop"})"), HasSubstr("Task type [index_hadoop] is not supported yet"));
  EXPECT_THAT(refusal("{}"), HasSubstr("missing type id property 'type'"));
  EXPECT_THAT(refusal(R"({"type":"index","spec":{}})"), HasSubstr("spec.dataSchema"));
  EXPECT_THAT(refusal(R"({"type":"noop","id":"a/b"})"), HasSubstr("cannot contain '/'"));
  EXPECT_THAT(refusal(R"({"type":"noop","id":".."})"), HasSubstr("cannot start with '.'"));
  EXPECT_THAT(refusal(R"({"type":"kill","dataSource":"x","interval":"2024/2025","batchSize":0})"),
              HasSubstr("must be a positive integer"));
  EXPECT_EQ(refusal(R"({"type":"noop","id":"mine","runTime":1})"), "taken");
  EXPECT_EQ(refusal(R"({"type":"noop","id":"mine"})"), "Task[mine] already exists");
}

TEST_F(TaskQueueTest, ATaskThatFailsLeavesNothing) {
  TaskNode node(folder_.path());
  const std::string id = node.add(R"({"type":"index","spec":{"dataSchema":{"dataSource":"pages",
      "timestampSpec":{"column":"t"},"dimensionsSpec":{},"granularitySpec":{}},"ioConfig":{"type":"index","inputSource":
      {"type":"inline","data":"no json"},"inputFormat":{"type":"json"}},"tuningConfig":{"maxParseExceptions":0,"type":"index"}}})");
  const TaskStatus status = node.ended(id);
  EXPECT_EQ(status.status_code, TaskState::kFailed);
  EXPECT_THAT(status.error_message, HasSubstr("Max parse exceptions[0] exceeded"));
  const Json report = node.queue.report(id).value_or(Json());
  const JsonField payload = JsonField(report)["ingestionStatsAndErrors"]["payload"];
  EXPECT_EQ(payload["rowStats"]["buildSegments"]["unparseable"].integer(), 1);
  EXPECT_THAT(payload["errorMsg"].string(), HasSubstr("Max parse exceptions"));
  EXPECT_THAT(node.metadata.segment_ids(), SizeIs(0));
}

TEST_F(TaskQueueTest, KillDeletesWhatIsOutOfUseAndNothingElse) {
  TaskNode node(folder_.path());
  node.ended(node.add(index_specification(kTwoDays)));
  const auto segments = node.metadata.used_segments();
  node.metadata.mark_unused({segments.front().id});
  node.served.drop({segments.front().id});
  EXPECT_EQ(node.stored_segments(), 2U);
  const std::string id = node.add(R"({"type":"kill","dataSource":"pages","interval":"2024-01-01/2024-02-01"})");
  EXPECT_THAT(id, testing::MatchesRegex("kill_pages_[a-p]{8}_2024-01-01T00:00:00.000Z_2024-02-01T00:00:00.000Z_20.*Z"));
  EXPECT_EQ(node.ended(id).status_code, TaskState::kSuccess);
  EXPECT_EQ(node.stored_segments(), 1U);
  EXPECT_THAT(node.metadata.segment_ids(), ElementsAre(segments.back().id.text()));
  const Json report = node.queue.report(id).value_or(Json());
  const JsonField stats = JsonField(report)["killUnusedSegments"]["payload"];
  EXPECT_EQ(stats["numSegmentsKilled"].integer(), 1);
  EXPECT_EQ(stats["numBatchesProcessed"].integer(), 2);  // the last one found nothing, as in Druid
}

// --- order and locks

TEST_F(TaskQueueTest, TasksOnTheSameChunkWaitForEachOther) {
  TaskNode node(folder_.path());
  const auto blocked = [&](const std::string& id) {
    return node.status(id).runner_status_code == RunnerTaskState::kWaiting;
  };
  static std::atomic<bool> go;
  go = false;
  fault_hook = [](std::string_view point) {
    if (point == "task.begin")
      while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  const std::string first = node.add(index_specification(kTwoDays, "", R"(,"intervals":["2024-01-01/2024-01-03"])"));
  ASSERT_TRUE(becomes([&] { return node.status(first).runner_status_code == RunnerTaskState::kRunning; }));
  const std::string second =
      node.add(index_specification(kTwoDays, "", R"(,"intervals":["2024-01-02T05:00/2024-01-02T06:00"])"));
  EXPECT_TRUE(becomes([&] { return blocked(second); }));
  const std::string other = node.add(R"({"type":"noop","runTime":1})");
  EXPECT_EQ(node.ended(other).status_code, TaskState::kSuccess);
  EXPECT_TRUE(blocked(second));
  ASSERT_THAT(node.queue.locks(), SizeIs(1));
  EXPECT_EQ(format_iso(node.queue.locks()[0].interval), "2024-01-01T00:00:00.000Z/2024-01-03T00:00:00.000Z");
  go = true;
  EXPECT_EQ(node.ended(first).status_code, TaskState::kSuccess);
  EXPECT_EQ(node.ended(second).status_code, TaskState::kSuccess);
}

// --- shutting down

TEST_F(TaskQueueTest, AShutDownTaskPublishesNothing) {
  TaskNode node(folder_.path());
  static std::atomic<int> reached;
  for (const char* point : {"task.begin", "task.pushed"}) {
    static const char* wanted;
    wanted = point;
    reached = 0;
    fault_hook = [](std::string_view at) {
      if (at != wanted) return;
      reached = 1;
      while (reached == 1) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    };
    const std::string id = node.add(index_specification(kTwoDays));
    ASSERT_TRUE(becomes([] { return reached == 1; }));
    EXPECT_TRUE(node.queue.shutdown(id, "Shutdown request from user"));
    const TaskStatus at_once = node.status(id);
    EXPECT_EQ(at_once.status_code, TaskState::kFailed);
    EXPECT_EQ(at_once.error_message, "Shutdown request from user");
    reached = 2;
    EXPECT_EQ(node.ended(id).status_code, TaskState::kFailed);
    EXPECT_FALSE(node.queue.shutdown(id, "again"));
    EXPECT_THAT(node.metadata.segment_ids(), SizeIs(0)) << point;
    EXPECT_EQ(node.stored_segments(), 0U) << point;
    EXPECT_THAT(node.storage.pending_ids(), SizeIs(0));
    EXPECT_THAT(node.queue.locks(), SizeIs(0));
  }
}

TEST_F(TaskQueueTest, WhatIsPublishedIsNoLongerShutDown) {
  TaskNode node(folder_.path());
  static std::atomic<int> reached;
  reached = 0;
  fault_hook = [](std::string_view at) {
    if (at != "task.published") return;
    reached = 1;
    while (reached == 1) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  const std::string id = node.add(index_specification(kTwoDays));
  ASSERT_TRUE(becomes([] { return reached == 1; }));
  EXPECT_FALSE(node.queue.shutdown(id, "too late"));
  reached = 2;
  EXPECT_EQ(node.ended(id).status_code, TaskState::kSuccess);
  EXPECT_EQ(node.visible_rows("pages"), 3U);
}

TEST_F(TaskQueueTest, WaitingAndSleepingTasksAreShutDown) {
  TaskNode node(folder_.path(), 1);
  const std::string running = node.add(R"({"type":"noop","runTime":600000})");
  const std::string pending = node.add(R"({"type":"noop","runTime":600000})");
  ASSERT_TRUE(becomes([&] { return node.status(running).runner_status_code == RunnerTaskState::kRunning; }));
  EXPECT_EQ(node.status(pending).runner_status_code, RunnerTaskState::kPending);
  EXPECT_TRUE(node.queue.shutdown(pending, "no"));
  EXPECT_EQ(node.ended(pending).error_message, "no");
  EXPECT_TRUE(node.queue.shutdown(running, "no"));
  EXPECT_EQ(node.ended(running).status_code, TaskState::kFailed);
}

// --- restarts

TEST_F(TaskQueueTest, WhatWasNotDoneIsDoneByTheNextProcess) {
  std::string running;
  std::string waiting;
  {
    TaskNode node(folder_.path(), 1);
    running = node.add(R"({"type":"noop","runTime":600000})");
    waiting = node.add(index_specification(kTwoDays));
    ASSERT_TRUE(becomes([&] { return node.status(running).runner_status_code == RunnerTaskState::kRunning; }));
  }
  TaskNode node(folder_.path(), 2);
  EXPECT_EQ(node.ended(waiting).status_code, TaskState::kSuccess);
  EXPECT_EQ(node.visible_rows("pages"), 3U);
  ASSERT_TRUE(becomes([&] { return node.status(running).runner_status_code == RunnerTaskState::kRunning; }));
  EXPECT_TRUE(node.queue.shutdown(running, "enough"));
  EXPECT_EQ(node.ended(running).error_message, "enough");
}

TEST_F(TaskQueueTest, LocksOfTasksThatHaveEndedAreNotKept) {
  const TaskLock left{TaskLockType::kExclusive, "gone", "pages", kEternity, "v1", 75, false};
  {
    TaskStorage storage(folder_.path() / "metadata.sqlite");
    TaskStatus ended;
    ended.id = "gone";
    ended.status_code = TaskState::kRunning;
    storage.insert(ended, Json());
    ended.status_code = TaskState::kFailed;
    storage.set_status(ended);
    storage.add_lock("gone", left);
    storage.add_lock("index_kafka_pages_1", left);
  }
  TaskNode node(folder_.path());
  EXPECT_TRUE(node.storage.locks("gone").empty());
  EXPECT_EQ(node.storage.locks("index_kafka_pages_1").size(), 1u) << "of another process over the same store";
  EXPECT_EQ(node.ended(node.add(index_specification(kTwoDays))).status_code, TaskState::kSuccess);
}

const char* fault_name = nullptr;

void kill_at_fault(std::string_view point) {
  if (point == fault_name) ::kill(::getpid(), SIGKILL);
}

class TaskKillTest : public TaskQueueTest, public testing::WithParamInterface<const char*> {
 protected:
  /// A process that adds the task and lives until it comes to the point. False where it never did.
  bool live_until_killed(const std::string& specification) {
    const pid_t child = ::fork();
    if (child == 0) {
      fault_name = GetParam();
      fault_hook = kill_at_fault;
      TaskNode node(folder_.path());
      node.ended(node.add(specification));
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  void add_some_rows() {
    TaskNode node(folder_.path());
    node.ended(node.add(index_specification(kTwoDays)));
  }
};

TEST_P(TaskKillTest, NeitherLosesNorDoublesARow) {
  add_some_rows();
  ASSERT_TRUE(
      live_until_killed(index_specification(kTwoDays, "", R"(,"intervals":["2024-01-01/2024-01-03"])", "mine")));
  TaskNode node(folder_.path());
  EXPECT_EQ(node.ended("mine").status_code, TaskState::kSuccess);
  EXPECT_EQ(node.visible_rows("pages"), 3U);
  EXPECT_THAT(node.storage.pending_ids(), SizeIs(0));
  EXPECT_THAT(node.storage.locks("mine"), SizeIs(0));
  EXPECT_EQ(node.stored_segments(), node.metadata.segment_ids().size());
}

TEST_P(TaskKillTest, NeitherLosesNorDoublesAnAppendedRow) {
  add_some_rows();
  ASSERT_TRUE(live_until_killed(index_specification(kTwoDays, kAppend, "", "mine")));
  TaskNode node(folder_.path());
  EXPECT_EQ(node.ended("mine").status_code, TaskState::kSuccess);
  EXPECT_EQ(node.visible_rows("pages"), 6U);
  EXPECT_THAT(node.storage.pending_ids(), SizeIs(0));
  EXPECT_EQ(node.stored_segments(), node.metadata.segment_ids().size());
}

INSTANTIATE_TEST_SUITE_P(Points, TaskKillTest,
                         testing::Values("task.begin", "task.announced", "push.written", "task.pushed",
                                         "publish.offsets", "publish.segments", "task.published"));

TEST_F(TaskQueueTest, AKilledKillIsDoneAgain) {
  {
    TaskNode node(folder_.path());
    node.ended(node.add(index_specification(kTwoDays)));
    const auto segments = node.metadata.used_segments();
    node.metadata.mark_unused({segments[0].id, segments[1].id});
  }
  const pid_t child = ::fork();
  if (child == 0) {
    fault_name = "kill.files";
    fault_hook = kill_at_fault;
    TaskNode node(folder_.path());
    node.ended(node.add(R"({"type":"kill","id":"k","dataSource":"pages","interval":"2024/2025"})"));
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  TaskNode node(folder_.path());
  EXPECT_EQ(node.ended("k").status_code, TaskState::kSuccess);
  EXPECT_THAT(node.metadata.segment_ids(), SizeIs(0));
  EXPECT_EQ(node.stored_segments(), 0U);
}

}  // namespace
}  // namespace sarsen::ingest
