// How many tasks a supervisor has, and what they do where others want the chunks that they write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "ingest/metadata/metadata_database.h"
#include "ingest/supervisor/supervisor.h"
#include "tests/ingest/supervisor/supervisor_fixture.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

// --- the number of tasks

class SupervisorScaleTest : public SupervisorTest {
 protected:
  /// Four partitions, and lags from 100 on are high.
  static std::shared_ptr<const SupervisorSpec> spec(const std::string& more, const std::string& duration = "PT1H") {
    return SupervisedNode::spec(R"(,"taskDuration":")" + duration +
                                R"(","taskCount":9,"autoScalerConfig":{"enableTaskAutoScaler":true,"taskCountMin":1,
        "taskCountMax":3,"lagCollectionIntervalMillis":5,"lagCollectionRangeMillis":20,
        "scaleActionStartDelayMillis":20,"scaleActionPeriodMillis":20,"minTriggerScaleActionFrequencyMillis":50)" +
                                more + "}");
  }
  static std::size_t reading(const SupervisedNode& node) { return node.payload().find("activeTasks")->array().size(); }
  static std::int64_t stored_task_count(SupervisedNode& node) {
    return JsonField(node.store().versions().front().spec)["ioConfig"]["taskCount"].integer_or(-1);
  }
};

TEST_F(SupervisorScaleTest, ScalesOutByTheLagAndShowsEachRowOnce) {
  SupervisedNode node(folder_.path(), stream_);
  for (std::int32_t partition = 0; partition < 4; ++partition) stream_.add_partition(partition);
  // Every lag is high, also none.
  node.manager().post(spec(R"(,"scaleOutThreshold":0)"));
  EXPECT_EQ(stored_task_count(node), 1);
  for (int i = 0; i < 40; ++i) {
    produce(20, 4);
    std::this_thread::sleep_for(SupervisedNode::kPause);
  }
  ASSERT_TRUE(wait_until([&] { return reading(node) == 3; }));
  EXPECT_EQ(stored_task_count(node), 3);
  EXPECT_EQ(JsonField(node.supervisor()->present_spec()->json)["ioConfig"]["taskCount"].integer_or(-1), 3);
  produce(20, 4);
  EXPECT_TRUE(node.wait_for_count(820));
  node.manager().set_suspended("x", true);
  EXPECT_TRUE(node.wait_for_offsets({{0, 205}, {1, 205}, {2, 205}, {3, 205}}));
  EXPECT_EQ(node.count(), 820);
  EXPECT_EQ(stored_task_count(node), 3) << "that of the suspended one";
}

TEST_F(SupervisorScaleTest, ScalesInWhenTheLagIsGone) {
  SupervisedNode node(folder_.path(), stream_);
  for (std::int32_t partition = 0; partition < 4; ++partition) stream_.add_partition(partition);
  const TaskLockbox::Owner other{.task_id = "other", .group_id = "other", .priority = 100};
  ASSERT_TRUE(node.locks().try_acquire(other, {TaskLockType::kExclusive, "x", {{0, 3 * kHourMs}}}));
  produce(4000, 4);  // and none can be taken
  node.manager().post(spec(R"(,"scaleOutThreshold":1000,"scaleInThreshold":100)"));
  ASSERT_TRUE(wait_until([&] { return stored_task_count(node) == 3; }));
  node.locks().release("other");
  ASSERT_TRUE(wait_until([&] { return stored_task_count(node) == 1 && reading(node) == 1; }));
  EXPECT_TRUE(node.wait_for_count(4000));
  EXPECT_TRUE(node.wait_for_offsets({{0, 1000}, {1, 1000}, {2, 1000}, {3, 1000}}));
  std::set<std::int64_t> seen;
  for (const SupervisorVersion& version : node.store().versions())
    seen.insert(JsonField(version.spec)["ioConfig"]["taskCount"].integer_or(-1));
  EXPECT_EQ(seen, (std::set<std::int64_t>{1, 2, 3}));
}

