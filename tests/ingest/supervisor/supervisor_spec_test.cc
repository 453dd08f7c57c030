#include "ingest/supervisor/supervisor_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/supervisor/row_window.h"
#include "ingest/supervisor/task_names.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kSchema = R"({"dataSource":"wiki","timestampSpec":{"column":"t","format":"auto"},
    "dimensionsSpec":{"dimensions":["page"]},"metricsSpec":[{"type":"count","name":"n"}]})";

std::shared_ptr<const SupervisorSpec> parse(const std::string& io, const std::string& tuning = "") {
  return SupervisorSpec::parse(Json::parse(R"({"type":"kafka","spec":{"dataSchema":)" + std::string(kSchema) +
                                           R"(,"ioConfig":{"type":"kafka",
      "consumerProperties":{"bootstrap.servers":"k:9092"},"inputFormat":{"type":"json"})" +
                                           io + R"(},"tuningConfig":{"type":"kafka")" + tuning + "}}}"));
}

std::string problem(const std::string& io, const std::string& tuning = "") {
  try {
    parse(io, tuning);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(SupervisorSpecTest, HasDruidsDefaults) {
  const auto spec = parse(R"(,"topic":"w")");
  EXPECT_EQ(spec->id, "wiki");
  EXPECT_EQ(spec->io.stream, "w");
  EXPECT_FALSE(spec->io.pattern);
  EXPECT_EQ(spec->io.task_count, 1u);
  EXPECT_EQ(spec->io.task_duration_ms, 3'600'000);
  EXPECT_EQ(spec->io.period_ms, 30'000);
  EXPECT_EQ(spec->io.completion_timeout_ms, 1'800'000);
  EXPECT_FALSE(spec->io.use_earliest_offset);
  EXPECT_EQ(spec->tuning.rows_in_memory_max, 150'000u);
  EXPECT_EQ(spec->tuning.rows_per_segment_max, 5'000'000u);
  EXPECT_EQ(spec->tuning.total_rows_max, 20'000'000u);
  EXPECT_EQ(spec->tuning.parse_exceptions_max, 2147483647u);
  EXPECT_FALSE(spec->suspended);
}

TEST(SupervisorSpecTest, TheContextSaysWhichLocksItsTasksHave) {
  const Json plain = parse(R"(,"topic":"w")")->json;
  const auto with = [&](const std::string& context) {
    Json::Object changed = plain.object();
    for (auto& [name, value] : changed)
      if (name == "context") value = Json::parse(context);
    return SupervisorSpec::parse(changed);
  };
  EXPECT_EQ(with("{}")->lock_type, TaskLockType::kExclusive);
  EXPECT_EQ(with(R"({"useSharedLock":true})")->lock_type, TaskLockType::kShared);
  EXPECT_EQ(with(R"({"useConcurrentLocks":true})")->lock_type, TaskLockType::kAppend);
  EXPECT_EQ(with(R"({"taskLockType":"APPEND"})")->lock_type, TaskLockType::kAppend);
  EXPECT_EQ(with(R"({"taskLockType":"SHARED","useConcurrentLocks":false})")->lock_type, TaskLockType::kShared);
  EXPECT_EQ(with(R"({"priority":7})")->priority, 7);
  for (const char* type : {"REPLACE", "append"}) {
    try {
      with(R"({"taskLockType":")" + std::string(type) + R"("})");
      ADD_FAILURE() << type;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("context.taskLockType: "));
    }
  }
}

TEST(SupervisorSpecTest, ReadsTheFlatFormAndGivesBothBack) {
  const Json flat = Json::parse(R"({"type":"kafka","dataSchema":)" + std::string(kSchema) +
                                R"(,"ioConfig":{"topic":"w","inputFormat":{"type":"json"},
      "consumerProperties":{"bootstrap.servers":"k:1"}},"suspended":true,"context":{"a":1}})");
  const auto spec = SupervisorSpec::parse(flat);
  EXPECT_TRUE(spec->suspended);
  EXPECT_EQ(spec->json.find("spec")->find("ioConfig")->find("topic")->string(), "w");
  EXPECT_EQ(spec->json.find("ioConfig")->find("topic")->string(), "w");
  EXPECT_EQ(spec->json.find("context")->dump(), R"({"a":1})");
  const auto running = spec->with_suspended(false);
  EXPECT_FALSE(running->json.find("suspended")->boolean());
  EXPECT_FALSE(SupervisorSpec::parse(running->json)->suspended);
}

TEST(SupervisorSpecTest, TakesTheFormatOfAnOldParser) {
  const auto spec = SupervisorSpec::parse(Json::parse(R"({"type":"kafka","dataSchema":{"dataSource":"wiki","parser":
      {"type":"string","parseSpec":{"format":"csv","columns":["t","page"],"timestampSpec":{"column":"t"},
      "dimensionsSpec":{}}}},"ioConfig":{"topic":"w","consumerProperties":{"bootstrap.servers":"k:1"}}})"));
  EXPECT_TRUE(spec->io.input_format.value.text.has_value());
}

