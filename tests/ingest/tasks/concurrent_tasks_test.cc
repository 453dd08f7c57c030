// Batch tasks that append and replace at once, under locks of types APPEND and REPLACE.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "ingest/fault_point.h"
#include "ingest/tasks/auto_compaction.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

const std::vector<std::string> kDay = {"2024-01-01T01:00:00Z", "2024-01-01T02:00:00Z"};
constexpr const char* kAppend = R"(,"appendToExisting":true)";
constexpr const char* kConcurrent = R"({"useConcurrentLocks":true})";
constexpr const char* kCompact = R"({"type":"compact","id":"compact","dataSource":"pages","ioConfig":{"type":"compact",
    "inputSpec":{"type":"interval","interval":"2024-01-01/2024-01-02"}},"context":{"useConcurrentLocks":true}})";

std::string with_context(const std::string& specification, const std::string& context = kConcurrent) {
  return specification.substr(0, specification.size() - 1) + R"(,"context":)" + context + "}";
}
std::string appending(const std::string& time = "2024-01-01T03:00:00Z", const std::string& id = "append") {
  return with_context(index_specification({time}, kAppend, "", id));
}

/// A fault point where the task stands still, until it may go on.
struct Gate {
  std::atomic<bool> open{false};
  std::atomic<bool> reached{false};
  std::string_view point;
};
Gate gate;

