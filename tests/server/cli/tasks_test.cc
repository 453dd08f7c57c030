// Tasks through the real program: posted over HTTP, killed in the middle, and there after a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "server/http/http_client.h"
#include "storage/base/json.h"
#include "tests/server/cli/inline_task.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

constexpr const char* kCount =
    R"({"queryType":"timeseries","dataSource":"pages","granularity":"all","intervals":"2024-01-01/2024-02-01",)"
    R"("aggregations":[{"type":"longSum","name":"n","fieldName":"count"}]})";

std::string post(const RunningServer& server, const std::string& path, const std::string& body) {
  return http_post(parse_http_url(server.url()), path, body).body;
}

/// The states of the tasks, once that of each is what is waited for.
std::string wait_for_state(const RunningServer& server, const std::string& id, const std::string& state) {
  std::string answer;
  for (int i = 0; i < 3000; ++i) {
    answer = post(server, "/druid/indexer/v1/taskStatus", "[\"" + id + "\"]");
    if (answer.find("\"status\":\"" + state + "\"") != std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return answer;
}

TEST(TasksProgramTest, WhatATaskMadeIsThereAfterARestart) {
  const TemporaryFolder folder;
  std::string id;
  {
    RunningServer server({}, folder / "data");
    const Json answer = Json::parse(post(server, "/druid/indexer/v1/task", inline_task()));
    id = JsonField(answer)["task"].string();
    EXPECT_THAT(wait_for_state(server, id, "SUCCESS"), HasSubstr("SUCCESS"));
    EXPECT_THAT(post(server, "/druid/v2", kCount), HasSubstr(R"("n":4)"));
    EXPECT_EQ(server.stop(), 0);
  }
  RunningServer server({}, folder / "data");
  EXPECT_THAT(post(server, "/druid/v2", kCount), HasSubstr(R"("n":4)"));
  EXPECT_THAT(wait_for_state(server, id, "SUCCESS"), HasSubstr("SUCCESS"));
  EXPECT_EQ(server.stop(), 0);
}

TEST(TasksProgramTest, AStoppedServerGoesOnWithItsTasks) {
  const TemporaryFolder folder;
  {
    RunningServer server({}, folder / "data");
    post(server, "/druid/indexer/v1/task", R"({"type":"noop","id":"long","runTime":600000})");
    server.wait_for_log("Sleeping for 600000 millis.");
    EXPECT_EQ(server.stop(), 0);
  }
  RunningServer server({}, folder / "data");
  server.wait_for_log("Sleeping for 600000 millis.");
  EXPECT_EQ(post(server, "/druid/indexer/v1/task/long/shutdown", ""), R"({"task":"long"})");
  EXPECT_THAT(wait_for_state(server, "long", "FAILED"), HasSubstr("Shutdown request from user"));
  EXPECT_EQ(server.stop(), 0);
}

/// Two processes, each with a data folder of its own, over one metadata store.
TEST(TasksProgramTest, OfTwoServersOverOneStoreOneRunsTheTasksAndTheOtherFollows) {
  const TemporaryFolder folder;
  const std::vector<std::string> store = {
      "--set", "druid.metadata.storage.connector.connectURI=jdbc:sqlite:" + folder / "shared"};
  RunningServer first(store, folder / "first");
  first.wait_for_log("Listening on");
  post(first, "/druid/indexer/v1/task", R"({"type":"noop","id":"long","runTime":600000})");
  first.wait_for_log("Sleeping for 600000 millis.");
  RunningServer second(store, folder / "second");
  const HttpAnswer sent = http_post(parse_http_url(second.url()), "/druid/indexer/v1/task", R"({"type":"noop"})");
  EXPECT_EQ(sent.status, 307);
  EXPECT_THAT(post(second, "/druid/coordinator/v1/datasources/pages/markUsed", R"({"interval":"2024-01-01/P1D"})"),
              HasSubstr("numChangedSegments"));  // what needs no task is done there, too
  EXPECT_THAT(second.log(), testing::Not(HasSubstr("Sleeping for")));
  first.kill();
  second.wait_for_log("Sleeping for 600000 millis.");
  EXPECT_EQ(post(second, "/druid/indexer/v1/task/long/shutdown", ""), R"({"task":"long"})");
  EXPECT_EQ(second.stop(), 0);
}

}  // namespace
}  // namespace sarsen::server