TEST(SupervisorSpecTest, SaysWhatIsWrong) {
  EXPECT_THAT(problem(""), HasSubstr("Either topic or topicPattern must be specified"));
  EXPECT_THAT(problem(R"(,"topic":"a","topicPattern":"b")"),
              HasSubstr("Only one of topic [a] or topicPattern [b] must be specified"));
  EXPECT_THAT(problem(R"(,"topicPattern":"(")"), HasSubstr("topicPattern"));
  EXPECT_THAT(problem(R"(,"topic":"w","lateMessageRejectionPeriod":"PT1H","lateMessageRejectionStartDateTime":"2020")"),
              HasSubstr("does not support both properties"));
  EXPECT_THAT(problem(R"(,"topic":"w","taskCount":0)"), HasSubstr("taskCount"));
  EXPECT_THAT(problem(R"(,"topic":"w","taskDuration":"an hour")"), HasSubstr("taskDuration"));
  EXPECT_THAT(problem(R"(,"topic":"w","autoScalerConfig":{"enableTaskAutoScaler":true})"),
              HasSubstr("autoScalerConfig: taskCountMax or taskCountMin can't be null!"));
  EXPECT_THAT(problem(R"(,"topic":"w")", R"(,"maxRowsInMemory":0)"), HasSubstr("maxRowsInMemory"));
  EXPECT_EQ(problem(R"(,"topic":"w")", R"(,"somethingElse":0)"), "none") << "as Druid";
}

TEST(SupervisorSpecTest, BeginsWithTheLeastNumberOfTasksWhereItScales) {
  const auto spec = parse(R"(,"topic":"w","taskCount":7,
      "autoScalerConfig":{"enableTaskAutoScaler":true,"taskCountMin":2,"taskCountMax":9})");
  EXPECT_EQ(spec->io.task_count, 2u);
  EXPECT_THAT(spec->json.dump(), AllOf(HasSubstr(R"("taskCount":2)"), Not(HasSubstr(R"("taskCount":7)"))));
  const auto more = spec->with_task_count(4);
  EXPECT_EQ(more->io.task_count, 4u);
  EXPECT_THAT(more->with_suspended(true)->json.dump(),
              AllOf(HasSubstr(R"("taskCount":4)"), HasSubstr(R"("suspended":true)")));
  EXPECT_EQ(SupervisorSpec::parse(more->json)->io.task_count, 2u) << "as Druid 33 after a restart";
  EXPECT_EQ(
      parse(R"(,"topic":"w","taskCount":7,"autoScalerConfig":{"taskCountMin":2,"taskCountMax":9})")->io.task_count, 7u)
      << "not enabled";
}

TEST(SupervisorSpecTest, KeepsTheNumberOfTasksWhereItScalesByCost) {
  const auto costs = [](const std::string& count, const std::string& start = "") {
    return parse(R"(,"topic":"w")" + count + R"(,"autoScalerConfig":{"autoScalerStrategy":"costBased",
        "enableTaskAutoScaler":true,"taskCountMin":2,"taskCountMax":9)" +
                 start + "}");
  };
  EXPECT_EQ(costs(R"(,"taskCount":7)")->io.task_count, 7u);
  EXPECT_EQ(costs(R"(,"taskCount":7)", R"(,"taskCountStart":3)")->io.task_count, 3u);
  EXPECT_EQ(costs("")->io.task_count, 2u);
  EXPECT_TRUE(costs("")->io.task_count_is_open);
  EXPECT_EQ(SupervisorSpec::parse(costs("")->with_task_count(4)->json)->io.task_count, 4u) << "after a restart";
}

