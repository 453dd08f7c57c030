// A process that is to be the overlord while its metadata store cannot be used.
#include "server/cli/duties.h"

#include <gtest/gtest.h>

#include "ingest/metadata/metadata_database.h"
#include "ingest/realtime/announcer.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/memory_zookeeper.h"
#include "tests/support/wait_until.h"

namespace sarsen::server {
namespace {

class DutiesTest : public testing::Test {
 protected:
  DutiesTest() {
    set_log_level(LogLevel::kOff);
    stores_.supervisors().add_version("autocompact__pages",
                                      Json::parse(R"({"type":"autocompact","spec":{"dataSource":"pages"}})"));
    database_.run("ALTER TABLE druid_supervisors RENAME TO away");
  }
  ~DutiesTest() override { set_log_level(LogLevel::kInfo); }

  void give_back() { database_.run("ALTER TABLE away RENAME TO druid_supervisors"); }
  void start(ingest::ZooKeeper* zookeeper) { duties_.start("127.0.0.1", 1, "here:1", zookeeper); }
  bool is_overlord() { return overlord_.compaction_supervisors().all().size() == 1; }

  TemporaryFolder folder_;
  const DataFolder data_{folder_.path()};
  storage::Catalog catalog_;
  SegmentStores stores_{{}, data_};
  const ingest::MetadataDatabase database_{stores_.metadata_config()};
  ingest::TaskStorage storage_{stores_.metadata_config()};
  ingest::TaskLockbox locks_{storage_};
  ingest::LogAnnouncer announcer_{"here:1"};
  Supervision supervision_{stores_, catalog_, data_.supervised(), announcer_, locks_};
  OverlordNode overlord_{1, data_, stores_, catalog_, storage_, locks_, true, {&supervision_.manager()}};
  const AnnouncementSettings settings_;
  Duties duties_{settings_, overlord_, supervision_, {std::chrono::hours(1), std::chrono::hours(1), {}}, nullptr, "me"};
};

TEST_F(DutiesTest, WhoIsElectedBeginsWhenItCan) {
  ingest::MemoryZooKeeper servers;
  const auto zookeeper = servers.connect();
  ASSERT_NE(zookeeper->session(1000), 0U);
  start(zookeeper.get());
  std::this_thread::sleep_for(std::chrono::milliseconds(700));  // more than one look
  EXPECT_FALSE(is_overlord());
  give_back();
  EXPECT_TRUE(wait_until([&] { return is_overlord(); }));
  duties_.stop();
  EXPECT_FALSE(is_overlord());
}

TEST_F(DutiesTest, WhatCouldNotBeginMayBeBegunAgain) {
  EXPECT_THROW(start(nullptr), Error);
  EXPECT_FALSE(is_overlord());
  give_back();
  start(nullptr);
  EXPECT_TRUE(is_overlord());
}

}  // namespace
}  // namespace sarsen::server
