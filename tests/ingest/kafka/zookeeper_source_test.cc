#include "ingest/kafka/zookeeper_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/support/memory_zookeeper.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kFlushMs = 10'000;
const std::string kOffset = "/consumers/g/offsets/wikipedia/0";

class ZooKeeperSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kOff);
    cluster_.create_topic("wikipedia", 1);
    KafkaProducer producer(cluster_.brokers());
    for (const char* message : {"a", "b", "c", "d"}) producer.send("wikipedia", message, 0);
    producer.flush(kFlushMs);
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  void register_broker() {
    const std::string brokers = cluster_.brokers();
    zookeeper_.put("/brokers/ids/1",
                   R"({"endpoints":["PLAINTEXT://)" + brokers.substr(0, brokers.find(',')) + R"("],"version":5})");
  }

  std::unique_ptr<ZooKeeperSource> source(ConsumerProperties properties = {}) {
    properties.insert({{"zookeeper.connect", "memory"}, {"group.id", "g"}, {"auto.offset.reset", "smallest"}});
    return std::make_unique<ZooKeeperSource>("wikipedia", properties, std::vector<std::int32_t>(),
                                             zookeeper_.connecting());
  }

  static std::vector<std::string> read(Source& source, std::size_t count) {
    std::vector<std::string> texts;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (texts.size() < count && std::chrono::steady_clock::now() < deadline)
      for (const Message& message : source.poll(100).messages) texts.emplace_back(message.bytes.value_or("(null)"));
    return texts;
  }

  std::string offset() { return zookeeper_.below("/consumers")[kOffset]; }

  MockCluster cluster_;
  MemoryZooKeeper zookeeper_;
};

TEST_F(ZooKeeperSourceTest, FindsTheBrokersWhenTheyAreThere) {
  zookeeper_.set_away(true);
  const auto source = this->source();
  source->start({});
  EXPECT_THAT(source->poll(50).messages, IsEmpty());
  zookeeper_.set_away(false);
  EXPECT_THAT(source->poll(50).messages, IsEmpty()) << "no broker is registered";
  register_broker();
  EXPECT_THAT(read(*source, 4), ElementsAre("a", "b", "c", "d"));
}

TEST_F(ZooKeeperSourceTest, FollowsBrokersThatMove) {
  zookeeper_.put("/brokers/ids/1", R"({"endpoints":["PLAINTEXT://127.0.0.1:1"],"version":5})");
  const auto source = this->source();
  source->start({});
  EXPECT_THAT(source->poll(50).messages, IsEmpty()) << "nobody is there";
  register_broker();
  EXPECT_THAT(read(*source, 4), ElementsAre("a", "b", "c", "d"));
}

TEST_F(ZooKeeperSourceTest, BeginsWhereTheGroupIs) {
  register_broker();
  zookeeper_.put(kOffset, "2");
  const auto source = this->source();
  source->start({});
  EXPECT_THAT(read(*source, 2), ElementsAre("c", "d"));
}

TEST_F(ZooKeeperSourceTest, BeginsAtItsOwnPositionWhereItHasOne) {
  register_broker();
  zookeeper_.put(kOffset, "1");
  const auto source = this->source();
  source->start({"wikipedia", {{0, 3}}});
  EXPECT_THAT(read(*source, 1), ElementsAre("d"));
}

TEST_F(ZooKeeperSourceTest, WritesWhatIsDurable) {
  register_broker();
  const auto source = this->source();
  source->start({});
  EXPECT_THAT(read(*source, 4), ElementsAre("a", "b", "c", "d"));
  source->close();
  source->committed({"wikipedia", {{0, 4}}});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (offset() != "4" && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(offset(), "4");
}

TEST_F(ZooKeeperSourceTest, LeavesTheOffsetsAloneThatAreKeptInKafkaOnly) {
  register_broker();
  zookeeper_.put(kOffset, "2");
  const auto source = this->source({{"offsets.storage", "kafka"}, {"dual.commit.enabled", "false"}});
  source->start({});
  EXPECT_THAT(read(*source, 4), ElementsAre("a", "b", "c", "d"));
}

TEST_F(ZooKeeperSourceTest, EndsThoughZooKeeperIsAway) {
  zookeeper_.set_away(true);
  const auto source = this->source();
  source->start({});
  std::thread reader([&] { EXPECT_THAT(source->poll(60'000).messages, IsEmpty()); });
  source->close();
  reader.join();
}

TEST_F(ZooKeeperSourceTest, NamesWhatIsWrong) {
  const auto problem = [this](const ConsumerProperties& properties) -> std::string {
    try {
      source(properties);
      ZooKeeperSource("wikipedia", properties, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(problem({{"auto.offset.reset", "some"}, {"zookeeper.connect", "h"}}), HasSubstr("auto.offset.reset"));
  EXPECT_THAT(problem({{"zookeeper.connect", "h"}, {"zookeeper.session.timeout.ms", "soon"}}), HasSubstr("zookeeper."));
}

}  // namespace
}  // namespace sarsen::ingest