TEST(SupervisorSpecTest, RefusesOtherTypesByName) {
  const auto refused = [](const char* type) {
    try {
      SupervisorSpec::parse(Json::Object{{"type", type}});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refused("kinesis"), HasSubstr("not supported"));
  EXPECT_THAT(refused("kafak"), HasSubstr("did you mean \"kafka\""));
}

TEST(SupervisorSpecTest, TranslatesJavasSecurity) {
  const auto properties = [](const std::string& json) {
    const Json parsed = Json::parse(json);
    return parse_consumer_properties(JsonField(parsed));
  };
  set_log_level(LogLevel::kOff);
  const auto jaas = properties(
      R"({"bootstrap.servers":"k:1","security.protocol":"SASL_SSL","sasl.mechanism":"PLAIN","ssl.protocol":"TLS",
      "sasl.jaas.config":"org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\" password=\"p w\";",
      "ssl.truststore.type":"PEM","ssl.truststore.location":"/ca.pem",
      "ssl.key.password":{"type":"default","password":"secret"},
      "auto.offset.reset":"latest"})");
  set_log_level(LogLevel::kInfo);
  EXPECT_EQ(jaas.at("sasl.username"), "u");
  EXPECT_EQ(jaas.at("sasl.password"), "p w");
  EXPECT_EQ(jaas.at("ssl.ca.location"), "/ca.pem");
  EXPECT_EQ(jaas.at("ssl.key.password"), "secret");
  EXPECT_EQ(jaas.at("security.protocol"), "SASL_SSL");
  for (const char* gone : {"sasl.jaas.config", "ssl.truststore.location", "ssl.protocol", "auto.offset.reset"})
    EXPECT_FALSE(jaas.contains(gone)) << gone;
  const auto quoted = properties(R"({"bootstrap.servers":"k:1",
      "sasl.jaas.config":"a.PlainLoginModule required username='it\\'s me' password=\"a\\\"b\\\\c\";"})");
  EXPECT_EQ(quoted.at("sasl.username"), "it's me");
  EXPECT_EQ(quoted.at("sasl.password"), R"(a"b\c)");
  EXPECT_EQ(properties(R"({"druid.dynamic.config.provider":{"type":"mapString","config":{"bootstrap.servers":"k:2"}}})")
                .at("bootstrap.servers"),
            "k:2");
  EXPECT_THROW(properties(R"({"bootstrap.servers":"k:1","ssl.truststore.location":"/a.jks"})"), Error);
  EXPECT_THROW(properties(R"({"group.id":"g"})"), Error);
}

TEST(SupervisorSpecTest, NamesTasksAsDruid) {
  const auto spec = parse(R"(,"topic":"w")");
  const Position start{.stream = "w", .next_offsets = {{0, 5}}};
  const std::string base = base_sequence_name(*spec, start, {});
  EXPECT_THAT(base, testing::MatchesRegex("index_kafka_wiki_[0-9a-f]{15}"));
  EXPECT_EQ(base_sequence_name(*spec, start, {}), base);
  EXPECT_NE(base_sequence_name(*spec, {.stream = "w", .next_offsets = {{0, 6}}}, {}), base);
  EXPECT_THAT(new_task_id(base), testing::MatchesRegex("index_kafka_wiki_[0-9a-f]{15}_[a-p]{8}"));
  EXPECT_EQ(task_group_of(5, 3), 2u);
  EXPECT_EQ(task_group_of({"clicks", 1}, 4), task_group_of({"clicks", 1}, 4));
}

TEST(RowWindowTest, HasBothEndsAndMovesOnWithTheTask) {
  SupervisorIo io;
  EXPECT_TRUE(RowWindow::of(io, 1000, 1000).contains(-5));
  io.task_duration_ms = 100;
  io.late_rejection_ms = 10;
  io.early_rejection_ms = 20;
  const RowWindow window = RowWindow::of(io, 1000, 1050);
  EXPECT_TRUE(window.contains(990) && window.contains(1120));
  EXPECT_FALSE(window.contains(989) || window.contains(1121));
  EXPECT_EQ(RowWindow::of(io, 1000, 1150).min_ms, 1090);
}

}  // namespace
}  // namespace sarsen::ingest
