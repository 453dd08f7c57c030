#include "ingest/hand_off/served_elsewhere.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ingest/hand_off/announced_hand_off.h"
#include "ingest/hand_off/coordinator_hand_off.h"
#include "ingest/zookeeper/druid_nodes.h"
#include "ingest/zookeeper/gzipped.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/small_http_server.h"
#include "tests/support/memory_zookeeper.h"

namespace sarsen::ingest {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kHourMs = 3'600'000;

storage::SegmentId hour(int number, const std::string& version = "v2", std::uint32_t partition = 0) {
  return {.data_source = "x y",
          .interval = {number * kHourMs, (number + 1) * kHourMs},
          .version = version,
          .partition = partition};
}

std::string segment(const std::string& interval, const std::string& version, const std::string& shard_spec,
                    const std::string& data_source = "x y") {
  return R"({"dataSource":")" + data_source + R"(","interval":")" + interval + R"(","version":")" + version +
         R"(","shardSpec":)" + shard_spec + "}";
}

class AnnouncedHandOffTest : public ::testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kOff); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  void announce_server(const std::string& name, const std::string& type) {
    zookeeper_.put("/d/announcements/" + name, gzipped(R"({"name":")" + name + R"(","type":")" + type + R"("})"));
  }
  bool is_released(const storage::SegmentId& id) { return hand_off().served({id}).contains(id); }
  AnnouncedHandOff hand_off() {
    return AnnouncedHandOff(
        *client_, {.servers = "/d/announcements", .segments = "/d/segments", .served_segments = "/d/servedSegments"});
  }

  MemoryZooKeeper zookeeper_;
  std::unique_ptr<ZooKeeper> client_ = zookeeper_.connect();
};

TEST_F(AnnouncedHandOffTest, WantsAnAssignableServerWithTheStartThePartitionAndTheVersion) {
  client_->session(1'000);
  announce_server("h:1", "historical");
  announce_server("r:1", "realtime");
  const std::string hours = "1970-01-01T02:00:00.000Z/1970-01-01T04:00:00.000Z";
  zookeeper_.put("/d/segments/h:1/0", gzipped("[" + segment(hours, "v2", R"({"type":"none"})") + "," +
                                              segment(hours, "v3", R"({"type":"linear","partitionNum":1})") + "]"));
  zookeeper_.put("/d/segments/r:1/0", "[" + segment("1970-01-01/1970-01-02", "v9", R"({"type":"none"})") + "]");
  EXPECT_TRUE(is_released(hour(2)));
  EXPECT_TRUE(is_released(hour(3))) << "a longer one holds it";
  EXPECT_FALSE(is_released(hour(4))) << "of another time";
  EXPECT_TRUE(is_released(hour(2, "v1"))) << "a newer one holds it";
  EXPECT_FALSE(is_released(hour(2, "v3"))) << "an older one does not";
  EXPECT_TRUE(is_released(hour(2, "v2", 1)));
  EXPECT_FALSE(is_released(hour(2, "v2", 2))) << "another partition";
  auto other = hour(2);
  other.data_source = "z";
  EXPECT_FALSE(is_released(other));
}

TEST_F(AnnouncedHandOffTest, ReadsANodeForEachSegmentAndPassesOverWhatIsBroken) {
  client_->session(1'000);
  announce_server("h:1", "historical");
  zookeeper_.put("/d/announcements/bad", "{");
  zookeeper_.put("/d/segments/h:1/broken", "\x1f\x8b broken");
  zookeeper_.put("/d/segments/h:1/other", R"([{"dataSource":"x y","interval":7}])");
  zookeeper_.put("/d/servedSegments/h:1/one", segment("1970-01-01T02/1970-01-01T03", "v2", R"({"type":"none"})"));
  EXPECT_TRUE(is_released(hour(2)));
}

TEST_F(AnnouncedHandOffTest, CannotTellWhereZooKeeperIsAway) {
  zookeeper_.set_away(true);
  EXPECT_THROW(is_released(hour(2)), Error);
}

TEST_F(AnnouncedHandOffTest, FindsTheLeaderByTheNumberAtTheEnd) {
  client_->session(1'000);
  EXPECT_EQ(find_leader(*client_, "/d/c"), "");
  zookeeper_.put("/d/c/_c_a-latch-0000000012", "http://later:1");
  zookeeper_.put("/d/c/_c_z-latch-0000000003", "http://first:1");
  EXPECT_EQ(find_leader(*client_, "/d/c"), "http://first:1");
  zookeeper_.put("/d/c/_c_z-latch-0000000001", "old:8081");
  EXPECT_EQ(find_leader(*client_, "/d/c"), "http://old:8081");
  zookeeper_.set_away(true);
  EXPECT_EQ(find_leader(*client_, "/d/c"), std::nullopt);
}

TEST(CoordinatorHandOffTest, AsksTheLeader) {
  std::string asked;
  const SmallHttpServer coordinator([&](const std::string& head) {
    asked += head.substr(0, head.find("\r\n")) + "\n";
    return http_answer("200 OK", head.find("T02%3A00") < head.find("%2F") ? "true" : "false");
  });
  CoordinatorHandOff hand_off([&] { return std::optional(coordinator.url()); });
  EXPECT_EQ(hand_off.served({hour(2), hour(5)}), std::set<storage::SegmentId>{hour(2)});
  EXPECT_THAT(asked, HasSubstr("GET /druid/coordinator/v1/datasources/x%20y/handoffComplete?interval="
                               "1970-01-01T02%3A00%3A00.000Z%2F1970-01-01T03%3A00%3A00.000Z"
                               "&partitionNumber=0&version=v2 HTTP/1.1"));
}

TEST(CoordinatorHandOffTest, CannotTellWithoutALeaderOrItsAnswer) {
  EXPECT_THROW(CoordinatorHandOff([] { return std::nullopt; }).served({hour(2)}), Error);
  EXPECT_THROW(CoordinatorHandOff([] { return std::string(); }).served({hour(2)}), Error);
  const SmallHttpServer coordinator([](const std::string&) { return http_answer("503 Busy", "true"); });
  EXPECT_THROW(CoordinatorHandOff([&] { return std::optional(coordinator.url()); }).served({hour(2)}), Error);
}

}  // namespace
}  // namespace sarsen::ingest
