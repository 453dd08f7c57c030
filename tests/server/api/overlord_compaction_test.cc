// Compaction by supervisors, asked through the router without a socket; the answers are those of a stock Druid 33.
#include "server/api/overlord_compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/realtime/announcer.h"
#include "server/api/supervisors.h"
#include "server/cli/supervision.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSpec = R"({"type":"autocompact","spec":{"dataSource":"pages","skipOffsetFromLatest":"PT0S"}})";
constexpr const char* kTold =
    R"({"type":"autocompact","spec":{"type":"inline","dataSource":"pages","taskPriority":25,)"
    R"("inputSegmentSizeBytes":100000000000000,"maxRowsPerSegment":null,"skipOffsetFromLatest":"PT0S",)"
    R"("tuningConfig":null,"granularitySpec":null,"dimensionsSpec":null,"metricsSpec":null,"transformSpec":null,)"
    R"("projections":null,"ioConfig":null,"engine":null,"taskContext":null},"suspended":false})";

class OverlordCompactionTest : public testing::Test {
 protected:
  OverlordCompactionTest() {
    set_log_level(LogLevel::kOff);
    add_overlord_compaction_routes(router_, compaction_, supervisors_);
    add_supervisor_routes(router_, {streams_, supervisors_});
    supervisors_.start(std::chrono::milliseconds(5));
  }
  ~OverlordCompactionTest() override { set_log_level(LogLevel::kInfo); }

  std::string compaction(const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(router_, method, "/druid/indexer/v1/compaction" + target, body);
  }
  std::string supervisor(const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(router_, method, "/druid/indexer/v1/supervisor" + target, body);
  }

  void enable(bool enabled) {
    const std::string told = enabled ? "true" : "false";
    EXPECT_EQ(
        compaction("POST", "/config/cluster", R"({"useSupervisors":)" + told + R"(,"compactionTaskSlotRatio":1})"),
        R"(200 {"success":true})");
    EXPECT_EQ(compaction("GET", "/isSupervisorEnabled"), "200 " + told);
    EXPECT_TRUE(ingest::becomes([&] { return supervisors_.is_running() == enabled; }));
  }

  void ingest_days() {
    node_.ended(node_.add(ingest::index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"})));
  }
  bool status_tells(const std::string& text) {
    return ingest::becomes(
        [&] { return supervisor("GET", "/autocompact__pages/status").find(text) != std::string::npos; });
  }

  TemporaryFolder folder_;
  ingest::TaskNode node_{folder_.path()};
  ingest::AutoCompaction compaction_{node_.queue, node_.metadata, node_.catalog};
  ingest::CompactionSupervisors supervisors_{node_.allocation, compaction_};
  ingest::LogAnnouncer announcer_{"here:8082"};
  ingest::SupervisorManager streams_{{.metadata = node_.metadata,
                                      .store = node_.allocation,
                                      .deep_storage = node_.deep_storage,
                                      .cache = node_.cache,
                                      .catalog = node_.catalog,
                                      .announcer = announcer_,
                                      .locks = node_.locks,
                                      .directory = folder_.path() / "supervised",
                                      .open_stream = nullptr}};
  Router router_;
};

TEST_F(OverlordCompactionTest, SupervisorsTellOfThemselves) {
  EXPECT_EQ(supervisor("POST", "", kSpec), R"(200 {"id":"autocompact__pages"})");
  EXPECT_EQ(node_.storage.config_history("supervisor", {.key = {}, .interval = {}, .count_max = 9}).array().size(), 1U);
  EXPECT_EQ(supervisor("GET", ""), R"(200 ["autocompact__pages"])");
  EXPECT_EQ(supervisor("GET", "/autocompact__pages"), std::string("200 ") + kTold);
  EXPECT_EQ(supervisor("GET", "?state=true"),
            R"(200 [{"id":"autocompact__pages","state":"SCHEDULER_STOPPED","detailedState":"SCHEDULER_STOPPED",)"
            R"("healthy":true,"suspended":false}])");
  EXPECT_THAT(supervisor("GET", "?system"), HasSubstr(R"("type":"autocompact","source":"","suspended":false}])"));
  EXPECT_EQ(supervisor("GET", "/autocompact__pages/health"),
            R"(404 {"error":"[autocompact__pages] does not exist or health check not implemented"})");
  EXPECT_EQ(supervisor("GET", "/autocompact__pages/stats"), "200 {}");
  EXPECT_EQ(supervisor("GET", "/autocompact__pages/parseErrors"), "200 []");
  EXPECT_THAT(supervisor("GET", "/autocompact__pages/status"),
              AllOf(StartsWith(R"(200 {"id":"autocompact__pages","generationTime":")"),
                    HasSubstr(R"("payload":{"dataSource":"pages","scheduleStatus":"NOT_ENABLED","message":null,)")));
  for (const char* path : {"/reset", "/resetOffsets"})
    EXPECT_EQ(supervisor("POST", std::string("/autocompact__pages") + path),
              R"(400 {"error":"Operation[reset] is not supported by supervisor[autocompact__pages] of )"
              R"(type[autocompact]."})");
  EXPECT_THAT(supervisor("POST", "/autocompact__pages/taskGroups/handoff", R"({"taskGroupIds":[1]})"),
              HasSubstr("Operation[handoff]"));
}

