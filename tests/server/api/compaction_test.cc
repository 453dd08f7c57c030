// The API of automatic compaction, asked through the router without a socket.

#include "server/api/compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  }
  ~CompactionTest() override { set_log_level(LogLevel::kInfo); }

  std::string ask(const std::string& method, const std::string& target, const std::string& body = "") {
    return ask_router(router_, method, "/druid/coordinator/v1" + target, body);
  }

  TemporaryFolder folder_;
  ingest::TaskNode node_{folder_.path()};
  ingest::AutoCompaction compaction_{node_.queue, node_.metadata, node_.catalog};
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
  EXPECT_EQ(ask("GET", "/compaction/progress?dataSource=pages"), R"(404 {"error":"Unknown DataSource"})");
  ask("POST", "/config/compaction", R"({"dataSource":"pages"})");
  EXPECT_THAT(ask("GET", "/compaction/status"), HasSubstr(R"("segmentCountAwaitingCompaction":1)"));
  EXPECT_EQ(ask("POST", "/compaction/compact"), "200 ");
  EXPECT_TRUE(ingest::becomes(
      [&] { return ask("GET", "/compaction/progress?dataSource=pages") == R"(200 {"remainingSegmentSize":0})"; }));
  EXPECT_TRUE(ingest::becomes([&] {
    return ask("GET", "/compaction/status?dataSource=pages").find(R"("segmentCountCompacted":1)") != std::string::npos;
  }));
  EXPECT_EQ(ask("GET", "/compaction/status?dataSource=other"), R"(404 {"error":"Unknown DataSource"})");
}

}  // namespace
}  // namespace sarsen::server
