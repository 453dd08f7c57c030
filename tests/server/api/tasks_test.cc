// The overlord's API, asked through the router without a socket.

#include "server/api/tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "ingest/fault_point.h"
#include "server/api/overlord.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

/// One reading task, as a supervisor has it.
class OneReader final : public ingest::TaskRunner {
 public:
  std::vector<ingest::TaskStatus> tasks() const override {
    ingest::TaskStatus status;
    status.id = "index_kafka_clicks_1";
    status.type = "index_kafka";
    status.data_source = "clicks";
    status.runner_status_code = ingest::RunnerTaskState::kRunning;
    if (stopped) status.status_code = ingest::TaskState::kFailed;
    return {status};
  }
  std::optional<Json> payload(const std::string& id) const override {
    if (id != "index_kafka_clicks_1") return std::nullopt;
    return Json::Object{{"type", "index_kafka"}};
  }
  std::optional<Json> report(const std::string&) const override { return std::nullopt; }
  std::optional<std::string> log(const std::string&, std::int64_t) const override { return std::nullopt; }
  bool shutdown(const std::string& id, const std::string&) override {
    stopped = stopped || id == "index_kafka_clicks_1";
    return stopped;
  }
  bool stopped = false;
};

class TasksTest : public testing::Test {
 protected:
  TasksTest() {
    set_log_level(LogLevel::kError);
    add_task_routes(router_, directory_);
    add_overlord_routes(router_, directory_, host_and_port_);
  }
  ~TasksTest() override { set_log_level(LogLevel::kInfo); }

  std::string ask(const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(router_, method, "/druid/indexer/v1" + target, body);
  }

