#include "ingest/kafka/kafka_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr int kFlushMs = 10'000;

class KafkaSourceTest : public testing::Test {
 protected:
  KafkaSource source(ConsumerProperties properties) {
    // Reconnecting at once keeps tests short.
    properties["reconnect.backoff.max.ms"] = "100";
    properties["reconnect.backoff.ms"] = "10";
    return KafkaSource(parse_kafka_settings("wikipedia", properties, cluster_.brokers()));
  }

  void produce(const std::vector<std::string>& messages, int partition = 0) {
    KafkaProducer producer(cluster_.brokers());
    for (const std::string& message : messages) producer.send("wikipedia", message, partition);
    producer.flush(kFlushMs);
  }

  /// Reads until `count` messages have come or ten seconds have passed; then a little longer, for what should not come.
  std::vector<std::string> read(Source& source, std::size_t count) {
    std::vector<std::string> texts;
    const auto deadline = std::chrono::steady_clock::now() + seconds(10);
    while (texts.size() < count && std::chrono::steady_clock::now() < deadline) take(source.poll(100), texts);
    take(source.poll(100), texts);
    return texts;
  }

  void take(const Batch& batch, std::vector<std::string>& texts) {
    for (const Message& message : batch.messages) {
      EXPECT_EQ(message.offset, position_.next_offsets.contains(message.partition)
                                    ? position_.next_offsets.at(message.partition)
                                    : message.offset);
      position_.advance(message.partition, message.offset);
      texts.emplace_back(message.bytes.value_or("(null)"));
    }
  }

  MockCluster cluster_;
  Position position_{"wikipedia", {}};
};

TEST_F(KafkaSourceTest, ReadsFromTheBeginningWhenAskedTo) {
  cluster_.create_topic("wikipedia", 1);
  produce({"a", "b", "c"});
  KafkaSource source = this->source({{"auto.offset.reset", "smallest"}});
  source.start({});
  EXPECT_THAT(read(source, 3), ElementsAre("a", "b", "c"));
  EXPECT_EQ(position_.next_offsets, (StreamOffsets{{0, 3}}));
}

TEST_F(KafkaSourceTest, ReadsOnlyWhatComesAfterTheStartByDefault) {
  cluster_.create_topic("wikipedia", 1);
  produce({"old"});
  KafkaSource source = this->source({});
  source.start({});
  produce({"new"});
  EXPECT_THAT(read(source, 1), ElementsAre("new"));
}

TEST_F(KafkaSourceTest, ReadsAllOfATopicThatAppearsAfterTheStart) {
  cluster_.create_topic("wikipedia", 2);
  produce({"a", "b"}, 0);
  produce({"c"}, 1);
  cluster_.hide_topic("wikipedia", true);
  KafkaSource source = this->source({{"auto.offset.reset", "largest"}});
  source.start({"wikipedia", {{0, 1}}});  // of an older topic of that name
  EXPECT_THAT(source.poll(100).messages, IsEmpty());
  cluster_.hide_topic("wikipedia", false);
  EXPECT_THAT(read(source, 3), UnorderedElementsAre("a", "b", "c"));
}

TEST_F(KafkaSourceTest, LosesNothingOfATopicThatTheFirstMessageMakes) {
  KafkaSource source = this->source({{"auto.offset.reset", "largest"}});
  source.start({});
  produce({"a", "b"}, 0);
  produce({"c"}, 1);
  EXPECT_THAT(read(source, 3), UnorderedElementsAre("a", "b", "c"));
}

TEST_F(KafkaSourceTest, ResumesEachPartitionAtItsOffset) {
  cluster_.create_topic("wikipedia", 2);
  produce({"a0", "a1", "a2"}, 0);
  produce({"b0", "b1"}, 1);
  KafkaSource source = this->source({{"auto.offset.reset", "latest"}});
  source.start({"wikipedia", {{0, 1}, {1, 2}}});
  EXPECT_THAT(read(source, 2), ElementsAre("a1", "a2"));
  produce({"b2"}, 1);
  EXPECT_THAT(read(source, 1), ElementsAre("b2"));
}

TEST_F(KafkaSourceTest, ReadsOnlyThePartitionsAskedFor) {
  cluster_.create_topic("wikipedia", 2);
  produce({"a"}, 0);
  produce({"b"}, 1);
  KafkaSettings settings = parse_kafka_settings("wikipedia", {{"auto.offset.reset", "earliest"}}, cluster_.brokers());
  settings.partitions = {1};
  KafkaSource source(settings);
  source.start({});
  EXPECT_THAT(read(source, 1), ElementsAre("b"));
}

TEST_F(KafkaSourceTest, RefusesAPositionOfAnotherTopic) {
  KafkaSource source = this->source({});
  EXPECT_THROW(source.start({"other", {{0, 1}}}), Error);
}

