// The API of supervisors, asked through the router without a socket, over the embedded Kafka.
#include "server/api/supervisors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "ingest/realtime/announcer.h"
#include "server/cli/overlord_node.h"
#include "server/cli/supervision.h"
#include "storage/base/log.h"
#include "tests/server/api/ask_router.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kBase = "/druid/indexer/v1/supervisor";

class SupervisorsTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kOff);
    kafka_.create_topic("clicks", 2);
    open();
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  /// As after a restart.
  void open() {
    router_ = nullptr;
    overlord_ = nullptr;
    supervision_ = nullptr;
    locks_ = nullptr;
    tasks_ = nullptr;
    stores_ = nullptr;
    catalog_ = std::make_unique<storage::Catalog>();
    stores_ = std::make_unique<SegmentStores>(StorageSettings{}, data_);
    tasks_ = std::make_unique<ingest::TaskStorage>(stores_->metadata_config());
    locks_ = std::make_unique<ingest::TaskLockbox>(*tasks_);
    supervision_ = std::make_unique<Supervision>(*stores_, *catalog_, data_.supervised(), announcer_, *locks_);
    overlord_ = std::make_unique<OverlordNode>(1, data_, *stores_, *catalog_, *tasks_, *locks_, true);
    router_ = std::make_unique<Router>();
    add_supervisor_routes(*router_, {supervision_->manager(), overlord_->compaction_supervisors()});
    supervision_->start();
  }

  std::string ask(const std::string& method, const std::string& path, const std::string& body = "") {
    return ask_router(*router_, method, kBase + path, body);
  }

  std::string spec(const std::string& io = "") const {
    return R"({"type":"kafka","spec":{"dataSchema":{"dataSource":"clicks","timestampSpec":{"column":"t"},)"
           R"("dimensionsSpec":{"dimensions":["a"]},"metricsSpec":[{"type":"count","name":"n"}],)"
           R"("granularitySpec":{"segmentGranularity":"DAY"}},"ioConfig":{"topic":"clicks",)"
           R"("inputFormat":{"type":"json"},"consumerProperties":{"bootstrap.servers":")" +
           kafka_.brokers() + R"("},"useEarliestOffset":true,"startDelay":"PT0S","period":"PT0.1S")" + io + "}}}";
  }

  void produce(int count) {
    ingest::KafkaProducer producer(kafka_.brokers());
    for (int i = 0; i < count; ++i) producer.send("clicks", R"({"t":"2024-01-01","a":"x"})", i % 2);
    producer.flush(20'000);
  }

  bool wait_until(const std::string& path, const std::string& text) {
    for (int i = 0; i < 3000; ++i) {
      if (ask("GET", path).find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  TemporaryFolder folder_;
  DataFolder data_{folder_.path() / "data"};
  ingest::LogAnnouncer announcer_{"here:8082"};
  ingest::MockCluster kafka_;
  std::unique_ptr<storage::Catalog> catalog_;
  std::unique_ptr<SegmentStores> stores_;
  std::unique_ptr<ingest::TaskStorage> tasks_;
  std::unique_ptr<ingest::TaskLockbox> locks_;
  std::unique_ptr<Supervision> supervision_;
  std::unique_ptr<OverlordNode> overlord_;
  std::unique_ptr<Router> router_;
};

TEST_F(SupervisorsTest, ChangesTheNumberOfTasksByTheLag) {
  EXPECT_EQ(ask("POST", "", spec(R"(,"autoScalerConfig":{"enableTaskAutoScaler":true,"taskCountMin":1,"taskCountMax":5,
      "lagCollectionIntervalMillis":5,"lagCollectionRangeMillis":20,"scaleActionStartDelayMillis":20,
      "scaleActionPeriodMillis":20,"scaleOutThreshold":0})")),
            R"(200 {"id":"clicks"})");
  produce(6);
  ASSERT_TRUE(wait_until("/clicks", R"("taskCount":2)")) << "one for each partition";
  ASSERT_TRUE(wait_until("/clicks/stats", R"("1":{)"));
  produce(4);
  ASSERT_TRUE(wait_until("/clicks/status", R"("latestOffsets":{"0":5,"1":5},"minimumLag":{"0":0,"1":0})"));
  EXPECT_THAT(ask("GET", "/clicks/history"), AllOf(HasSubstr(R"("taskCount":2)"), HasSubstr(R"("taskCount":1)")));
  EXPECT_THAT(ask("POST", "/clicks/suspend"), HasSubstr(R"("taskCount":2)"));
}

TEST_F(SupervisorsTest, CreatesAndTells) {
  EXPECT_EQ(ask("GET", ""), "200 []");
  EXPECT_EQ(ask("POST", "", spec()), R"(200 {"id":"clicks"})");
  EXPECT_EQ(ask("GET", ""), R"(200 ["clicks"])");
  EXPECT_THAT(ask("GET", "/clicks"), StartsWith(R"(200 {"type":"kafka","spec":{"dataSchema":{"dataSource":"clicks")"));
  ASSERT_TRUE(wait_until("/clicks/status", R"("detailedState":"RUNNING")"));
  EXPECT_EQ(ask("GET", "?state=true"),
            R"(200 [{"id":"clicks","state":"RUNNING","detailedState":"RUNNING","healthy":true,"suspended":false}])");
  EXPECT_THAT(ask("GET", "?full"), AllOf(HasSubstr(R"("spec":{"type":"kafka",)"), Not(HasSubstr(R"("source")"))));
  EXPECT_THAT(ask("GET", "?system"), AllOf(HasSubstr(R"("specString":"{\"type\":\"kafka\")"),
                                           HasSubstr(R"("type":"kafka","source":"clicks","suspended":false}])")));
  EXPECT_EQ(ask("GET", "/clicks/health"), R"(200 {"healthy":true})");
  produce(6);
  EXPECT_TRUE(
      wait_until("/clicks/status", R"("latestOffsets":{"0":3,"1":3},"minimumLag":{"0":0,"1":0},"aggregateLag":0)"));
  EXPECT_TRUE(wait_until("/clicks/stats", R"("processed":6)"));
  EXPECT_EQ(ask("GET", "/clicks/parseErrors"), "200 []");
}

TEST_F(SupervisorsTest, KeepsWhoPostedThem) {
  ask_router(*router_, "POST", kBase, spec(), {{"X-Druid-Author", "me"}, {"X-Druid-Comment", "why"}});
  ask("POST", "/clicks/suspend");
  const Json entries = tasks_->config_history("supervisor", {.key = "clicks", .interval = {}, .count_max = 9});
  ASSERT_EQ(entries.array().size(), 1U);
  EXPECT_THAT(entries.dump(), HasSubstr(R"({"key":"clicks","type":"supervisor","auditInfo":{"author":"me",)"));
  EXPECT_EQ(entries.array()[0].find("payload")->string(), R"("Update supervisor[clicks] for datasource[[clicks]]")");
  ask("POST", "?skipRestartIfUnmodified=true", ask("GET", "/clicks").substr(4));
  EXPECT_EQ(tasks_->config_history("supervisor", {.key = {}, .interval = {}, .count_max = 9}).array().size(), 1U);
}

TEST_F(SupervisorsTest, SaysThatThereIsNone) {
  for (const char* path : {"/x", "/x/status", "/x/health", "/x/stats", "/x/parseErrors"})
    EXPECT_EQ(ask("GET", path), "404 Cannot find any supervisor with id: [x]") << path;
  for (const char* path : {"/x/suspend", "/x/resume", "/x/reset", "/x/terminate", "/x/shutdown", "/x/resetOffsets",
                           "/x/taskGroups/handoff"})
    EXPECT_EQ(ask("POST", path), "404 Cannot find any supervisor with id: [x]") << path;
  EXPECT_EQ(ask("GET", "/x/history"), R"(404 {"error":"No history for [x]."})");
}

TEST_F(SupervisorsTest, RefusesWhatIsWrong) {
  EXPECT_THAT(ask("POST", "", "{"), StartsWith("400 {\"error\":"));
  EXPECT_THAT(ask("POST", "", R"({"type":"kinesis"})"), HasSubstr("not supported"));
  EXPECT_THAT(ask("POST", "", spec(R"(,"topicPattern":"x")")), StartsWith("400 {\"error\":"));
  EXPECT_THAT(ask("POST", "", R"({"type":"kafka","spec":{"dataSchema":{"dataSource":"a"},"ioConfig":{"topic":"t",
      "inputFormat":{"type":"json"},"consumerProperties":{"bootstrap.servers":"k:1","fetch.min.bytes":"none"}}}})"),
              HasSubstr("fetch.min.bytes"));
  EXPECT_EQ(ask("GET", ""), "200 []");
  EXPECT_EQ(ask("GET", "/history"), "200 {}");
}

TEST_F(SupervisorsTest, SuspendsResumesAndKeepsTheHistory) {
  ask("POST", "", spec());
  EXPECT_THAT(ask("POST", "/clicks/suspend"), HasSubstr(R"("suspended":true})"));
  EXPECT_EQ(ask("POST", "/clicks/suspend"), R"(400 {"error":"[clicks] is already suspended"})");
  open();
  EXPECT_TRUE(wait_until("?state=true", R"("state":"SUSPENDED")"));
  EXPECT_THAT(ask("POST", "/clicks/resume"), HasSubstr(R"("suspended":false})"));
  EXPECT_EQ(ask("POST", "/clicks/resume"), R"(400 {"error":"[clicks] is already running"})");
  EXPECT_EQ(ask("POST", "/suspendAll"), R"(200 {"status":"success"})");
  EXPECT_EQ(ask("POST", "/resumeAll"), R"(200 {"status":"success"})");
  EXPECT_EQ(ask("POST", "/clicks/terminate"), R"(200 {"id":"clicks"})");
  EXPECT_EQ(ask("GET", ""), "200 []");
  const Json history = Json::parse(ask("GET", "/clicks/history").substr(4));
  ASSERT_EQ(history.array().size(), 6u);
  EXPECT_EQ(history.array()[0].find("spec")->dump(),
            R"({"type":"NoopSupervisorSpec","id":null,"dataSources":["clicks"],"suspended":false,"source":"noop"})");
  EXPECT_THAT(ask("GET", "/history"), StartsWith(R"(200 {"clicks":[{"spec":)"));
  open();
  EXPECT_EQ(ask("GET", ""), "200 []");
}

TEST_F(SupervisorsTest, LeavesAnUnchangedOneAloneWhenAsked) {
  ask("POST", "", spec());
  EXPECT_EQ(ask("POST", "?skipRestartIfUnmodified=true", spec()), R"(200 {"id":"clicks"})");
  ask("POST", "", spec());  // begins again, and is no further version
  EXPECT_EQ(Json::parse(ask("GET", "/clicks/history").substr(4)).array().size(), 1u);
  ask("POST", "?skipRestartIfUnmodified=true", spec(R"(,"taskCount":2)"));
  EXPECT_EQ(Json::parse(ask("GET", "/clicks/history").substr(4)).array().size(), 2u);
  EXPECT_EQ(ask("POST", "/terminateAll"), R"(200 {"status":"success"})");
}

TEST_F(SupervisorsTest, HandsOffAndResetsOffsets) {
  produce(4);
  ask("POST", "", spec());
  ASSERT_TRUE(wait_until("/clicks/stats", R"("processed":4)"));
  EXPECT_EQ(ask("POST", "/clicks/taskGroups/handoff", R"({"taskGroupIds":[]})"),
            R"(400 {"error":"List of task groups to handoff can't be empty"})");
  EXPECT_EQ(ask("POST", "/clicks/taskGroups/handoff", R"({"taskGroupIds":[0]})"), "200 ");
  ASSERT_TRUE(wait_until("/clicks/status", R"("startingOffsets":{"0":2,"1":2})"));
  ASSERT_TRUE(wait_until("/clicks/status", R"("publishingTasks":[])"));
  EXPECT_EQ(ask("POST", "/clicks/resetOffsets",
                R"({"type":"kafka","partitions":{"type":"end","stream":"clicks","partitionOffsetMap":{"0":1}}})"),
            R"(200 {"id":"clicks"})");
  EXPECT_TRUE(wait_until("/clicks/status", R"("startingOffsets":{"0":1,"1":2})"));
  EXPECT_THAT(ask("POST", "/clicks/resetOffsets",
                  R"({"type":"kafka","partitions":{"type":"end","stream":"other","partitionOffsetMap":{"0":1}}})"),
              StartsWith("400 {\"error\":"));
  EXPECT_EQ(ask("POST", "/clicks/reset"), R"(200 {"id":"clicks"})");
  EXPECT_TRUE(wait_until("/clicks/status", R"("startingOffsets":{"0":0,"1":0})"));
}

TEST_F(SupervisorsTest, ReadsTopicsByPatternWithTheFormatKafka) {
  kafka_.create_topic("clicks-2", 1);
  produce(2);
  ingest::KafkaProducer producer(kafka_.brokers());
  producer.send("clicks-2", R"({"a":"y"})", 0);
  producer.flush(20'000);
  std::string pattern = spec();
  pattern.replace(pattern.find(R"("topic":"clicks")"), 16, R"("topicPattern":"clicks.*")");
  pattern.replace(pattern.find(R"("inputFormat":{"type":"json"})"), 29,
                  R"("inputFormat":{"type":"kafka","valueFormat":{"type":"json"}})");
  pattern.replace(pattern.find(R"("column":"t")"), 12, R"("column":"kafka.timestamp","format":"millis")");
  EXPECT_EQ(ask("POST", "", pattern), R"(200 {"id":"clicks"})");
  EXPECT_TRUE(wait_until("/clicks/status", R"("clicks-2:0":1)"));
  EXPECT_TRUE(wait_until("/clicks/stats", R"("processed":3)"));
}

}  // namespace
}  // namespace sarsen::server