TEST_F(SupervisorScaleTest, ShowsEachRowOnceThoughTasksFailWhileItScales) {
  SupervisedNode node(folder_.path(), stream_);
  for (std::int32_t partition = 0; partition < 4; ++partition) stream_.add_partition(partition);
  const TaskLockbox::Owner other{.task_id = "other", .group_id = "other", .priority = 100};
  for (int round = 0; round < 8; ++round) {
    // From one task to three, and then from the start.
    node.manager().post(spec(R"(,"scaleOutThreshold":0,"scaleInThreshold":)" + std::to_string(round), "PT0.3S"));
    for (int i = 0; i < 10; ++i) {
      produce(20, 4);
      std::this_thread::sleep_for(3 * SupervisedNode::kPause);
      if (i % 2 == 1) {  // whoever has a lock loses it
        node.locks().try_acquire(other, {TaskLockType::kExclusive, "x", {{0, 3 * kHourMs}}});
        std::this_thread::sleep_for(SupervisedNode::kPause);
        node.locks().release("other");
      }
    }
  }
  EXPECT_TRUE(node.wait_for_offsets({{0, 400}, {1, 400}, {2, 400}, {3, 400}}));
  EXPECT_TRUE(node.wait_for_count(1600));
  EXPECT_TRUE(wait_until([&] { return reading(node) == 3; }));
  EXPECT_EQ(node.count(), 1600);
}

/// A lag that nobody can work off asks for all of the tasks, and tasks that wait for one.
TEST_F(SupervisorScaleTest, FollowsTheCostAndKeepsTheNumberAcrossARestart) {
  for (std::int32_t partition = 0; partition < 4; ++partition) stream_.add_partition(partition);
  const auto costs = [](const std::string& more) {
    return SupervisedNode::spec(R"(,"autoScalerConfig":{"autoScalerStrategy":"costBased","enableTaskAutoScaler":true,
        "taskCountMin":1,"taskCountMax":4,"scaleActionPeriodMillis":20,"minTriggerScaleActionFrequencyMillis":50,
        "minScaleDownDelay":"PT0S")" +
                                more + "}");
  };
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(costs(R"(,"taskCountStart":2,"idleWeight":0,"lagWeight":1)"));
    const TaskLockbox::Owner other{.task_id = "other", .group_id = "other", .priority = 100};
    ASSERT_TRUE(node.locks().try_acquire(other, {TaskLockType::kExclusive, "x", {{0, 3 * kHourMs}}}));
    EXPECT_EQ(stored_task_count(node), 2);
    produce(400, 4);  // and none can be taken
    EXPECT_TRUE(wait_until([&] { return stored_task_count(node) == 4; }));
    node.locks().release("other");
    EXPECT_TRUE(node.wait_for_count(400));
    EXPECT_TRUE(wait_until([&] { return reading(node) == 4; }));
    node.manager().post(costs(R"(,"idleWeight":0,"lagWeight":0)"));
    EXPECT_EQ(stored_task_count(node), 4) << "that of the one before";
    node.manager().post(costs(R"(,"idleWeight":1,"lagWeight":0)"));
    EXPECT_TRUE(wait_until([&] { return stored_task_count(node) == 1 && reading(node) == 1; }));
    EXPECT_TRUE(node.wait_for_count(400));
    EXPECT_TRUE(node.wait_for_offsets({{0, 100}, {1, 100}, {2, 100}, {3, 100}}));
  }
  SupervisedNode again(folder_.path(), stream_);
  EXPECT_TRUE(again.wait_for_count(400));
  again.manager().post(costs(R"(,"taskCountStart":3,"idleWeight":0,"lagWeight":0)"));
  EXPECT_TRUE(wait_until([&] { return reading(again) == 3; }));
}

TEST_F(SupervisorScaleTest, HasFewerTasksOnceTheyHaveReadForTheirDuration) {
  for (std::int32_t partition = 0; partition < 4; ++partition) stream_.add_partition(partition);
  SupervisedNode node(folder_.path(), stream_);
  produce(40, 4);
  node.manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.3S","taskCount":4,"autoScalerConfig":{
      "autoScalerStrategy":"costBased","enableTaskAutoScaler":true,"taskCountMin":1,"taskCountMax":4,"lagWeight":0,
      "scaleActionPeriodMillis":20,"scaleDownDuringTaskRolloverOnly":true,"stopTaskCountRatio":0.5})"));
  EXPECT_EQ(stored_task_count(node), 4);
  EXPECT_TRUE(wait_until([&] { return stored_task_count(node) == 1 && reading(node) == 1; }));
  EXPECT_TRUE(node.wait_for_offsets({{0, 10}, {1, 10}, {2, 10}, {3, 10}}));
  EXPECT_EQ(node.count(), 40);
}

