// The coordinator's dynamic configuration, asked through the router without a socket.

#include "server/api/coordinator_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/json.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

class CoordinatorConfigTest : public testing::Test {
 protected:
  CoordinatorConfigTest() { add_coordinator_config_routes(router_, storage_); }
  std::string ask(const std::string& method, const std::string& target, const std::string& body = "",
                  std::vector<Header> headers = {}) {
    return ask_router(router_, method, "/druid/coordinator/v1/config" + target, body, std::move(headers));
  }

  TemporaryFolder folder_;
  ingest::TaskStorage storage_{folder_.path() / "metadata.sqlite"};
  Router router_;
};

TEST_F(CoordinatorConfigTest, WhatIsNotGivenStaysAsItIs) {
  EXPECT_THAT(ask("GET", ""), HasSubstr(R"(200 {"millisToWaitBeforeDeleting":900000,"maxSegmentsToMove":100,)"));
  EXPECT_EQ(ask("POST", "", R"({"killPendingSegmentsSkipList":"a, b","maxSegmentsToMove":7})"), "200 ");
  EXPECT_EQ(ask("POST", "", R"({"decommissioningNodes":["h:1"],"maxSegmentsToMove":null,"unknown":1})"), "200 ");
  EXPECT_EQ(ask("GET", ""),
            R"(200 {"millisToWaitBeforeDeleting":900000,"maxSegmentsToMove":7,"replicantLifetime":15,)"
            R"("replicationThrottleLimit":500,"balancerComputeThreads":1,"killDataSourceWhitelist":[],)"
            R"("killTaskSlotRatio":0.1,"maxKillTaskSlots":2147483647,"killPendingSegmentsSkipList":["a","b"],)"
            R"("maxSegmentsInNodeLoadingQueue":500,"decommissioningNodes":["h:1"],"pauseCoordination":false,)"
            R"("replicateAfterLoadTimeout":false,"useRoundRobinSegmentAssignment":true,"smartSegmentLoading":true,)"
            R"("debugDimensions":null,"turboLoadingNodes":[]})");
}

TEST_F(CoordinatorConfigTest, NamesTheFieldThatIsWrong) {
  for (const char* wrong :
       {R"({"maxSegmentsToMove":"x"})", R"({"killTaskSlotRatio":2})", R"({"pauseCoordination":"maybe"})",
        R"({"debugDimensions":[]})", R"({"killPendingSegmentsSkipList":[{}]})"}) {
    const std::string name = Json::parse(wrong).object().front().first;
    EXPECT_THAT(ask("POST", "", wrong), AllOf(HasSubstr("400 "), HasSubstr(name))) << wrong;
  }
}

TEST_F(CoordinatorConfigTest, ChangesHaveAHistory) {
  EXPECT_EQ(ask("GET", "/history"), "200 []");
  ask("POST", "", R"({"maxSegmentsToMove":7})", {{"X-Druid-Author", "me"}, {"X-Druid-Comment", "why"}});
  EXPECT_THAT(
      ask("GET", "/history?count=3"),
      AllOf(HasSubstr(R"(200 [{"key":"coordinator.config","type":"coordinator.config","auditInfo":{"author":"me")"),
            HasSubstr(R"("comment":"why")"), HasSubstr(R"(\"maxSegmentsToMove\":7)")));
  EXPECT_THAT(ask("GET", "/history?count=0"), HasSubstr("Limit must be greater than zero!"));
}

}  // namespace
}  // namespace sarsen::server
