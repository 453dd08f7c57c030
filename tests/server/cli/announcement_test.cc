#include "server/cli/announcement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "ingest/metadata/sql_metadata_store.h"
#include "server/cli/server_settings.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/server/cli/program.h"
#include "tests/server/cli/settings_problem.h"
#include "tests/support/memory_segment.h"
#include "tests/support/memory_zookeeper.h"

namespace sarsen::server {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class AnnouncementTest : public ::testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kOff); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  static AnnouncementSettings settings(Properties properties) {
    properties.insert(properties.begin(),
                      {{"druid.zk.service.host", "memory"}, {"druid.zk.service.compress", "false"}});
    AnnouncementSettings settings;
    for (const auto& [name, value] : properties) EXPECT_TRUE(set_announcement(settings, name, value)) << name;
    return settings;
  }

  void announce(const Properties& properties = {}) {
    announcement_ = std::make_unique<Announcement>(settings(properties), catalog_, metadata_, zookeeper_.connecting());
    announcement_->listens_at("h", 8084);
    announcement_->start();
  }

  void serve_segment() {
    const storage::SegmentId id{.data_source = "a", .interval = {0, 86'400'000}, .version = "v"};
    catalog_.update("a", [&](storage::Timeline& timeline) {
      timeline.add({.id = id,
                    .core_partitions = 0,
                    .shard_spec = Json::parse(R"({"type":"none"})"),
                    .segment = std::make_shared<storage::ImmutableServedSegment>(
                        std::make_shared<sarsen::testing::MemorySegment>(
                            std::vector<std::int64_t>{1}, sarsen::testing::MemorySegment::Form::kMapped))});
    });
    announcement_->segments().announce(id);
  }

  /// The node whose path begins so, once it is there: "path=data".
  std::string node(const std::string& prefix) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline) {
      for (const auto& [path, data] : zookeeper_.below(""))
        if (path.starts_with(prefix) && !data.empty()) return path + "=" + data;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return "";
  }

  const TemporaryFolder folder_;
  storage::Catalog catalog_;
  ingest::SqlMetadataStore metadata_{folder_.path() / "metadata.sqlite"};
  ingest::MemoryZooKeeper zookeeper_;
  std::unique_ptr<Announcement> announcement_;
};

TEST_F(AnnouncementTest, StandsWhereDruidLooks) {
  announce();
  serve_segment();
  EXPECT_THAT(node("/druid/announcements/h:8084"), HasSubstr(R"(={"name":"h:8084")"));
  EXPECT_THAT(node("/druid/segments/h:8084/"), HasSubstr(R"(=[{"dataSource":"a")"));
  EXPECT_THAT(node("/druid/internal-discovery/OVERLORD/h:8084"), HasSubstr(R"("nodeType":"overlord")"));
  EXPECT_THAT(node("/druid/internal-discovery/COORDINATOR/h:8084"), HasSubstr(R"("service":"druid/coordinator")"));
  EXPECT_THAT(node("/druid/internal-discovery/BROKER/h:8084"), HasSubstr(R"("plaintextPort":8084)"));
  EXPECT_THAT(node("/druid/internal-discovery/HISTORICAL/h:8084"), HasSubstr("dataNodeService"));
  EXPECT_THAT(node("/druid/discovery/druid:overlord/"), HasSubstr(R"("address":"h","port":8084)"));
  EXPECT_THAT(node("/druid/overlord/_OVERLORD/_c_"), HasSubstr("-latch-0000000000=http://h:8084"));
  EXPECT_THAT(node("/druid/coordinator/_COORDINATOR/_c_"), HasSubstr("-latch-0000000000=http://h:8084"));
  announcement_->stop();
  for (const auto& [path, data] : zookeeper_.below("/druid")) EXPECT_EQ(data, "") << path;
}