TEST_F(SupervisorScaleTest, BeginsWithTheLeastAfterARestart) {
  for (std::int32_t partition = 0; partition < 4; ++partition) stream_.add_partition(partition);
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(spec(R"(,"scaleOutThreshold":0)"));
    produce(40, 4);
    ASSERT_TRUE(wait_until([&] { return reading(node) == 3; }));
    EXPECT_TRUE(node.wait_for_count(40));
  }
  SupervisedNode node(folder_.path(), stream_);
  EXPECT_EQ(node.supervisor()->spec().io.task_count, 1u);
  EXPECT_TRUE(node.wait_for_count(40));
}

// --- chunks that other tasks want

class SupervisorLockTest : public SupervisorTest {
 protected:
  static std::optional<std::vector<TaskLock>> acquire(SupervisedNode& node, int priority) {
    return node.locks().try_acquire({.task_id = "batch", .group_id = "batch", .priority = priority},
                                    {TaskLockType::kExclusive, "x", {{0, kHourMs}}});
  }
  /// A process of its own reads all rows, and is killed.
  void run_and_kill() {
    const pid_t child = ::fork();
    if (child == 0) {
      SupervisedNode node(folder_.path(), stream_);
      node.manager().post(SupervisedNode::spec());
      node.wait_for_count(30);
      ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
  }
  /// Rows of the metadata store.
  std::vector<TaskLock> stored_locks() const {
    std::vector<TaskLock> locks;
    const MetadataDatabase database(folder_.path() / "metadata.sqlite");
    for (const auto& row : database.run("SELECT lock_payload FROM $tasklocks ORDER BY id"))
      locks.push_back(TaskLock::parse(Json::parse(row.front())));
    return locks;
  }
  static bool waits_for_the_lock(const SupervisedNode& node) {
    return node.payload().find("recentErrors")->dump().find("Another task holds the lock on 1970-01-01T00:00") !=
           std::string::npos;
  }
};

TEST_F(SupervisorLockTest, WaitsForATaskOfMorePriority) {
  SupervisedNode node(folder_.path(), stream_);
  ASSERT_TRUE(acquire(node, 100));
  produce(30, 1);
  node.manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.1S")"));
  ASSERT_TRUE(wait_until([&] { return waits_for_the_lock(node); }));
  EXPECT_EQ(node.announced(), 0) << "the first row is of that hour";
  node.locks().release("batch");
  EXPECT_TRUE(node.wait_for_count(30));
  EXPECT_TRUE(node.wait_for_offsets({{0, 30}}));
  EXPECT_EQ(node.count(), 30);
  EXPECT_EQ(node.payload().find("recentErrors")->dump(), "[]");
}

TEST_F(SupervisorLockTest, TakesTheLockFromATaskOfLessPriorityUnlessThatPublishes) {
  SupervisedNode node(folder_.path(), stream_);
  ASSERT_TRUE(acquire(node, 50));
  node.locks().begin_publication("batch");
  produce(3, 1);
  node.manager().post(SupervisedNode::spec());
  ASSERT_TRUE(wait_until([&] { return waits_for_the_lock(node); }));
  node.locks().end_publication("batch");
  EXPECT_TRUE(node.wait_for_count(3));
  EXPECT_THROW(node.locks().begin_publication("batch"), Error);
  node.locks().release("batch");
  EXPECT_FALSE(acquire(node, 50)) << "while the task reads";
  node.manager().set_suspended("x", true);
  EXPECT_TRUE(wait_until([&] { return acquire(node, 50).has_value(); }));
  EXPECT_EQ(node.count(), 3);
  EXPECT_EQ(node.announced(), 0);
}

