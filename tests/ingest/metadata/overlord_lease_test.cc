#include "ingest/metadata/overlord_lease.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::Optional;

class OverlordLeaseTest : public testing::Test {
 protected:
  OverlordLease lease(const std::string& holder) {
    return {folder_.path() / "metadata.sqlite", holder, "http://" + holder};
  }

  TemporaryFolder folder_;
};

TEST_F(OverlordLeaseTest, NobodyLeadsBeforeTheFirstLook) { EXPECT_THAT(lease("one").other(), Optional(std::string())); }

TEST_F(OverlordLeaseTest, TheFirstToLookLeadsAndTheOthersKnowIt) {
  OverlordLease one = lease("one");
  OverlordLease two = lease("two");
  one.look();
  two.look();
  EXPECT_EQ(one.other(), std::nullopt);
  EXPECT_THAT(two.other(), Optional(std::string("http://one")));
}

TEST_F(OverlordLeaseTest, WhoLooksOnKeepsItForEver) {
  OverlordLease one = lease("one");
  OverlordLease two = lease("two");
  for (int i = 0; i < 5 * OverlordLease::kLooksMax; ++i) {
    one.look();
    two.look();
  }
  EXPECT_EQ(one.other(), std::nullopt);
  EXPECT_TRUE(two.other());
}

TEST_F(OverlordLeaseTest, WhoLooksNoMoreIsFollowedAndGivesWayWhenItLooksAgain) {
  OverlordLease one = lease("one");
  OverlordLease two = lease("two");
  one.look();
  for (int i = 0; i < OverlordLease::kLooksMax; ++i) {
    two.look();
    EXPECT_TRUE(two.other()) << i;
  }
  two.look();
  EXPECT_EQ(two.other(), std::nullopt);
  one.look();
  EXPECT_THAT(one.other(), Optional(std::string("http://two")));
}

TEST_F(OverlordLeaseTest, WhoStartsAgainLeadsAtOnce) {
  lease("one").look();
  OverlordLease again = lease("one");
  again.look();
  EXPECT_EQ(again.other(), std::nullopt);
}

TEST_F(OverlordLeaseTest, WhoLeavesIsFollowedAtOnce) {
  OverlordLease one = lease("one");
  OverlordLease two = lease("two");
  one.look();
  one.leave();
  EXPECT_TRUE(one.other());
  two.look();
  EXPECT_EQ(two.other(), std::nullopt);
  one.leave();  // it has it no more
  OverlordLease three = lease("three");
  three.look();
  EXPECT_THAT(three.other(), Optional(std::string("http://two")));
}

TEST_F(OverlordLeaseTest, WhoAsksDoesNotWaitForADatabaseThatIsBusy) {
  OverlordLease one = lease("one");
  one.look();
  const MetadataDatabase busy(folder_.path() / "metadata.sqlite");
  busy.run("BEGIN IMMEDIATE");
  std::thread looking([&] { one.look(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(one.other(), std::nullopt);
  const auto length = std::chrono::steady_clock::now() - begin;
  busy.run("COMMIT");
  looking.join();
  EXPECT_LT(length, std::chrono::seconds(2));
}

}  // namespace
}  // namespace sarsen::ingest
