#include "ingest/kafka/kafka_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

std::string failure(const ConsumerProperties& properties) {
  try {
    parse_kafka_settings("wikipedia", properties);
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return error.what();
  }
  return "";
}

TEST(KafkaSettingsTest, ReadsThePropertiesOfTheTutorial) {
  const KafkaSettings settings = parse_kafka_settings("wikipedia",
                                                      {{"zookeeper.connect", "localhost:2181"},
                                                       {"zookeeper.connection.timeout.ms", "15000"},
                                                       {"zookeeper.session.timeout.ms", "15000"},
                                                       {"zookeeper.sync.time.ms", "5000"},
                                                       {"group.id", "druid-example"},
                                                       {"fetch.message.max.bytes", "1048586"},
                                                       {"auto.offset.reset", "largest"},
                                                       {"auto.commit.enable", "false"}},
                                                      "127.0.0.1:9092");
  EXPECT_EQ(settings.properties, (std::map<std::string, std::string>{{"bootstrap.servers", "127.0.0.1:9092"},
                                                                     {"fetch.message.max.bytes", "1048586"},
                                                                     {"group.id", "druid-example"}}));
  EXPECT_EQ(settings.reset, OffsetReset::kLatest);
  EXPECT_TRUE(settings.tells_group);
}

TEST(KafkaSettingsTest, KnowsTheBrokersByBothNames) {
  for (const char* name : {"metadata.broker.list", "bootstrap.servers"})
    EXPECT_THAT(parse_kafka_settings("t", {{name, "h:1"}}).properties, Contains(Pair("bootstrap.servers", "h:1")));
}

TEST(KafkaSettingsTest, SaysWhatToAddWhereOnlyZooKeeperIsNamed) {
  EXPECT_THAT(failure({{"zookeeper.connect", "localhost:2181"}}), HasSubstr("bootstrap.servers"));
}

TEST(KafkaSettingsTest, ReadsEachWordForTheReset) {
  const auto reset = [](const char* word) {
    return parse_kafka_settings("t", {{"bootstrap.servers", "h:1"}, {"auto.offset.reset", word}}).reset;
  };
  for (const char* word : {"smallest", "earliest", "beginning"}) EXPECT_EQ(reset(word), OffsetReset::kEarliest);
  for (const char* word : {"largest", "latest", "end"}) EXPECT_EQ(reset(word), OffsetReset::kLatest);
  EXPECT_EQ(reset("none"), OffsetReset::kFail);
  EXPECT_THAT(failure({{"bootstrap.servers", "h:1"}, {"auto.offset.reset", "larges"}}), HasSubstr("larges"));
}

TEST(KafkaSettingsTest, NamesUnknownPropertiesAndWhatIsNear) {
  const std::string message = failure({{"bootstrap.servers", "h:1"}, {"fetch.wait.max.mss", "5"}});
  EXPECT_THAT(message, HasSubstr("fetch.wait.max.mss"));
  EXPECT_THAT(message, HasSubstr("did you mean"));
}

TEST(KafkaSettingsTest, NamesImpossibleValues) {
  EXPECT_THAT(failure({{"bootstrap.servers", "h:1"}, {"fetch.wait.max.ms", "soon"}}), HasSubstr("fetch.wait.max.ms"));
}

TEST(KafkaSettingsTest, SaysWhatStandsForTheSecurityOfTheJvm) {
  EXPECT_THAT(failure({{"bootstrap.servers", "h:1"}, {"sasl.jaas.config", "x"}}), HasSubstr("sasl.username"));
}

TEST(KafkaSettingsTest, TranslatesTheNamesOfTheJavaConsumer) {
  const auto properties =
      parse_kafka_settings("t", {{"bootstrap.servers", "h:1"}, {"fetch.max.wait.ms", "7"}, {"max.poll.records", "5"}})
          .properties;
  EXPECT_THAT(properties, Contains(Pair("fetch.wait.max.ms", "7")));
  EXPECT_THAT(properties, Not(Contains(Key("max.poll.records"))));
}

TEST(KafkaSettingsTest, NamesTheFieldThatHasTheProperties) {
  for (const auto& [name, value] : ConsumerProperties{{"security.protocol", "x"}, {"auto.offset.reset", "x"}}) {
    try {
      parse_kafka_settings("topic", {{name, value}}, "h:1", "consumerProperties");
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("consumerProperties: "), 0u) << error.what();
    }
  }
}

}  // namespace
}  // namespace sarsen::ingest
