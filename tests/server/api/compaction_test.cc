// The API of automatic compaction, asked through the router without a socket.

#include "server/api/compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/api/overlord_compaction.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

class CompactionTest : public testing::Test {
 protected:
  CompactionTest() {
    set_log_level(LogLevel::kError);
    add_compaction_routes(router_, compaction_);
    add_overlord_compaction_routes(router_, compaction_, supervisors_);
  }
  ~CompactionTest() override { set_log_level(LogLevel::kInfo); }

  std::string ask(const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(router_, method, "/druid/coordinator/v1" + target, body);
  }

  TemporaryFolder folder_;
  ingest::TaskNode node_{folder_.path()};
  ingest::AutoCompaction compaction_{node_.queue, node_.metadata, node_.catalog};
  ingest::CompactionSupervisors supervisors_{node_.allocation, compaction_};
  Router router_;
};

TEST_F(CompactionTest, ConfigurationsAreKept) {
  EXPECT_THAT(ask("GET", "/config/compaction"), HasSubstr(R"(200 {"compactionConfigs":[])"));
  EXPECT_EQ(ask("POST", "/config/compaction", R"({"dataSource":"pages","skipOffsetFromLatest":"PT1H"})"), "200 ");
  EXPECT_THAT(ask("GET", "/config/compaction/pages"), HasSubstr(R"("skipOffsetFromLatest":"PT1H")"));
  EXPECT_EQ(ask("POST", "/config/compaction/taskslots?ratio=0.5&max=3"), "200 ");
  EXPECT_THAT(ask("GET", "/config/compaction"),
              HasSubstr(R"("compactionTaskSlotRatio":0.5,"maxCompactionTaskSlots":3)"));
  EXPECT_THAT(ask("POST", "/config/compaction/taskslots?ratio=-1"), HasSubstr("400 "));
  EXPECT_EQ(ask("DELETE", "/config/compaction/pages"), "200 ");
  EXPECT_EQ(ask("DELETE", "/config/compaction/pages"),
            R"(404 {"error":"druidException","errorCode":"notFound","persona":"USER","category":"NOT_FOUND",)"
            R"("errorMessage":"Datasource compaction config does not exist","context":{}})");
  EXPECT_THAT(ask("POST", "/config/compaction", R"({"dataSource":"pages","engine":"msq"})"), HasSubstr("400 "));
}

TEST_F(CompactionTest, StatusTellsWhatWaits) {
  node_.ended(node_.add(ingest::index_specification({"2024-01-01T01:00:00Z", "2024-01-03T01:00:00Z"})));
  EXPECT_EQ(ask("GET", "/compaction/progress?dataSource=pages"),
            R"(404 {"error":"druidException","errorCode":"notFound","persona":"USER","category":"NOT_FOUND",)"
            R"("errorMessage":"Unknown DataSource","context":{}})");
  ask("POST", "/config/compaction", R"({"dataSource":"pages"})");
  EXPECT_THAT(ask("GET", "/compaction/status"), HasSubstr(R"("segmentCountAwaitingCompaction":1)"));
  EXPECT_EQ(ask("POST", "/compaction/compact"), "200 ");
  EXPECT_TRUE(ingest::becomes(
      [&] { return ask("GET", "/compaction/progress?dataSource=pages") == R"(200 {"remainingSegmentSize":0})"; }));
  EXPECT_TRUE(ingest::becomes([&] {
    return ask("GET", "/compaction/status?dataSource=pages").find(R"("segmentCountCompacted":1)") != std::string::npos;
  }));
  EXPECT_THAT(
      ask("POST", "/compaction/simulate", "{}"),
      HasSubstr(R"({"COMPLETE":{"columnNames":["dataSource","interval","numSegments","bytes"],"rows":[["pages",)"));
  EXPECT_EQ(ask("GET", "/compaction/status?dataSource=other"),
            R"(404 {"error":"druidException","errorCode":"notFound","persona":"USER","category":"NOT_FOUND",)"
            R"("errorMessage":"Unknown DataSource","context":{}})");
}

TEST_F(CompactionTest, TheOverlordHasTheSameAndTheHistory) {
  const auto overlord = [&](const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(router_, method, "/druid/indexer/v1/compaction" + target, body);
  };
  EXPECT_EQ(overlord("GET", "/config/datasources"), R"(200 {"compactionConfigs":[]})");
  EXPECT_EQ(overlord("POST", "/config/datasources/pages", R"({"dataSource":"pages"})"), R"(200 {"success":true})");
  EXPECT_THAT(overlord("GET", "/config/datasources/pages"), HasSubstr(R"(200 {"type":"inline","dataSource":"pages",)"));
  EXPECT_EQ(overlord("POST", "/config/cluster",
                     R"({"maxCompactionTaskSlots":9,"compactionPolicy":{"type":"newestSegmentFirst",)"
                     R"("priorityDatasource":"pages"}})"),
            R"(200 {"success":true})");
  EXPECT_EQ(overlord("GET", "/config/cluster"),
            R"(200 {"compactionTaskSlotRatio":0.1,"maxCompactionTaskSlots":9,"compactionPolicy":)"
            R"({"type":"newestSegmentFirst","priorityDatasource":"pages"},"useSupervisors":false,"engine":"native"})");
  EXPECT_THAT(overlord("POST", "/config/cluster", R"({"engine":"msq"})"),
              HasSubstr("MSQ Compaction engine can be used only with compaction supervisors."));
  EXPECT_THAT(overlord("POST", "/config/cluster", R"({"engine":"msq","useSupervisors":true})"), HasSubstr("400 "));
  EXPECT_THAT(overlord("POST", "/config/datasources/other", R"({"dataSource":"pages"})"),
              HasSubstr("DataSource in spec[pages] does not match DataSource in path[other]"));
  EXPECT_THAT(overlord("GET", "/status/datasources/pages"), HasSubstr(R"(200 {"dataSource":"pages",)"));
  EXPECT_EQ(overlord("POST", "/simulate", "{}"), R"(200 {"compactionStates":{}})");
  EXPECT_THAT(overlord("GET", "/status/datasources"), HasSubstr(R"("dataSource":"pages")"));
  EXPECT_EQ(overlord("GET", "/isSupervisorEnabled"), "200 false");
  EXPECT_EQ(overlord("DELETE", "/config/datasources/pages"), R"(200 {"success":true})");
  EXPECT_THAT(overlord("GET", "/config/datasources/pages"), HasSubstr("404 "));
  const std::string history = ask("GET", "/config/compaction/pages/history").substr(4);
  const Json entries = Json::parse(history);
  ASSERT_EQ(entries.array().size(), 3u);
  EXPECT_EQ(JsonField(entries.array()[1])["globalConfig"]["maxCompactionTaskSlots"].integer(), 9);
  EXPECT_TRUE(entries.array()[2].find("compactionConfig")->is_null());
  EXPECT_EQ(overlord("GET", "/config/datasources/pages/history"), "200 {\"entries\":" + history + "}");
}

}  // namespace
}  // namespace sarsen::server
