#include "ingest/realtime/realtime_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/firehose/kafka_firehose.h"
#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

/// The tutorial's spec with text replaced.
std::string spec_text(const std::string& from = "", const std::string& to = "") {
  const MappedFile file(source_folder() / "tools/tutorial/wikipedia.spec");
  std::string text(file.text());
  if (!from.empty()) {
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
  }
  return text;
}

std::vector<FireDepartmentSpec> parse(const std::string& text, std::optional<std::string> brokers = "localhost:9092") {
  return parse_realtime_spec(Json::parse(text), {.brokers = std::move(brokers)});
}

std::string problem_of(const std::string& text, std::optional<std::string> brokers = "localhost:9092") {
  try {
    parse(text, std::move(brokers));
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(RealtimeSpecTest, ReadsTheTutorialsSpec) {
  const auto specs = parse(spec_text());
  ASSERT_EQ(specs.size(), 1u);
  const FireDepartmentSpec& spec = specs[0];
  EXPECT_EQ(spec.schema->data_source, "wikipedia");
  EXPECT_EQ(spec.schema->dimensions_spec.dimensions.size(), 12u);
  EXPECT_EQ(spec.schema->metrics.size(), 4u);
  EXPECT_TRUE(spec.schema->granularity_spec.rollup());
  const auto& firehose = dynamic_cast<const KafkaFirehose&>(*spec.firehose);
  EXPECT_EQ(firehose.feed, "wikipedia");
  EXPECT_EQ(firehose.consumer_properties.at("auto.offset.reset"), "largest");
  EXPECT_EQ(firehose.brokers(), "localhost:9092");
  EXPECT_EQ(spec.tuning.rows_in_memory_max, 500'000u);
  EXPECT_EQ(spec.tuning.intermediate_persist_period_ms, 600'000);
  EXPECT_EQ(spec.tuning.window_period_ms, 600'000);
  EXPECT_EQ(spec.tuning.base_persist_directory, "/tmp/realtime/basePersist");
  EXPECT_EQ(spec.tuning.rejection_policy, RejectionPolicyType::kMessageTime);
  EXPECT_EQ(spec.tuning.shard_spec.json.dump(), R"({"type":"none"})");
}

TEST(RealtimeSpecTest, TakesOneDepartmentWithoutTheArray) {
  std::string text = spec_text();
  text = text.substr(text.find('[') + 1);
  text = text.substr(0, text.rfind(']'));
  EXPECT_EQ(parse(text).size(), 1u);
}

TEST(RealtimeSpecTest, SaysWhatToAddWhereNoBrokerIsNamed) {
  const std::string nowhere = spec_text(R"("zookeeper.connect": "localhost:2181",)", "");
  EXPECT_THAT(problem_of(nowhere, std::nullopt),
              HasSubstr("ioConfig.firehose.consumerProps: it names no Kafka broker"));
  EXPECT_THAT(problem_of(nowhere, std::nullopt), HasSubstr("bootstrap.servers"));
  EXPECT_EQ(problem_of(spec_text(), std::nullopt), "none") << "ZooKeeper is asked for them";
  EXPECT_EQ(problem_of(spec_text(R"("zookeeper.connect": "localhost:2181")", R"("metadata.broker.list": "k:1")"),
                       std::nullopt),
            "none");
}

TEST(RealtimeSpecTest, RefusesWhatIsNotBuiltAndNamesWhatIs) {
  EXPECT_THAT(problem_of(spec_text("kafka-0.8", "static-s3")), HasSubstr("not part of this version (kafka-0.8, "));
  EXPECT_THAT(problem_of(spec_text("kafka-0.8", "kafka-0.9")), HasSubstr("did you mean"));
  EXPECT_THAT(problem_of(spec_text("messageTime", "messagetime")), HasSubstr("did you mean \"messageTime\""));
  EXPECT_THAT(problem_of(spec_text("messageTime", "test")), HasSubstr("gone since Druid 0.7"));
  EXPECT_THAT(problem_of(spec_text("doubleSum", "doublesum")), HasSubstr("doubleSum"));
  EXPECT_THAT(problem_of(spec_text("\"format\" : \"json\",", "")), HasSubstr("parseSpec.format"));
  EXPECT_THAT(problem_of(spec_text("\"PT10m\"", "\"P1M\"")), HasSubstr("without years and months"));
  EXPECT_THAT(problem_of(spec_text("\"spatialDimensions\" : []", "\"spatialDimensions\" : [{}]")),
              HasSubstr("spatial"));
  EXPECT_THAT(problem_of("5"), HasSubstr("array of fire departments"));
}

TEST(RealtimeSpecTest, KeepsDepartmentsOfOneDataSourceApart) {
  std::string one = spec_text();
  one = one.substr(one.find('{'));
  one = one.substr(0, one.rfind('}') + 1);
  EXPECT_THAT(problem_of("[" + one + "," + one + "]"), HasSubstr("partitionNum"));
}

TEST(RealtimeSpecTest, ReadsShardSpecsAndVersions) {
  const auto spec =
      parse(spec_text("\"rejectionPolicy\": {", R"("shardSpec":{"type":"numbered","partitionNum":2,"partitions":3},
      "versioningPolicy":{"type":"custom","version":"v7"},"maxPendingPersists":4,"rejectionPolicy": {)"))[0];
  EXPECT_EQ(spec.tuning.shard_spec.partition, 2u);
  EXPECT_EQ(spec.tuning.shard_spec.core_partitions, 3u);
  EXPECT_EQ(spec.tuning.version, "v7");
  EXPECT_EQ(spec.tuning.pending_persists_max, 4u);
}

TEST(RealtimeSpecTest, ReadsTheOtherKafkaFirehose) {
  const auto spec =
      parse(spec_text(R"("type": "kafka-0.8",)",
                      R"("type": "kafka-0.8-v2","brokerList":["a:1","b:2"],"partitionIdList":[0,3],"clientId":"me",)"),
            std::nullopt)[0];
  const auto& firehose = dynamic_cast<const KafkaFirehose&>(*spec.firehose);
  EXPECT_EQ(firehose.brokers(), "a:1,b:2");
  EXPECT_EQ(firehose.partitions, (std::vector<std::int32_t>{0, 3}));
  EXPECT_EQ(firehose.consumer_properties.at("auto.offset.reset"), "smallest");
}

}  // namespace
}  // namespace sarsen::ingest
