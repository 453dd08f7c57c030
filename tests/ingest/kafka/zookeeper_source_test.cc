#include "ingest/kafka/zookeeper_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
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

// --- several of one group

/// What a fire department does: takes messages, and makes them durable where that is wanted.
class Reader {
 public:
  explicit Reader(std::unique_ptr<ZooKeeperSource> source) : source_(std::move(source)) { source_->start({}); }

  void poll() {
    const Batch batch = source_->poll(5);
    for (const Message& message : batch.messages) {
      texts_.emplace_back(message.bytes.value_or("(null)"));
      position_.stream = "shared";
      position_.advance(message.partition, message.offset);
    }
    if (batch.persist_wanted) commit();
  }
  void commit() {
    source_->committed(position_);
    durable_ = texts_.size();
  }
  /// Those that were durable.
  std::vector<std::string> die() {
    source_ = nullptr;
    texts_.resize(durable_);
    return texts_;
  }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::unique_ptr<ZooKeeperSource> source_;
  Position position_;
  std::vector<std::string> texts_;
  std::size_t durable_ = 0;
};

class SharingTest : public ZooKeeperSourceTest {
 protected:
  void SetUp() override {
    ZooKeeperSourceTest::SetUp();
    cluster_.create_topic("shared", kPartitions);
    register_broker();
  }
  std::unique_ptr<Reader> reader(const std::string& id) {
    const ConsumerProperties properties{
        {"zookeeper.connect", "memory"}, {"group.id", "g"}, {"consumer.id", id}, {"auto.offset.reset", "smallest"}};
    return std::make_unique<Reader>(
        std::make_unique<ZooKeeperSource>("shared", properties, std::vector<std::int32_t>(), zookeeper_.connecting()));
  }
  void produce(int count) {
    KafkaProducer producer(cluster_.brokers());
    for (int i = 0; i < count; ++i, ++produced_)
      producer.send("shared", std::to_string(produced_), produced_ % kPartitions);
    producer.flush(kFlushMs);
  }
  std::map<std::string, std::string> owners() { return zookeeper_.below("/consumers/g/owners/shared"); }
  std::size_t owned_by(const std::string& id) {
    std::size_t count = 0;
    for (const auto& [path, owner] : owners()) count += owner == "g_" + id + "-0" ? 1 : 0;
    return count;
  }
  template <class Condition>
  static bool poll_until(const std::vector<Reader*>& readers, const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      for (Reader* reader : readers) reader->poll();
    }
    return true;
  }
  /// Each of what was produced, once.
  void expect_each_once(std::vector<std::string> texts) const {
    std::vector<std::string> expected;
    for (int i = 0; i < produced_; ++i) expected.push_back(std::to_string(i));
    std::sort(expected.begin(), expected.end());
    std::sort(texts.begin(), texts.end());
    EXPECT_EQ(texts, expected);
  }
  static std::vector<std::string> together(std::vector<std::string> left, const std::vector<std::string>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
  }

  static constexpr int kPartitions = 4;
  int produced_ = 0;
};

TEST_F(SharingTest, GivesPartitionsToWhoJoinsAndTakesThemFromWhoLeaves) {
  const auto first = reader("one");
  produce(40);
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 40; }));
  EXPECT_EQ(owned_by("one"), 4u);
  auto second = reader("two");
  ASSERT_TRUE(poll_until({first.get(), second.get()}, [&] { return owned_by("one") == 2 && owned_by("two") == 2; }));
  produce(40);
  ASSERT_TRUE(
      poll_until({first.get(), second.get()}, [&] { return first->texts().size() + second->texts().size() == 80; }));
  EXPECT_EQ(second->texts().size(), 20u);
  second->commit();
  const std::vector<std::string> of_second = second->die();
  EXPECT_EQ(of_second.size(), 20u);
  ASSERT_TRUE(poll_until({first.get()}, [&] { return owned_by("one") == 4; }));
  produce(4);
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 64; }));
  expect_each_once(together(first->texts(), of_second));
}

TEST_F(SharingTest, GoesOnFromTheGroupsOffsetsWhereAnotherHasDied) {
  const auto first = reader("one");
  auto second = reader("two");
  ASSERT_TRUE(poll_until({first.get(), second.get()}, [&] { return owned_by("one") == 2 && owned_by("two") == 2; }));
  produce(20);
  ASSERT_TRUE(
      poll_until({first.get(), second.get()}, [&] { return first->texts().size() + second->texts().size() == 20; }));
  second->commit();
  produce(20);
  ASSERT_TRUE(
      poll_until({first.get(), second.get()}, [&] { return first->texts().size() + second->texts().size() == 40; }));
  const std::vector<std::string> of_second = second->die();
  EXPECT_EQ(of_second.size(), 10u) << "the other ten were not durable";
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 30; }));
  expect_each_once(together(first->texts(), of_second));
}

TEST_F(SharingTest, WaitsForThePartitionsThatAnotherHolds) {
  zookeeper_.put("/consumers/g/owners/shared/0", "an old one-0", zookeeper_.abandoned_session());
  const auto first = reader("one");
  produce(4);
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 3; }));
  zookeeper_.remove("/consumers/g/owners/shared/0");
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 4; }));
  expect_each_once(first->texts());
}

TEST_F(SharingTest, ClaimsItsPartitionsAnewAfterAnExpiry) {
  const auto first = reader("one");
  produce(4);
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 4; }));
  zookeeper_.expire();
  ASSERT_TRUE(poll_until({first.get()}, [&] { return owned_by("one") == 4; }));
  produce(4);
  ASSERT_TRUE(poll_until({first.get()}, [&] { return first->texts().size() == 8; }));
  expect_each_once(first->texts());
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