TEST_F(SupervisorLockTest, StoresItsLocksUntilAllIsPublished) {
  SupervisedNode node(folder_.path(), stream_);
  produce(30, 1);
  node.manager().post(SupervisedNode::spec());
  ASSERT_TRUE(node.wait_for_count(30));
  const auto stored = stored_locks();
  ASSERT_EQ(stored.size(), 3u) << "of each hour one";
  EXPECT_EQ(stored, node.locks().all());
  EXPECT_EQ(stored[0].group_id, "index_kafka_x");
  EXPECT_EQ(stored[0].data_source, "x");
  EXPECT_EQ(stored[0].priority, 75);
  ASSERT_TRUE(acquire(node, 100));
  EXPECT_TRUE(wait_until([&] {
    const auto locks = stored_locks();
    return locks.size() == 1 && locks.front().group_id == "batch";
  })) << "the task that has lost one has failed, and the next waits";
  node.locks().release("batch");
  EXPECT_TRUE(node.wait_for_count(30));
  node.manager().set_suspended("x", true);
  EXPECT_TRUE(wait_until([&] { return stored_locks().empty(); }));
  EXPECT_EQ(node.count(), 30);
}

TEST_F(SupervisorLockTest, LeavesNoLockBehindWhenItIsKilled) {
  produce(30, 1);
  run_and_kill();
  EXPECT_EQ(stored_locks().size(), 3u);
  TaskStorage other(folder_.path() / "metadata.sqlite");  // of another process
  const TaskLock others{TaskLockType::kExclusive, "index_kafka_y", "y", {0, kHourMs}, "v1", 75, false};
  other.add_lock("index_kafka_y_1", others);
  SupervisedNode node(folder_.path(), stream_);
  const bool free = acquire(node, 100).has_value();
  node.locks().release("batch");
  EXPECT_TRUE(free);
  EXPECT_TRUE(node.wait_for_count(30));
  node.manager().set_suspended("x", true);
  EXPECT_TRUE(wait_until([&] { return stored_locks().size() == 1; }));
  EXPECT_EQ(other.locks("index_kafka_y_1").size(), 1u);
}

TEST_F(SupervisorLockTest, LeavesNoPendingSegmentBehind) {
  const TaskStorage tasks(folder_.path() / "metadata.sqlite");
  produce(30, 1);
  run_and_kill();
  EXPECT_EQ(tasks.pending_ids().size(), 3u) << "of the one that was killed";
  {
    SupervisedNode node(folder_.path(), stream_);
    EXPECT_TRUE(node.wait_for_count(30));
    EXPECT_EQ(tasks.pending_ids().size(), 3u) << "of the one that took its place";
    ASSERT_TRUE(acquire(node, 100));
    EXPECT_TRUE(wait_until([&] { return tasks.pending_ids().empty(); })) << "the task has lost a lock and failed";
    node.locks().release("batch");
    EXPECT_TRUE(node.wait_for_count(30));
  }
  EXPECT_TRUE(tasks.pending_ids().empty()) << "it was stopped";
}

TEST_F(SupervisorLockTest, ReadsAgainWhatItHadNotPublishedWhenTheLockWasTaken) {
  SupervisedNode node(folder_.path(), stream_);
  produce(30, 1);
  node.manager().post(SupervisedNode::spec());
  ASSERT_TRUE(node.wait_for_count(30));
  const auto lock = acquire(node, 100);
  ASSERT_TRUE(lock);
  ASSERT_TRUE(wait_until([&] { return node.announced() == 0; }));
  ASSERT_TRUE(wait_until([&] { return waits_for_the_lock(node); }));
  EXPECT_THAT(node.payload().find("recentErrors")->dump(), HasSubstr("is preempted and no longer valid"));
  EXPECT_TRUE(node.metadata().used_segments().empty());
  // What the other task publishes is of the lock's version, and the rows go beside it.
  storage::SegmentDescriptor replacement;
  replacement.id = {"x", {0, kHourMs}, lock->front().version, 0};
  replacement.shard_spec = storage::numbered_shard_spec(0, 0);
  replacement.load_spec = Json::Object{{"type", "local"}, {"path", "/nowhere"}};
  node.metadata().publish({replacement});
  node.locks().release("batch");
  EXPECT_TRUE(node.wait_for_count(30));
  node.supervisor()->hand_off({0});
  EXPECT_TRUE(node.wait_for_offsets({{0, 30}}));
  EXPECT_EQ(node.count(), 30);
  bool beside = false;
  for (const auto& segment : node.metadata().used_segments())
    if (segment.id.interval.start_ms == 0 && segment.id.partition == 1)
      beside = segment.id.version == lock->front().version;
  EXPECT_TRUE(beside);
}

}  // namespace
}  // namespace sarsen::ingest
