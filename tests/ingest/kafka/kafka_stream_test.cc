#include "ingest/kafka/kafka_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr int kFlushMs = 10'000;

class KafkaStreamTest : public testing::Test {
 protected:
  KafkaStreamOptions options(const std::string& stream, bool pattern = false) {
    return {.stream = stream, .pattern = pattern, .properties = {{"bootstrap.servers", cluster_.brokers()}}};
  }

  void produce(const std::string& topic, int partition, const std::vector<std::string>& messages) {
    KafkaProducer producer(cluster_.brokers());
    for (const std::string& message : messages) producer.send(topic, message, partition);
    producer.flush(kFlushMs);
  }

  /// "topic:partition@offset=bytes", until there are `count`.
  std::vector<std::string> read(Source& source, std::size_t count) {
    std::vector<std::string> texts;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (texts.size() < count && std::chrono::steady_clock::now() < deadline)
      for (const Batch batch = source.poll(100); const Message& message : batch.messages)
        texts.push_back(std::string(message.topic) + ":" + std::to_string(message.partition) + "@" +
                        std::to_string(message.offset) + "=" + std::string(message.bytes.value_or("(null)")));
    return texts;
  }

  MockCluster cluster_;
};

TEST_F(KafkaStreamTest, TellsThePartitionsAndTheirOffsets) {
  cluster_.create_topic("clicks", 2);
  produce("clicks", 1, {"a", "b"});
  KafkaStream stream(options("clicks"));
  const auto ranges = stream.look();
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges.at(0).high, 0);
  EXPECT_EQ(ranges.at(1).high, 2);
}

TEST_F(KafkaStreamTest, ReadsThePartitionsThatAreGivenAndNoOthers) {
  cluster_.create_topic("clicks", 2);
  produce("clicks", 0, {"x", "y"});
  produce("clicks", 1, {"a", "b", "c"});
  KafkaStream stream(options("clicks"));
  const auto source = stream.open();
  source->start({.stream = "clicks", .next_offsets = {{1, 1}}});
  EXPECT_THAT(read(*source, 2), ElementsAre(":1@1=b", ":1@2=c"));
}

TEST_F(KafkaStreamTest, NamesTheTopicsThatMatchAPattern) {
  cluster_.create_topic("clicks-1", 1);
  cluster_.create_topic("clicks-2", 1);
  cluster_.create_topic("other", 1);
  produce("clicks-1", 0, {"a"});
  produce("clicks-2", 0, {"b"});
  KafkaStream stream(options("clicks-[0-9]", true));
  const auto ranges = stream.look();
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges.begin()->first, StreamPartition("clicks-1", 0));
  const auto source = stream.open();
  source->start({.stream = "clicks-[0-9]", .next_offsets = {{{"clicks-1", 0}, 0}, {{"clicks-2", 0}, 0}}});
  EXPECT_THAT(read(*source, 2), UnorderedElementsAre("clicks-1:0@0=a", "clicks-2:0@0=b"));
}

TEST_F(KafkaStreamTest, SaysThatAnOffsetIsNotThere) {
  set_log_level(LogLevel::kOff);
  cluster_.create_topic("clicks", 1);
  produce("clicks", 0, {"a"});
  KafkaStream stream(options("clicks"));
  const auto source = stream.open();
  source->start({.stream = "clicks", .next_offsets = {{0, 50}}});
  try {
    read(*source, 1);
    FAIL() << "it was read";
  } catch (const OffsetOutOfRange& error) {
    EXPECT_EQ(error.partition, StreamPartition(0));
    EXPECT_EQ(error.wanted, 50);
    EXPECT_EQ(error.available.high, 1);
  }
  set_log_level(LogLevel::kInfo);
}

TEST_F(KafkaStreamTest, GivesTimesWhereTheyAreAskedFor) {
  cluster_.create_topic("clicks", 1);
  produce("clicks", 0, {"a"});
  KafkaStreamOptions with_details = options("clicks");
  with_details.with_details = true;
  KafkaStream stream(with_details);
  const auto source = stream.open();
  source->start({.stream = "clicks", .next_offsets = {{0, 0}}});
  Batch batch;
  for (int i = 0; i < 200 && batch.messages.empty(); ++i) batch = source->poll(100);
  ASSERT_EQ(batch.messages.size(), 1u);
  ASSERT_NE(batch.messages[0].details, nullptr);
  EXPECT_GT(batch.messages[0].details->timestamp_ms, 0);
  EXPECT_FALSE(batch.messages[0].details->key.has_value());
}

TEST_F(KafkaStreamTest, ThrowsWhereNobodyAnswers) {
  set_log_level(LogLevel::kOff);
  KafkaStream stream({.stream = "clicks", .properties = {{"bootstrap.servers", "127.0.0.1:1"}}});
  EXPECT_THROW(stream.look(), Error);
  set_log_level(LogLevel::kInfo);
}

}  // namespace
}  // namespace sarsen::ingest
