// Rules, and what the coordinator says, asked through the router without a socket.

#include "server/api/rules.h"

#include <gtest/gtest.h>

#include "server/api/coordinator.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

class RulesTest : public ::testing::Test {
 protected:
  RulesTest() {
    set_log_level(LogLevel::kError);
    add_rule_routes(router_, rules_, retention_);
    add_coordinator_routes(router_, node_.metadata, node_.catalog, host_);
    node_.ended(node_.add(ingest::index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"})));
  }
  ~RulesTest() override { set_log_level(LogLevel::kInfo); }

  std::string ask(const std::string& method, const std::string& path, const std::string& body = "") {
    return ask_router(router_, method, "/druid/coordinator/v1" + path, body);
  }

  TemporaryFolder folder_;
  std::string host_ = "localhost:8082";
  ingest::TaskNode node_{folder_.path()};
  ingest::SegmentUse use_{node_.metadata, node_.served};
  ingest::RuleStore rules_{folder_.path() / "metadata.sqlite"};
  ingest::Retention retention_{rules_, node_.metadata, use_, node_.served};
  Router router_;
};

constexpr const char* kDefault =
    R"({"tieredReplicants":{"_default_tier":2},"useDefaultTierForNull":true,"type":"loadForever"})";

TEST_F(RulesTest, AreSetAndShown) {
  EXPECT_EQ(ask("GET", "/rules/pages"), "200 []");
  EXPECT_EQ(ask("POST", "/rules/pages", R"([{"type":"dropForever"}])"), "200 ");
  EXPECT_EQ(ask("GET", "/rules/pages"), R"(200 [{"type":"dropForever"}])");
  EXPECT_EQ(ask("GET", "/rules/pages?full"), std::string(R"(200 [{"type":"dropForever"},)") + kDefault + "]");
  EXPECT_EQ(ask("GET", "/rules"),
            std::string(R"(200 {"_default":[)") + kDefault + R"(],"pages":[{"type":"dropForever"}]})");
  retention_.run();
  EXPECT_TRUE(node_.visible("pages").empty());
}

TEST_F(RulesTest, HaveAHistory) {
  ask("POST", "/rules/pages", R"([{"type":"dropForever"}])");
  EXPECT_NE(ask("GET", "/rules/pages/history?count=1").find(R"("payload":"[{\"type\":\"dropForever\"}]")"),
            std::string::npos);
  EXPECT_EQ(ask("GET", "/rules/other/history"), "200 []");
  EXPECT_EQ(ask("GET", "/rules/history?count=0"), R"(400 {"error":"Limit must be greater than zero!"})");
}

TEST_F(RulesTest, RefusesWhatIsNone) {
  EXPECT_EQ(ask("POST", "/rules/pages", R"({"type":"dropForever"})").substr(0, 4), "400 ");
  EXPECT_EQ(ask("POST", "/rules/pages", R"([{"type":"dropForevr"}])").substr(0, 4), "400 ");
  EXPECT_EQ(ask("POST", "/rules/pages", "[").substr(0, 4), "400 ");
  EXPECT_EQ(ask("GET", "/rules/pages"), "200 []");
}

TEST_F(RulesTest, TheCoordinatorSaysWhatIsServed) {
  EXPECT_EQ(ask("GET", "/loadstatus"), R"(200 {"pages":100.0})");
  node_.served.drop({node_.metadata.used_segments()[0].id});
  EXPECT_EQ(ask("GET", "/loadstatus"), R"(200 {"pages":50.0})");
  EXPECT_EQ(ask("GET", "/loadstatus?simple"), R"(200 {"pages":1})");
  EXPECT_EQ(ask("GET", "/loadstatus?full"), R"(200 {"_default_tier":{"pages":1}})");
}

TEST_F(RulesTest, TheCoordinatorSaysWhatIsHandedOff) {
  const storage::SegmentId id = node_.metadata.used_segments()[0].id;
  const std::string path =
      "/datasources/pages/handoffComplete?interval=2024-01-01/2024-01-02&partitionNumber=0&version=";
  EXPECT_EQ(ask("GET", path + id.version), "200 true");
  EXPECT_EQ(ask("GET", path + "2000-01-01T00:00:00.000Z"), "200 true");  // a newer one stands in its place
  EXPECT_EQ(ask("GET", path + "9000-01-01T00:00:00.000Z"), "200 false");
  EXPECT_EQ(ask("GET", "/datasources/pages/handoffComplete?interval=2024-01-01/2024-01-02").substr(0, 4), "400 ");
}

}  // namespace
}  // namespace sarsen::server
