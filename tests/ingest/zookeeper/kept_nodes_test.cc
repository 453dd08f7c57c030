#include "ingest/zookeeper/kept_nodes.h"

#include <gtest/gtest.h>

#include "storage/base/log.h"
#include "tests/support/memory_zookeeper.h"
#include "tests/support/wait_until.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::seconds kPatience{30};

using Nodes = std::map<std::string, std::string>;

class KeptNodesTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kOff); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  bool becomes(const std::string& folder, const Nodes& expected) {
    return wait_until([&] { return zookeeper_.below(folder) == expected; });
  }

  MemoryZooKeeper zookeeper_;
};

TEST_F(KeptNodesTest, CreatesChangesAndRemoves) {
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.put("/a/b", "1");
  EXPECT_EQ(zookeeper_.below("/a"), Nodes()) << "nothing before the start";
  nodes.start();
  EXPECT_TRUE(becomes("/a", {{"/a/b", "1"}}));
  nodes.put("/a/b", "2");
  nodes.put("/a/c", "3");
  EXPECT_TRUE(becomes("/a", {{"/a/b", "2"}, {"/a/c", "3"}}));
  nodes.remove("/a/b");
  EXPECT_TRUE(becomes("/a", {{"/a/c", "3"}}));
  nodes.stop();
  EXPECT_EQ(zookeeper_.below("/a"), Nodes()) << "they end with the session";
}

TEST_F(KeptNodesTest, WaitsForZooKeeper) {
  zookeeper_.set_away(true);
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.start();
  nodes.put("/a/b", "1");
  EXPECT_FALSE(nodes.settle(std::chrono::milliseconds(50)));
  zookeeper_.set_away(false);
  EXPECT_TRUE(nodes.settle(kPatience));
  EXPECT_EQ(zookeeper_.below("/a"), (Nodes{{"/a/b", "1"}}));
  zookeeper_.set_away(true);
  nodes.put("/a/b", "2");
  zookeeper_.set_away(false);
  EXPECT_TRUE(becomes("/a", {{"/a/b", "2"}}));
}

TEST_F(KeptNodesTest, ComesBackAfterItsSessionHasExpired) {
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.start();
  nodes.put("/a/b", "1");
  nodes.put_sequential("/e/me-", "url");
  EXPECT_TRUE(nodes.settle(kPatience));
  zookeeper_.expire();
  EXPECT_TRUE(becomes("/a", {{"/a/b", "1"}}));
  EXPECT_TRUE(becomes("/e", {{"/e/me-0000000001", "url"}})) << "at the end of the queue";
}

TEST_F(KeptNodesTest, ReplacesWhatAnEarlierProcessLeft) {
  const std::uint64_t earlier = zookeeper_.abandoned_session();
  zookeeper_.put("/a/b", "old", earlier);
  zookeeper_.put("/mine/x", "old", earlier);
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.put("/a/b", "new");
  nodes.put("/mine/y", "new");
  nodes.own_folder("/mine");
  nodes.start();
  EXPECT_TRUE(becomes("/a", {{"/a/b", "new"}}));
  EXPECT_TRUE(becomes("/mine", {{"/mine/y", "new"}}));
  zookeeper_.expire();
  EXPECT_TRUE(becomes("/a", {{"/a/b", "new"}}));
}

TEST_F(KeptNodesTest, PutsBackWhatSomebodyRemoves) {
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.put("/a/b", "1");
  nodes.start();
  EXPECT_TRUE(nodes.settle(kPatience));
  zookeeper_.remove("/a/b");
  EXPECT_TRUE(becomes("/a", {{"/a/b", "1"}}));
}

TEST_F(KeptNodesTest, WritesOnceWhatIsToStay) {
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.start();
  nodes.write("/c/offset", "5");
  EXPECT_TRUE(becomes("/c", {{"/c/offset", "5"}}));
  EXPECT_TRUE(nodes.settle(kPatience));
  zookeeper_.put("/c/offset", "3");  // somebody sets it back
  zookeeper_.expire();
  nodes.put("/a/b", "1");
  EXPECT_TRUE(becomes("/a", {{"/a/b", "1"}}));
  EXPECT_EQ(zookeeper_.below("/c"), (Nodes{{"/c/offset", "3"}}));
  nodes.write("/c/offset", "6");
  nodes.stop();
  EXPECT_EQ(zookeeper_.below("/c"), (Nodes{{"/c/offset", "6"}})) << "a stop writes what is to be written";
}

TEST_F(KeptNodesTest, StandsInALineOfOthers) {
  zookeeper_.put("/e/other-0000000000", "them", zookeeper_.abandoned_session());
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.put_sequential("/e/me-", "us");
  nodes.start();
  EXPECT_TRUE(nodes.settle(kPatience));
  EXPECT_EQ(zookeeper_.below("/e").size(), 2u);
  nodes.remove("/e/me-");
  EXPECT_TRUE(becomes("/e", {{"/e/other-0000000000", "them"}}));
}

TEST_F(KeptNodesTest, StopsThoughZooKeeperIsAway) {
  zookeeper_.set_away(true);
  KeptNodes nodes(zookeeper_.connecting(), "memory");
  nodes.put("/a/b", "1");
  nodes.start();
  nodes.stop();
  EXPECT_EQ(zookeeper_.below("/a"), Nodes());
}

}  // namespace
}  // namespace sarsen::ingest