TEST_F(OverlordCompactionTest, WithoutThemThePolicyCountsInEveryStatus) {
  ingest_days();
  EXPECT_THAT(compaction("POST", "/config/cluster", R"({"compactionPolicy":{"type":"fixedIntervalOrder",
                  "eligibleCandidates":[{"datasource":"pages","interval":"2024-01-01/P1D"}]}})"),
              HasSubstr("success"));
  EXPECT_THAT(compaction("POST", "/config/datasources/pages",
                         R"({"dataSource":"pages","skipOffsetFromLatest":"PT0S","tuningConfig":{"type":"index_parallel",
                             "partitionsSpec":{"type":"dynamic","maxRowsPerSegment":7}}})"),
              HasSubstr("success"));
  const auto one_of_two =
      AllOf(HasSubstr(R"("intervalCountAwaitingCompaction":1)"), HasSubstr(R"("intervalCountSkipped":1)"));
  EXPECT_THAT(compaction("GET", "/status/datasources"), one_of_two);
  EXPECT_THAT(compaction("GET", "/status/datasources/pages"), one_of_two);
}

TEST_F(OverlordCompactionTest, TheyCompactWhereTheClusterWantsThem) {
  ingest_days();
  supervisor("POST", "", kSpec);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(node_.queue.tasks().empty()) << "nothing is enabled";
  enable(true);
  EXPECT_TRUE(status_tells(R"("scheduleStatus":"RUNNING")"));
  EXPECT_TRUE(status_tells(R"("segmentCountCompacted":2)"));
  EXPECT_THAT(supervisor("GET", "?state=true"), HasSubstr(R"("state":"RUNNING")"));
  EXPECT_THAT(compaction("GET", "/status/datasources"), HasSubstr(R"("segmentCountCompacted":2)"));
  EXPECT_THAT(compaction("POST", "/simulate", "{}"), HasSubstr(R"({"COMPLETE":{"columnNames":["dataSource",)"));
  EXPECT_EQ(node_.visible_rows("pages"), 2U);
  compaction_.change_config([](ingest::CompactionConfig& config) {
    const Json json = Json::parse(R"({"dataSource":"pages","granularitySpec":{"segmentGranularity":"MONTH"}})");
    config.set(ingest::DataSourceCompaction::parse(JsonField(json)));
    return true;
  });
  EXPECT_TRUE(compaction_.run_once().empty()) << "the coordinator leaves it to them";
  enable(false);
  EXPECT_EQ(compaction("POST", "/simulate", "{}"), R"(200 {"compactionStates":{}})");
}

