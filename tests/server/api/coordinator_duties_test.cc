#include "server/api/coordinator_duties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "storage/base/interval.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class CoordinatorDutiesTest : public testing::Test {
 protected:
  CoordinatorDutiesTest() { add_duty_routes(router_, {&group_}); }
  ~CoordinatorDutiesTest() override { group_.stop(); }

  std::string told() { return ask_router(router_, "GET", "/druid/coordinator/v1/duties"); }

  std::atomic<std::int64_t> now_ms_ = parse_iso("2024-01-01");
  std::atomic<int> runs_ = 0;
  std::atomic<bool> pauses_ = false;
  ingest::DutyGroup group_{"HistoricalManagementDuties", {"RunRules"}, [this] { return now_ms_.load(); }};
  Router router_;
};

TEST_F(CoordinatorDutiesTest, TellsOfGroupsThatRunAndWhenTheyDid) {
  EXPECT_EQ(told(), R"(200 {"dutyGroups":[]})") << "another process is the coordinator";
  group_.start(
      "duties", milliseconds(0), milliseconds(3'600'500), "It failed",
      [this] {
        if (pauses_) ++runs_;
        return pauses_.load();
      },
      [this] { now_ms_ += 40 + 20 * runs_++; });
  ASSERT_TRUE(ingest::becomes([&] { return told().find(R"("avgRuntimeMillis":40)") != std::string::npos; }));
  EXPECT_EQ(told(),
            R"(200 {"dutyGroups":[{"name":"HistoricalManagementDuties","period":"PT3600.500S","dutyNames":)"
            R"(["org.apache.druid.server.coordinator.duty.RunRules"],"lastRunStart":"2024-01-01T00:00:00.000Z",)"
            R"("lastRunEnd":"2024-01-01T00:00:00.040Z","avgRuntimeMillis":40,"avgRunGapMillis":0}]})");
  now_ms_ += 60;
  group_.wake();
  ASSERT_TRUE(ingest::becomes([&] { return told().find(R"("avgRuntimeMillis":50)") != std::string::npos; }));
  EXPECT_THAT(told(), HasSubstr(R"("lastRunStart":"2024-01-01T00:00:00.100Z","lastRunEnd":"2024-01-01T00:00:00.160Z",)"
                                R"("avgRuntimeMillis":50,"avgRunGapMillis":100)"));
  pauses_ = true;
  group_.wake();
  ASSERT_TRUE(ingest::becomes([&] { return runs_ == 3; }));
  EXPECT_THAT(told(),
              HasSubstr(R"("lastRunStart":"2024-01-01T00:00:00.160Z","lastRunEnd":"2024-01-01T00:00:00.160Z")"));
  group_.stop();
  EXPECT_EQ(told(), R"(200 {"dutyGroups":[]})");
}

TEST_F(CoordinatorDutiesTest, ARunThatHasNotEndedHasNoEnd) {
  group_.start(
      "duties", milliseconds(0), milliseconds(1000), "It failed", [this] { return ++runs_ > 0; }, [] { FAIL(); });
  ASSERT_TRUE(ingest::becomes([&] { return runs_ == 1; }));
  EXPECT_THAT(told(), HasSubstr(R"("period":"PT1S")"));
  EXPECT_THAT(told(), HasSubstr(R"("lastRunEnd":null,"avgRuntimeMillis":0)"));
}

}  // namespace
}  // namespace sarsen::server