TEST_F(AnnouncementTest, StandsWhereItIsTold) {
  announce({{"druid.zk.paths.base", "d"},
            {"druid.zk.paths.announcementsPath", "/x/servers"},
            {"druid.discovery.curator.path", "/y"},
            {"druid.selectors.indexing.serviceName", "overlord"},
            {"druid.announcer.type", "legacy"},
            {"druid.service", "druid/realtime"},
            {"sarsen.zookeeper.roles", R"(["overlord"])"}});
  serve_segment();
  EXPECT_THAT(node("/x/servers/h:8084"), HasSubstr("{"));
  EXPECT_THAT(node("/y/overlord/"), HasSubstr(R"("name":"overlord")"));
  EXPECT_THAT(node("/y/druid:realtime/"), HasSubstr(R"("name":"druid:realtime")"));
  EXPECT_THAT(node("/d/servedSegments/h:8084/a_1970-01-01T00:00:00.000Z_1970-01-02T00:00:00.000Z_v"),
              HasSubstr(R"(={"dataSource":"a")"));
  EXPECT_THAT(node("/d/overlord/_OVERLORD/"), HasSubstr("http://h:8084"));
  EXPECT_TRUE(zookeeper_.below("/d/coordinator").empty());
  EXPECT_TRUE(zookeeper_.below("/d/internal-discovery/BROKER").empty());
}

TEST_F(AnnouncementTest, CompressesAsCuratorDoes) {
  announce({{"druid.zk.service.compress", "true"}});
  EXPECT_THAT(node("/druid/announcements/h:8084"), StartsWith("/druid/announcements/h:8084=\x1f\x8b"));
  EXPECT_THAT(node("/druid/overlord/_OVERLORD/"), HasSubstr("http://h:8084"));
}

TEST_F(AnnouncementTest, IsInTheLogOnlyWithoutZooKeeper) {
  Announcement announcement({}, catalog_, metadata_);
  announcement.listens_at("h", 8084);
  announcement.start();
  announcement.segments().announce({.data_source = "a", .interval = {0, 1}, .version = "v"});
  announcement.stop();
}

TEST(AnnouncementSettingsTest, NamesWhatIsWrong) {
  for (const auto& [name, value] : Properties{{"druid.zk.service.host", "a,,b"},
                                              {"druid.zk.service.enabled", "yes"},
                                              {"druid.zk.service.sessionTimeoutMs", "0"},
                                              {"druid.zk.service.authScheme", "kerberos"},
                                              {"druid.zk.paths.base", "/"},
                                              {"druid.announcer.type", "http"},
                                              {"druid.announcer.segmentsPerNode", "0"},
                                              {"druid.announcer.maxBytesPerNode", "2MiB"},
                                              {"druid.server.priority", "high"},
                                              {"sarsen.zookeeper.roles", "broker"},
                                              {"sarsen.zookeeper.roles", R"(["router"])"}})
    EXPECT_THAT(problem_of({{name, value}}), HasSubstr(name));
}

TEST(AnnouncementSettingsTest, KeepsThePasswordToItself) {
  const ServerSettings settings = read_settings({{"druid.zk.service.user", "u"}, {"druid.zk.service.pwd", "secret"}});
  EXPECT_TRUE(settings.effective.contains("druid.zk.service.user"));
  EXPECT_FALSE(settings.effective.contains("druid.zk.service.pwd"));
  EXPECT_EQ(settings.announcement.password, "secret");
  EXPECT_EQ(read_settings({{"druid.zk.service.pwd", "{secret"}}).announcement.password, "{secret");
  EXPECT_EQ(read_settings({{"druid.zk.service.pwd", R"({"type":"default","password":"p"})"}}).announcement.password,
            "p");
}

TEST(AnnouncementSettingsTest, WantsNothingWhereItIsOff) {
  EXPECT_FALSE(read_settings({}).announcement.wanted());
  EXPECT_FALSE(
      read_settings({{"druid.zk.service.host", "h"}, {"druid.zk.service.enabled", "false"}}).announcement.wanted());
}

}  // namespace
}  // namespace sarsen::server