void stand_still(std::string_view point) {
  if (point != gate.point || gate.reached.exchange(true)) return;
  while (!gate.open) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

class ConcurrentTasksTest : public testing::Test {
 protected:
  ConcurrentTasksTest() { set_log_level(LogLevel::kOff); }
  ~ConcurrentTasksTest() override {
    go_on();
    set_log_level(LogLevel::kInfo);
  }

  /// The first task that comes there from now on waits for go_on().
  static void close_gate(std::string_view point) {
    gate.open = false;
    gate.reached = false;
    gate.point = point;
    fault_hook = stand_still;
  }
  static void go_on() {
    gate.open = true;
    fault_hook = nullptr;
  }
  void succeeds(TaskNode& node, const std::string& id) {
    const TaskStatus status = node.ended(id);
    EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }
  static std::string refusal(TaskNode& node, const std::string& specification) {
    try {
      node.add(specification);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  /// At the gate, with its segments pushed and nothing published.
  void appends_while_a_compaction_waits(TaskNode& node) {
    succeeds(node, node.add(index_specification(kDay)));
    close_gate("task.pushed");
    node.add(kCompact);
    ASSERT_TRUE(becomes([] { return gate.reached.load(); }));
    succeeds(node, node.add(appending()));
  }

  TemporaryFolder folder_;
};

TEST_F(ConcurrentTasksTest, WhatIsAppendedWhileACompactionRunsIsUpgraded) {
  TaskNode node(folder_.path());
  appends_while_a_compaction_waits(node);
  EXPECT_EQ(node.visible_rows("pages"), 3u);
  const auto locks = node.locks.all();
  ASSERT_THAT(locks, SizeIs(1));
  EXPECT_EQ(locks[0].type, TaskLockType::kReplace);
  go_on();
  succeeds(node, "compact");
  EXPECT_EQ(node.visible_rows("pages"), 3u);
  ASSERT_THAT(node.visible("pages"), SizeIs(2));
  for (const auto& segment : node.metadata.used_segments()) EXPECT_EQ(segment.id.version, locks[0].version);
  EXPECT_EQ(TaskNode(folder_.path()).visible_rows("pages"), 3u) << "by what is published";
}

TEST_F(ConcurrentTasksTest, WhatWasAllocatedBeforeAReplacementIsPublishedInBothVersions) {
  TaskNode node(folder_.path());
  succeeds(node, node.add(index_specification(kDay)));
  close_gate("task.announced");
  node.add(appending());
  ASSERT_TRUE(becomes([] { return gate.reached.load(); }));
  EXPECT_EQ(node.locks.all().front().version, kAppendVersion);
  succeeds(node, node.add(kCompact));
  EXPECT_EQ(node.visible_rows("pages"), 2u);
  go_on();
  succeeds(node, "append");
  EXPECT_EQ(node.visible_rows("pages"), 3u);
  EXPECT_THAT(node.storage.pending_ids(), SizeIs(0));
  EXPECT_EQ(TaskNode(folder_.path()).visible_rows("pages"), 3u);
}

TEST_F(ConcurrentTasksTest, SeveralAppendToAnEmptyChunkAndOneReplacesThem) {
  TaskNode node(folder_.path(), 4);
  for (const char* id : {"a", "b", "c"}) node.add(appending("2024-01-01T03:00:00Z", id));
  for (const char* id : {"a", "b", "c"}) succeeds(node, id);
  for (const auto& segment : node.metadata.used_segments()) EXPECT_EQ(segment.id.version, kAppendVersion);
  EXPECT_EQ(node.visible_rows("pages"), 3u);
  close_gate("task.begin");
  node.add(with_context(index_specification(kDay, "", R"(,"intervals":["2024-01-01/2024-01-02"])", "replace")));
  ASSERT_TRUE(becomes([] { return gate.reached.load(); }));
  for (const char* id : {"d", "e"}) node.add(appending("2024-01-01T04:00:00Z", id));
  for (const char* id : {"d", "e"}) succeeds(node, id);
  EXPECT_EQ(node.visible_rows("pages"), 5u);
  go_on();
  succeeds(node, "replace");
  EXPECT_EQ(node.visible_rows("pages"), 4u) << "two in the place of three, and two that were appended since";
}

TEST_F(ConcurrentTasksTest, ATaskThatReadsWhatItReplacesDoesNotReadWhatIsAppended) {
  TaskNode node(folder_.path());
  succeeds(node, node.add(index_specification(kDay)));
  std::string again = index_specification({}, "", R"(,"intervals":["2024-01-01/2024-01-02"])", "again");
  const std::size_t begin = again.find(R"("inputSource":)"), end = again.find(R"(,"inputFormat")");
  again.replace(begin, end - begin,
                R"("inputSource":{"type":"druid","dataSource":"pages","interval":"2024-01-01/2024-01-02"})");
  const std::string time = R"("timestampSpec":{"column":"t","format":"iso"})";
  again.replace(again.find(time), time.size(), R"("timestampSpec":{"column":"__time","format":"millis"})");
  // It has its lock before the other one publishes, and reads afterwards.
  close_gate("task.announced");
  node.add(appending("2024-01-01T03:00:00Z", "other"));
  ASSERT_TRUE(becomes([] { return gate.reached.load(); }));
  ASSERT_TRUE(node.locks.try_acquire({"again", "again", 50},
                                     {TaskLockType::kReplace, "pages", {parse_interval("2024-01-01/2024-01-02")}}));
  go_on();
  succeeds(node, "other");
  EXPECT_EQ(node.visible_rows("pages"), 3u);
  succeeds(node, node.add(with_context(again)));
  EXPECT_EQ(node.visible_rows("pages"), 3u);
}

TEST_F(ConcurrentTasksTest, FilesStayForAsLongAsASegmentHasThem) {
  TaskNode node(folder_.path());
  appends_while_a_compaction_waits(node);
  go_on();
  succeeds(node, "compact");
  const auto kill = [&](const std::string& id) {
    succeeds(node, node.add(R"({"type":"kill","id":")" + id + R"(","dataSource":"pages","interval":"2024/2025"})"));
  };
  EXPECT_EQ(node.stored_segments(), 3u);
  kill("k1");
  EXPECT_THAT(node.metadata.unused_segments("pages", kEternity), SizeIs(0));
  EXPECT_EQ(node.stored_segments(), 2u) << "the compacted one's files, and those of the one that was upgraded";
  std::filesystem::remove_all(folder_.path() / "cache");
  EXPECT_EQ(TaskNode(folder_.path()).visible_rows("pages"), 3u);
  std::vector<storage::SegmentId> ids;
  for (const auto& segment : node.metadata.used_segments()) ids.push_back(segment.id);
  node.metadata.mark_unused(ids);
  kill("k2");
  EXPECT_EQ(node.stored_segments(), 0u);
}

TEST_F(ConcurrentTasksTest, IsDoneAgainWhenItWasKilledAndUpgradesTheSame) {
  for (const char* point : {"task.pushed", "publish.upgrades", "task.published"}) {
    TemporaryFolder folder;
    static const char* killed_at;
    killed_at = point;
    const pid_t child = ::fork();
    if (child == 0) {
      TaskNode node(folder.path());
      node.ended(node.add(index_specification(kDay)));
      close_gate("task.announced");
      node.add(kCompact);
      becomes([] { return gate.reached.load(); });
      node.ended(node.add(appending()));
      fault_hook = [](std::string_view reached) {
        if (reached == killed_at) ::kill(::getpid(), SIGKILL);
      };
      gate.open = true;
      node.ended("compact");
      ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << point;
    TaskNode node(folder.path());
    succeeds(node, "compact");
    EXPECT_EQ(node.visible_rows("pages"), 3u) << point;
    EXPECT_THAT(node.visible("pages"), SizeIs(2)) << point;
    EXPECT_THAT(node.storage.pending_ids(), SizeIs(0)) << point;
    EXPECT_THAT(node.locks.all(), SizeIs(0)) << point;
  }
}

TEST_F(ConcurrentTasksTest, CompactionIsAutomaticWhileOthersAppend) {
  TaskNode node(folder_.path(), 3);
  succeeds(node, node.add(index_specification(kDay)));
  succeeds(node, node.add(appending("2024-01-01T05:00:00Z", "before")));
  AutoCompaction compaction(node.queue, node.metadata, node.catalog);
  const auto configure = [&](const std::string& context) {
    const Json json =
        Json::parse(R"({"dataSource":"pages","skipOffsetFromLatest":"PT0S","taskContext":)" + context + "}");
    compaction.change_config([&](CompactionConfig& config) {
      config.set(DataSourceCompaction::parse(JsonField(json)));
      return true;
    });
  };
  close_gate("task.announced");
  node.add(appending());
  ASSERT_TRUE(becomes([] { return gate.reached.load(); }));
  configure("{}");
  EXPECT_THAT(compaction.run_once(), SizeIs(0)) << "the chunk is locked";
  configure(kConcurrent);
  const auto ids = compaction.run_once();
  ASSERT_THAT(ids, SizeIs(1));
  succeeds(node, ids.front());
  go_on();
  succeeds(node, "append");
  EXPECT_EQ(node.visible_rows("pages"), 4u);
}

TEST_F(ConcurrentTasksTest, ContextsThatCannotBeAreRefused) {
  TaskNode node(folder_.path());
  const auto with_type = [&](const std::string& type, const char* more) {
    return refusal(node, with_context(index_specification(kDay, more), R"({"taskLockType":")" + type + R"("})"));
  };
  EXPECT_THAT(with_type("SOME", ""), HasSubstr("context.taskLockType: EXCLUSIVE, SHARED, REPLACE or APPEND is wanted"));
  EXPECT_THAT(with_type("REPLACE", kAppend), HasSubstr("context.taskLockType: a task that appends has locks of type"));
  EXPECT_EQ(with_type("REPLACE", ""), "");
  EXPECT_EQ(with_type("APPEND", kAppend), "");
  EXPECT_THAT(refusal(node, with_context(index_specification(kDay), R"({"useConcurrentLocks":[]})")),
              HasSubstr("context.useConcurrentLocks"));
}

}  // namespace
}  // namespace sarsen::ingest
