#include "ingest/zookeeper/consumer_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_zookeeper.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

TEST(ConsumerGroupTest, SharesPartitionsByRanges) {
  EXPECT_THAT(range_share({0, 1, 2, 3, 4}, {"a-0", "b-0"}, "a-0"), ElementsAre(0, 1, 2));
  EXPECT_THAT(range_share({0, 1, 2, 3, 4}, {"a-0", "b-0"}, "b-0"), ElementsAre(3, 4));
  EXPECT_THAT(range_share({0, 1}, {"a-0", "b-0", "c-0"}, "b-0"), ElementsAre(1));
  EXPECT_THAT(range_share({0, 1}, {"a-0", "b-0", "c-0"}, "c-0"), IsEmpty());
  EXPECT_THAT(range_share({0, 1}, {"a-0"}, "b-0"), IsEmpty());
  EXPECT_THAT(range_share({}, {"a-0"}, "a-0"), IsEmpty());
}

TEST(ConsumerGroupTest, CountsTheOthersByTheirStreamsOfTheTopic) {
  MemoryZooKeeper zookeeper;
  KeptNodes nodes(zookeeper.connecting(), "memory");
  nodes.start();
  ConsumerGroup group(nodes, "g", "clicks", "g_b");
  EXPECT_EQ(group.share({0, 1}), std::nullopt) << "not a member yet";
  group.join();
  ASSERT_TRUE(nodes.settle(std::chrono::seconds(30)));
  EXPECT_THAT(zookeeper.below("/consumers/g/ids")["/consumers/g/ids/g_b"],
              StartsWith(R"({"version":1,"subscription":{"clicks":1},"pattern":"static","timestamp":")"));
  EXPECT_THAT(*group.share({0, 1, 2}), ElementsAre(0, 1, 2));
  zookeeper.put("/consumers/g/ids/g_a", R"({"version":1,"subscription":{"clicks":2},"pattern":"static"})");
  zookeeper.put("/consumers/g/ids/g_c", R"({"version":1,"subscription":{"others":1},"pattern":"static"})");
  zookeeper.put("/consumers/g/ids/g_d", "no JSON");
  EXPECT_THAT(*group.share({0, 1, 2}), ElementsAre(2)) << "two streams of another come before";
  zookeeper.set_away(true);
  EXPECT_EQ(group.share({0, 1, 2}), std::nullopt);
  EXPECT_EQ(group.claim(0), ConsumerGroup::Claim::kUnknown);
}

TEST(ConsumerGroupTest, TakesWhatNobodyHas) {
  MemoryZooKeeper zookeeper;
  KeptNodes nodes(zookeeper.connecting(), "memory");
  nodes.start();
  ConsumerGroup group(nodes, "g", "clicks", "g_b");
  group.join();
  ASSERT_TRUE(nodes.settle(std::chrono::seconds(30)));
  EXPECT_EQ(group.claim(0), ConsumerGroup::Claim::kOwn);
  EXPECT_EQ(group.claim(0), ConsumerGroup::Claim::kOwn) << "still";
  EXPECT_EQ(zookeeper.below("/consumers/g/owners")["/consumers/g/owners/clicks/0"], "g_b-0");
  zookeeper.put("/consumers/g/owners/clicks/1", "g_a-0", zookeeper.abandoned_session());
  EXPECT_EQ(group.claim(1), ConsumerGroup::Claim::kOthers);
  EXPECT_TRUE(group.release(0));
  EXPECT_TRUE(group.release(0));
  EXPECT_EQ(zookeeper.below("/consumers/g/owners").count("/consumers/g/owners/clicks/0"), 0u);
}

TEST(ConsumerGroupTest, NamesConsumersAsKafkaDoes) {
  EXPECT_EQ(new_consumer_id("g", "mine"), "g_mine");
  EXPECT_THAT(new_consumer_id("g", ""), testing::MatchesRegex("g_.+-[0-9]+-[0-9a-f]+"));
  EXPECT_NE(new_consumer_id("g", ""), new_consumer_id("g", ""));
}

}  // namespace
}  // namespace sarsen::ingest
