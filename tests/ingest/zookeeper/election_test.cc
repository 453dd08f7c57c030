#include "ingest/zookeeper/election.h"

#include <gtest/gtest.h>

#include "storage/base/log.h"
#include "tests/support/memory_zookeeper.h"

namespace sarsen::ingest {
namespace {

class ElectionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kOff);
    client_->session(1'000);
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  MemoryZooKeeper zookeeper_;
  std::unique_ptr<ZooKeeper> client_ = zookeeper_.connect();
  Election election_{"/d/o", "http://own:1", std::chrono::milliseconds(-1)};
};

TEST_F(ElectionTest, GivesWayWhileAnotherLeads) {
  EXPECT_EQ(election_.other(), std::nullopt) << "nobody was asked yet";
  EXPECT_TRUE(election_.look(*client_));
  EXPECT_EQ(election_.other(), std::nullopt) << "nobody stands";
  zookeeper_.put("/d/o/_c_z-latch-0000000001", "http://other:1");
  zookeeper_.put("/d/o/_c_a-latch-0000000002", "http://own:1");
  election_.look(*client_);
  EXPECT_EQ(election_.other(), "http://other:1");
  zookeeper_.remove("/d/o/_c_z-latch-0000000001");
  election_.look(*client_);
  EXPECT_EQ(election_.other(), std::nullopt);
}

TEST_F(ElectionTest, LeadsOnWithoutZooKeeperWhereNobodyElseStands) {
  zookeeper_.put("/d/o/_c_a-latch-0000000002", "http://own:1");
  election_.look(*client_);
  zookeeper_.set_away(true);
  EXPECT_FALSE(election_.look(*client_));
  EXPECT_EQ(election_.other(), std::nullopt);
}

TEST_F(ElectionTest, GivesWayWhereARivalMayLeadUnseen) {
  zookeeper_.put("/d/o/_c_a-latch-0000000002", "http://own:1");
  zookeeper_.put("/d/o/_c_a-latch-0000000003", "http://other:1");
  election_.look(*client_);
  EXPECT_EQ(election_.other(), std::nullopt);
  zookeeper_.set_away(true);
  election_.look(*client_);
  EXPECT_EQ(election_.other(), "");
  zookeeper_.set_away(false);
  election_.look(*client_);
  EXPECT_EQ(election_.other(), std::nullopt);
}

}  // namespace
}  // namespace sarsen::ingest