TEST_F(KafkaSourceTest, GoesOnWhereTheResetPolicySaysWhenItsOffsetIsUnknown) {
  cluster_.create_topic("wikipedia", 1);
  produce({"a", "b"});
  KafkaSource earliest = this->source({{"auto.offset.reset", "earliest"}});
  earliest.start({"wikipedia", {{0, 7}}});
  EXPECT_THAT(read(earliest, 2), ElementsAre("a", "b"));
  KafkaSource latest = this->source({{"auto.offset.reset", "latest"}});
  latest.start({"wikipedia", {{0, 7}}});
  produce({"c"});
  EXPECT_THAT(read(latest, 1), ElementsAre("c"));
  KafkaSource none = this->source({{"auto.offset.reset", "none"}});
  EXPECT_THROW(none.start({"wikipedia", {{0, 7}}}), Error);
}

TEST_F(KafkaSourceTest, NoticesOffsetsThatAreTrimmedWhileItReads) {
  cluster_.create_topic("wikipedia", 1);
  produce({"first"});
  KafkaSource source = this->source({{"auto.offset.reset", "smallest"},
                                     {"fetch.message.max.bytes", "1000"},
                                     {"queued.max.messages.kbytes", "1"},
                                     {"fetch.max.bytes", "1000"},
                                     {"message.max.bytes", "1000"},
                                     {"receive.message.max.bytes", "2000000"}});
  source.start({});
  EXPECT_THAT(read(source, 1), ElementsAre("first"));
  // The mock cluster keeps 5 MiB of a partition: these push out what has not been fetched yet.
  const std::string large(90'000, 'x');
  for (int round = 0; round < 3; ++round) produce(std::vector<std::string>(60, large));
  produce({"last"});
  std::string last;
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  std::int64_t seen = 1;
  while (last != "last" && std::chrono::steady_clock::now() < deadline)
    for (const Batch batch = source.poll(100); const Message& message : batch.messages) {
      last = std::string(message.bytes.value());
      ++seen;
    }
  EXPECT_EQ(last, "last");
  EXPECT_LT(seen, 182) << "nothing was trimmed";
}

TEST_F(KafkaSourceTest, OutlivesABrokerThatIsAwayForAWhile) {
  cluster_.create_topic("wikipedia", 1);
  produce({"a"});
  KafkaSource source = this->source({{"auto.offset.reset", "earliest"}});
  source.start({});
  EXPECT_THAT(read(source, 1), ElementsAre("a"));
  cluster_.set_down();
  EXPECT_THAT(source.poll(300).messages, IsEmpty());
  cluster_.set_up();
  produce({"b"});
  EXPECT_THAT(read(source, 1), ElementsAre("b"));
}

TEST_F(KafkaSourceTest, WaitsForABrokerThatIsNotThereYet) {
  cluster_.create_topic("wikipedia", 1);
  cluster_.set_down();
  KafkaSource source = this->source({{"auto.offset.reset", "earliest"}});
  source.start({});
  EXPECT_THAT(source.poll(10).messages, IsEmpty());
  cluster_.set_up();
  produce({"a"});
  EXPECT_THAT(read(source, 1), ElementsAre("a"));
}

TEST_F(KafkaSourceTest, KeepsTheBytesOfABatchBeyondTheSource) {
  cluster_.create_topic("wikipedia", 1);
  produce({"a", "b"});
  Batch batch;
  {
    KafkaSource source = this->source({{"auto.offset.reset", "earliest"}});
    source.start({});
    while (batch.messages.empty()) batch = source.poll(100);
  }
  EXPECT_EQ(batch.messages.front().bytes, "a");
}

TEST_F(KafkaSourceTest, EndsAWaitWhenItIsClosed) {
  cluster_.create_topic("wikipedia", 1);
  KafkaSource source = this->source({});
  source.start({});
  std::thread closer([&] { source.close(); });
  EXPECT_THAT(source.poll(60'000).messages, IsEmpty());
  closer.join();
  EXPECT_THAT(source.poll(60'000).messages, IsEmpty());
}

TEST_F(KafkaSourceTest, ReadsManyMessagesInFewBatches) {
  cluster_.create_topic("wikipedia", 1);
  produce(std::vector<std::string>(20'000, "message"));
  KafkaSource source = this->source({{"auto.offset.reset", "earliest"}});
  source.start({});
  EXPECT_THAT(read(source, 20'000), SizeIs(20'000));
}

TEST_F(KafkaSourceTest, TellsItsGroupWhatIsDurable) {
  cluster_.create_topic("wikipedia", 1);
  produce({"a"});
  KafkaSource source = this->source({{"auto.offset.reset", "earliest"}, {"group.id", "druid-example"}});
  source.start({});
  EXPECT_THAT(read(source, 1), ElementsAre("a"));
  source.committed(position_);
}

TEST(MockClusterTest, RefusesAPortThatIsTaken) {
  MockCluster first;
  const std::string& address = first.brokers();
  const auto taken = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  EXPECT_THROW(MockCluster second(taken), Error);
}

}  // namespace
}  // namespace sarsen::ingest
