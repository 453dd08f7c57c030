// What the queue does while the metadata store cannot be used: tasks wait for it, and nothing ends.

#include <gtest/gtest.h>

#include <atomic>

#include "ingest/fault_point.h"
#include "ingest/metadata/metadata_database.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

class TaskStoreAwayTest : public testing::Test {
 protected:
  TaskStoreAwayTest() { set_log_level(LogLevel::kOff); }
  ~TaskStoreAwayTest() override {
    fault_hook = nullptr;
    set_log_level(LogLevel::kInfo);
  }

  void take_away(const std::string& table) { database_.run("ALTER TABLE " + table + " RENAME TO away"); }
  void give_back(const std::string& table) { database_.run("ALTER TABLE away RENAME TO " + table); }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
  MetadataDatabase database_{folder_.path() / "metadata.sqlite"};
};

TEST_F(TaskStoreAwayTest, ATaskBeginsWhenItsLocksCanBeStored) {
  take_away("druid_tasklocks");
  const std::string id =
      node_.add(index_specification({"2024-01-01T01:00:00Z"}, "", R"(,"intervals":["2024-01-01/2024-01-02"])"));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_FALSE(node_.status(id).complete());
  give_back("druid_tasklocks");
  const TaskStatus status = node_.ended(id);
  EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_EQ(node_.visible_rows("pages"), 1U);
}

TEST_F(TaskStoreAwayTest, ATaskEndsWhenItsEndCanBeStored) {
  const std::string id = node_.add(R"({"type":"noop","runTime":300})");
  ASSERT_TRUE(becomes([&] { return node_.status(id).runner_status_code == RunnerTaskState::kRunning; }));
  take_away("druid_tasks");
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  const auto running = node_.queue.find(id);
  ASSERT_TRUE(running);
  EXPECT_FALSE(running->complete());
  give_back("druid_tasks");
  const TaskStatus status = node_.ended(id);
  EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
}

TEST_F(TaskStoreAwayTest, AStopDoesNotWaitForTheStore) {
  const std::string id = node_.add(R"({"type":"noop","runTime":100})");
  ASSERT_TRUE(becomes([&] { return node_.status(id).runner_status_code == RunnerTaskState::kRunning; }));
  take_away("druid_tasks");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  node_.queue.stop();
  give_back("druid_tasks");
  EXPECT_FALSE(node_.status(id).complete()) << "the next start runs it again";
  node_.queue.start({.host = "here", .port = 8082});
  EXPECT_EQ(node_.ended(id).status_code, TaskState::kSuccess);
}

TEST_F(TaskStoreAwayTest, LocksThatStayInTheStoreAreInNobodysWay) {
  static std::atomic<bool> published;
  static std::atomic<bool> go;
  published = go = false;
  fault_hook = [](std::string_view point) {
    if (point != "task.published" || published) return;
    published = true;
    while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  const std::string interval = R"(,"intervals":["2024-01-01/2024-01-02"])";
  const std::string id = node_.add(index_specification({"2024-01-01T01:00:00Z"}, "", interval));
  ASSERT_TRUE(becomes([] { return published.load(); }));
  take_away("druid_tasklocks");
  go = true;
  EXPECT_EQ(node_.ended(id).status_code, TaskState::kSuccess);
  EXPECT_TRUE(node_.queue.locks().empty());
  give_back("druid_tasklocks");
  const TaskStatus next = node_.ended(node_.add(index_specification({"2024-01-01T02:00:00Z"}, "", interval)));
  EXPECT_EQ(next.status_code, TaskState::kSuccess) << next.error_message;
}

}  // namespace
}  // namespace sarsen::ingest