  std::string post(const std::string& specification) {
    const std::string answer = ask("POST", "/task", specification);
    EXPECT_THAT(answer, StartsWith(R"(200 {"task":")"));
    const Json json = Json::parse(answer.substr(4));
    return JsonField(json)["task"].string();
  }

  TemporaryFolder folder_;
  ingest::TaskNode node_{folder_.path()};
  OneReader reader_;
  TaskDirectory directory_{node_.queue, {&reader_}};
  const std::string host_and_port_ = "here:8082";
  Router router_;
};

TEST_F(TasksTest, ATaskIsPostedAndWatched) {
  const std::string id = post(ingest::index_specification({"2024-01-01T01:00:00Z"}));
  node_.ended(id);
  const std::string task = "/task/" + id;
  EXPECT_THAT(
      ask("GET", task + "/status"),
      MatchesRegex(R"(200 \{"task":"index_parallel_pages_.*","status":\{"id":"index_parallel_pages_.*","groupId":)"
                   R"("index_parallel_pages_.*","type":"index_parallel","createdTime":"20.*Z","queueInsertionTime":)"
                   R"("1970-01-01T00:00:00.000Z","statusCode":"SUCCESS","status":"SUCCESS","runnerStatusCode":"NONE",)"
                   R"("duration":[0-9]+,"location":\{"host":"here","port":8082,"tlsPort":-1\},"dataSource":"pages",)"
                   R"("errorMsg":null\}\})"));
  EXPECT_THAT(ask("GET", task), HasSubstr(R"("payload":{"type":"index_parallel","id":")" + id));
  EXPECT_THAT(ask("GET", task + "/reports"), HasSubstr(R"("ingestionState":"COMPLETED")"));
  EXPECT_THAT(ask("GET", task + "/segments"), StartsWith(R"(404 {"error":"Segment IDs committed by a task action)"));
  EXPECT_THAT(ask("GET", task + "/log?offset=x"), StartsWith("400 "));
  EXPECT_EQ(ask("POST", task + "/shutdown"), "200 {\"task\":\"" + id + "\"}");
  EXPECT_THAT(ask("POST", "/taskStatus", "[\"" + id + "\",\"other\"]"),
              MatchesRegex(R"(200 \{"index_parallel_pages_[^{]*":\{"id":"index_parallel_pages_[^{]*","status":)"
                           R"("SUCCESS","duration":[0-9]+,"errorMsg":null,"location":.*\}\})"));
}

TEST_F(TasksTest, WhatIsUnknownOrWrongIsToldAsDruidTellsIt) {
  for (const char* path : {"", "/status", "/segments", "/reports", "/log"})
    EXPECT_EQ(ask("GET", std::string("/task/x") + path), "404 Cannot find any task with id: [x]");
  EXPECT_EQ(ask("POST", "/task/x/shutdown"), "404 Cannot find any task with id: [x]");
  EXPECT_THAT(ask("GET", "/task/..%2Fx/log"), StartsWith("404 "));
  EXPECT_EQ(ask("POST", "/taskStatus", "[]"), "400 No Task IDs provided.");
  EXPECT_EQ(ask("GET", "/tasks?state=gone"),
            "400 Invalid task state[gone]. Must be one of [pending, waiting, running, complete].");
  EXPECT_THAT(ask("POST", "/task", "{}"), StartsWith(R"(400 {"error":")"));
  EXPECT_THAT(ask("POST", "/task", "no json"), StartsWith(R"(400 {"error":")"));
  EXPECT_EQ(ask("POST", "/datasources/pages/shutdownAllTasks"), "404 ");
  post(R"({"type":"noop","id":"mine","runTime":1})");
  EXPECT_EQ(ask("POST", "/task", R"({"type":"noop","id":"mine"})"),
            R"(400 {"error":"druidException","errorCode":"entryAlreadyExists","persona":"USER","category":)"
            R"("INVALID_INPUT","errorMessage":"Task[mine] already exists","context":{}})");
}

TEST_F(TasksTest, ListsAreByStateDataSourceAndType) {
  node_.ended(post(ingest::index_specification({"2024-01-01T01:00:00Z"}, "", "", "first")));
  node_.ended(post(R"({"type":"noop","id":"second","runTime":1})"));
  const std::string running = post(R"({"type":"noop","id":"third","runTime":600000})");
  ASSERT_TRUE(
      ingest::becomes([&] { return node_.status(running).runner_status_code == ingest::RunnerTaskState::kRunning; }));
  const auto ids = [&](const std::string& target) {
    const Json list = Json::parse(ask("GET", target).substr(4));
    std::string text;
    for (const JsonField& task : JsonField(list).elements()) text += task["id"].string() + " ";
    return text;
  };
  EXPECT_EQ(ids("/tasks"), "second first third index_kafka_clicks_1 ");
  EXPECT_EQ(ids("/tasks?state=complete&max=1"), "second ");
  EXPECT_EQ(ids("/tasks?state=running"), "third index_kafka_clicks_1 ");
  EXPECT_EQ(ids("/tasks?datasource=pages"), "first ");
  EXPECT_EQ(ids("/tasks?type=noop"), "second third ");
  EXPECT_EQ(ids("/tasks?state=complete&createdTimeInterval=2020-01-01_2020-01-02"), "second first ");
  EXPECT_EQ(ids("/runningTasks?type=index_kafka"), "index_kafka_clicks_1 ");
  EXPECT_EQ(ids("/completeTasks?n=1"), "second ");
  EXPECT_EQ(ids("/pendingTasks"), "");
  EXPECT_EQ(ids("/waitingTasks"), "");
  EXPECT_THAT(ask("GET", "/tasks?state=running&type=noop"),
              AllOf(HasSubstr(R"("id":"third")"), Not(HasSubstr(R"("queueInsertionTime":"1970-)"))));
  EXPECT_THAT(ask("GET", "/task/third/status"), HasSubstr(R"("queueInsertionTime":"1970-)"));
  EXPECT_THAT(ask("GET", "/task/second/reports"), StartsWith("404 No task reports were found for this task."));
  EXPECT_THAT(ask("GET", "/workers"),
              HasSubstr(R"("currCapacityUsed":1,"currParallelIndexCapacityUsed":0,"currCapacityUsedByTaskType":{)"));
  EXPECT_EQ(ask("GET", "/totalWorkerCapacity"),
            R"(200 {"currentClusterCapacity":2,"maximumCapacityWithAutoScale":-1,"usedClusterCapacity":1})");
  EXPECT_EQ(ask("POST", "/datasources/none/shutdownAllTasks"), R"(200 {"dataSource":"none"})");
  EXPECT_EQ(node_.ended(running).error_message, "Shutdown request from user");
}

TEST_F(TasksTest, PendingSegmentsAreDeletedUnlessATaskIsActive) {
  ingest::AllocationRequest request;
  request.data_source = "pages";
  request.sequence = "left behind";
  request.allocator_id = "a";
  request.intervals = {{0, 3'600'000}};
  request.version = "v1";
  node_.allocation.allocate(request);
  EXPECT_THAT(ask("DELETE", "/pendingSegments/pages"), AllOf(StartsWith("400 "), HasSubstr("interval")));
  EXPECT_EQ(ask("DELETE", "/pendingSegments/other?interval=2020-01-01/3000-01-01"), R"(200 {"numDeleted":0})");
  EXPECT_EQ(ask("DELETE", "/pendingSegments/pages?interval=2000-01-01/2020-01-01"), R"(200 {"numDeleted":0})");
  const std::string active = post(R"({"type":"noop","id":"active","dataSource":"pages","runTime":600000})");
  EXPECT_THAT(ask("DELETE", "/pendingSegments/pages?interval=2000-01-01/3000-01-01"),
              StartsWith(R"(400 {"error":"Cannot delete pendingSegments for datasource[pages] as there is at least )"
                         R"(one active task[active] created at[)"));
  EXPECT_EQ(ask("DELETE", "/pendingSegments/pages?interval=2000-01-01/2020-01-01"), R"(200 {"numDeleted":0})");
  ask("POST", "/task/active/shutdown");
  node_.ended(active);
  EXPECT_EQ(ask("DELETE", "/pendingSegments/pages?interval=2020-01-01/3000-01-01"), R"(200 {"numDeleted":1})");
}

TEST_F(TasksTest, TasksOfOthersAreShownAndStopped) {
  EXPECT_EQ(ask("GET", "/task/index_kafka_clicks_1"),
            R"(200 {"task":"index_kafka_clicks_1","payload":{"type":"index_kafka"}})");
  EXPECT_THAT(ask("GET", "/task/index_kafka_clicks_1/status"), HasSubstr(R"("runnerStatusCode":"RUNNING")"));
  EXPECT_EQ(ask("POST", "/datasources/clicks/shutdownAllTasks"), R"(200 {"dataSource":"clicks"})");
  EXPECT_TRUE(reader_.stopped);
}

TEST_F(TasksTest, TheOverlordIsTheOnlyWorker) {
  EXPECT_EQ(ask("GET", "/worker"),
            R"(200 {"type":"default","selectStrategy":{"type":"equalDistribution","affinityConfig":null},)"
            R"("autoScaler":null})");
  EXPECT_EQ(ask("POST", "/worker", R"({"type":"default","selectStrategy":{"type":"fillCapacity"}})"), "200 ");
  EXPECT_EQ(ask("GET", "/worker"), R"(200 {"type":"default","selectStrategy":{"type":"fillCapacity"}})");
  EXPECT_EQ(ask("POST", "/worker", "[]").substr(0, 4), "400 ");
}

/// Holds tasks at their begin, when they have their locks, for as long as it lives or until they may go on.
class HeldTask {
 public:
  HeldTask() {
    state = kNone;
    ingest::fault_hook = [](std::string_view point) {
      if (point != "task.begin") return;
      for (state = kHeld; state == kHeld;) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    };
  }
  ~HeldTask() { go_on(); }
  static bool is_there() {
    return ingest::becomes([] { return state == kHeld; });
  }
  static void go_on() {
    ingest::fault_hook = nullptr;
    state = kFree;
  }

 private:
  enum State { kNone, kHeld, kFree };
  static inline std::atomic<State> state;
};

TEST_F(TasksTest, LocksAreTold) {
  HeldTask held;
  const std::string id = post(ingest::index_specification({"2024-01-01T01:00:00Z"}));
  ASSERT_TRUE(held.is_there());
  EXPECT_EQ(ask("GET", "/lockedIntervals"), R"(200 {"pages":["2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z"]})");
  EXPECT_EQ(ask("POST", "/lockedIntervals/v2", R"([{"datasource":"pages","priority":51}])"), "200 {}");
  EXPECT_EQ(ask("POST", "/lockedIntervals/v2", R"([{"datasource":"pages"}])"),
            R"(200 {"pages":["2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z"]})");
  EXPECT_EQ(ask("POST", "/lockedIntervals/v2", "[]"), R"(400 {"error":"No filter provided"})");
  EXPECT_THAT(
      ask("POST", "/activeLocks", R"([{"datasource":"pages"}])"),
      MatchesRegex(R"(200 \{"datasourceToLocks":\{"pages":\[\{"granularity":"timeChunk","type":"EXCLUSIVE",.*)"));
  held.go_on();
  EXPECT_EQ(node_.ended(id).status_code, ingest::TaskState::kSuccess);
}

TEST_F(TasksTest, LocksOfThoseThatAppendAreInNobodysWayWhoWorksBesideThem) {
  HeldTask held;
  std::string specification = ingest::index_specification({"2024-01-01T01:00:00Z"}, R"(,"appendToExisting":true)");
  specification.insert(1, R"("context":{"useConcurrentLocks":true},)");
  const std::string id = post(specification);
  ASSERT_TRUE(held.is_there());
  const std::string told = R"(200 {"pages":["2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z"]})";
  const auto intervals = [&](const std::string& more) {
    return ask("POST", "/lockedIntervals/v2", R"([{"datasource":"pages")" + more + "}]");
  };
  EXPECT_EQ(intervals(""), told);
  EXPECT_EQ(intervals(R"(,"context":{"useConcurrentLocks":false})"), told);
  EXPECT_EQ(intervals(R"(,"context":{"useConcurrentLocks":true})"), "200 {}");
  EXPECT_EQ(intervals(R"(,"context":{"taskLockType":"REPLACE"})"), "200 {}");
  EXPECT_EQ(intervals(R"(,"context":{"taskLockType":"NONE"})").substr(0, 4), "400 ");
  const auto active = [&](const std::string& more) {
    return ask("POST", "/activeLocks", R"([{"datasource":"pages")" + more + "}]");
  };
  EXPECT_THAT(active(""), MatchesRegex(R"(200 \{"datasourceToLocks":\{"pages":\[\{"granularity":"timeChunk","type":)"
                                       R"("APPEND",.*"version":"1970-01-01T00:00:00.000Z".*)"));
  EXPECT_EQ(active(R"(,"intervals":["2024-01-02/2024-01-03"])"), R"(200 {"datasourceToLocks":{}})");
  EXPECT_EQ(active(R"(,"context":{"useConcurrentLocks":true})"), R"(200 {"datasourceToLocks":{}})");
  held.go_on();
  EXPECT_EQ(node_.ended(id).status_code, ingest::TaskState::kSuccess);
}

}  // namespace
}  // namespace sarsen::server