TEST_F(OverlordCompactionTest, ConfigurationsAreSupervisors) {
  enable(true);
  EXPECT_EQ(compaction("POST", "/config/datasources/pages", R"({"dataSource":"pages","skipOffsetFromLatest":"PT0S"})"),
            R"(200 {"success":true})");
  EXPECT_EQ(supervisor("GET", "/autocompact__pages"), std::string("200 ") + kTold);
  EXPECT_THAT(compaction("GET", "/config/datasources"), StartsWith(R"(200 {"compactionConfigs":[{"type":"inline",)"));
  EXPECT_THAT(compaction("GET", "/config/datasources/pages"), StartsWith(R"(200 {"type":"inline",)"));
  const std::string missing =
      R"(404 {"error":"druidException","errorCode":"notFound","persona":"USER","category":"NOT_FOUND",)"
      R"("errorMessage":"Compaction supervisor for datasource[other] does not exist","context":{}})";
  EXPECT_EQ(compaction("GET", "/config/datasources/other"), missing);
  EXPECT_EQ(compaction("DELETE", "/config/datasources/other"), missing);
  EXPECT_THAT(compaction("GET", "/status/datasources/pages"), HasSubstr(R"("scheduleStatus":"AWAITING_FIRST_RUN")"));
  EXPECT_THAT(compaction("GET", "/status/datasources/other"), HasSubstr(R"("scheduleStatus":"NOT_ENABLED")"));
  EXPECT_EQ(compaction("GET", "/status/datasources"), R"(200 {"latestStatus":[]})");
  compaction("POST", "/config/datasources/pages", R"({"dataSource":"pages"})");
  compaction("POST", "/config/datasources/pages", R"({"dataSource":"pages"})");  // the same
  const Json history = Json::parse(compaction("GET", "/config/datasources/pages/history").substr(4));
  ASSERT_EQ(history.find("entries")->array().size(), 2U);
  EXPECT_THAT(history.find("entries")->array()[0].dump(),
              AllOf(StartsWith(R"({"globalConfig":null,"compactionConfig":{"type":"inline",)"),
                    HasSubstr(R"("skipOffsetFromLatest":"P1D")"), HasSubstr(R"("auditInfo":null,"auditTime":")")));
  EXPECT_THAT(compaction("GET", "/config/datasources/pages/history?count=1"), Not(HasSubstr("PT0S")));
  EXPECT_EQ(compaction("DELETE", "/config/datasources/pages"), R"(200 {"success":true})");
  EXPECT_EQ(supervisor("GET", ""), "200 []");
  EXPECT_THAT(supervisor("GET", "/autocompact__pages/history"),
              StartsWith(R"(200 [{"spec":{"type":"NoopSupervisorSpec","id":null,"dataSources":["pages"])"));
}

TEST_F(OverlordCompactionTest, TheyAreSuspendedAndKept) {
  supervisor("POST", "", kSpec);
  enable(true);
  EXPECT_THAT(supervisor("POST", "/autocompact__pages/suspend"), HasSubstr(R"("suspended":true})"));
  EXPECT_EQ(supervisor("POST", "/autocompact__pages/suspend"),
            R"(400 {"error":"[autocompact__pages] is already suspended"})");
  supervisors_.stop();
  EXPECT_EQ(supervisor("GET", ""), "200 []");
  streams_.start();  // leaves those of the other kind alone
  EXPECT_EQ(supervisor("GET", ""), "200 []");
  supervisors_.start(std::chrono::milliseconds(5));
  EXPECT_TRUE(ingest::becomes([&] { return supervisors_.is_running(); }));
  EXPECT_THAT(supervisor("GET", "?state=true"), HasSubstr(R"("state":"SUSPENDED")"));
  ingest_days();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(node_.queue.tasks().empty());
  EXPECT_THAT(supervisor("POST", "/autocompact__pages/resume"), HasSubstr(R"("suspended":false})"));
  EXPECT_TRUE(status_tells(R"("segmentCountCompacted":2)"));
  EXPECT_EQ(supervisor("POST", "/suspendAll"), R"(200 {"status":"success"})");
  EXPECT_EQ(supervisor("POST", "/resumeAll"), R"(200 {"status":"success"})");
  EXPECT_EQ(supervisor("POST", "/autocompact__pages/terminate"), R"(200 {"id":"autocompact__pages"})");
  EXPECT_EQ(supervisor("POST", "/autocompact__pages/terminate"),
            "404 Cannot find any supervisor with id: [autocompact__pages]");
}

TEST_F(OverlordCompactionTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(supervisor("POST", "", R"({"type":"autocompact"})"), AllOf(StartsWith("400 "), HasSubstr("spec")));
  EXPECT_THAT(supervisor("POST", "", R"({"type":"autocompact","spec":{}})"),
              AllOf(StartsWith("400 "), HasSubstr("dataSource")));
  EXPECT_THAT(supervisor("POST", "", R"({"type":"autocompact","spec":{"dataSource":"m","engine":"msq"}})"),
              AllOf(StartsWith("400 "), HasSubstr("engine")));
  EXPECT_THAT(supervisor("POST", "", R"({"type":"autocompat"})"), HasSubstr("autocompact"));
  EXPECT_EQ(supervisor("GET", "/history"), "200 {}");
}

}  // namespace
}  // namespace sarsen::server
