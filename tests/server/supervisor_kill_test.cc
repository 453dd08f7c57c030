// The real program with a supervisor, killed again and again while rows come: in the end each of them is there once.
// SARSEN_TEST_KILLS says how often (5); the figures are printed. And while compactions replace what it appends to
// (useConcurrentLocks): each of them is there once at any time.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "ingest/http/http_download.h"
#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "server/http/http_client.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

constexpr int kFlushMs = 20'000;
constexpr int kPartitions = 3;
constexpr int kPatience = 1200;  // looks a tenth of a second apart: a guard against hanging
constexpr std::chrono::milliseconds kPause{100};

/// Rows of three days, each with an id of its own.
class Load {
 public:
  explicit Load(const std::string& brokers) : producer_(brokers), thread_([this] { run(); }) {}
  ~Load() { finish(); }

  /// How many rows there are in all.
  std::int64_t finish() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
    producer_.flush(kFlushMs);
    return sent_;
  }

 private:
  void run() {
    while (!done_) {
      for (int i = 0; i < 5; ++i, ++sent_)
        producer_.send("clicks",
                       R"({"t":"2024-01-0)" + std::to_string(1 + sent_ % 3) + R"(T10:00:00Z","id":"r)" +
                           std::to_string(sent_) + R"("})",
                       static_cast<int>(sent_ % kPartitions));
      producer_.flush(kFlushMs);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  ingest::KafkaProducer producer_;
  std::int64_t sent_ = 0;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

constexpr const char* kConcurrent = R"("context":{"useConcurrentLocks":true})";

/// `more`: further fields, each with a comma behind it.
std::string spec(const std::string& brokers, const std::string& more = "") {
  return "{" + more + R"("type":"kafka","spec":{"dataSchema":{"dataSource":"clicks","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["id"]},"metricsSpec":[{"type":"count","name":"n"}],
      "granularitySpec":{"segmentGranularity":"DAY","queryGranularity":"NONE"}},
      "ioConfig":{"topic":"clicks","inputFormat":{"type":"json"},"consumerProperties":{"bootstrap.servers":")" +
         brokers + R"("},"taskCount":2,"taskDuration":"PT0.4S","useEarliestOffset":true,"startDelay":"PT0S",
      "period":"PT0.2S"},"tuningConfig":{"type":"kafka","maxRowsInMemory":150,"maxRowsPerSegment":400}}})";
}

std::string post(const RunningServer& server, const std::string& path, const std::string& body) {
  return http_post(parse_http_url(server.url()), path, body).body;
}

/// A compaction of all days, without waiting for it.
void compact(const RunningServer& server) {
  post(server, "/druid/indexer/v1/task",
       std::string(R"({"type":"compact","dataSource":"clicks","ioConfig":{"type":"compact","inputSpec":{
           "type":"interval","interval":"2024-01-01/2024-01-04"}},)") +
           kConcurrent + "}");
}

/// How many of them are in this state.
std::int64_t compactions(const RunningServer& server, const std::string& state) {
  const TemporaryFolder folder;
  const auto file = folder / "tasks.json";
  ingest::http_download({server.url() + "/druid/indexer/v1/tasks?type=compact", ""}, file);
  std::ifstream stream(file);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const Json tasks = Json::parse(text);
  return std::count_if(tasks.array().begin(), tasks.array().end(),
                       [&](const Json& task) { return task.find("statusCode")->string() == state; });
}

std::int64_t count(const RunningServer& server) {
  const Json answer = Json::parse(post(server, "/druid/v2", R"({"queryType":"timeseries","dataSource":"clicks",
      "granularity":"all","intervals":"2024/2025","aggregations":[{"type":"longSum","name":"n","fieldName":"n"}]})"));
  if (!answer.is_array() || answer.array().empty()) return 0;
  const Json* sum = answer.array()[0].find("result")->find("n");
  return sum == nullptr || sum->is_null() ? 0 : sum->integer();
}

struct Figures {
  std::int64_t lost = 0;
  std::int64_t doubled = 0;
};

Figures figures(const RunningServer& server, std::int64_t sent) {
  const Json answer = Json::parse(post(server, "/druid/v2", R"({"queryType":"groupBy","dataSource":"clicks",
      "granularity":"all","intervals":"2024/2025","dimensions":["id"],
      "aggregations":[{"type":"longSum","name":"n","fieldName":"n"}]})"));
  std::map<std::string, std::int64_t> found;
  for (const Json& row : answer.array())
    found[row.find("event")->find("id")->string()] += row.find("event")->find("n")->integer();
  Figures figures;
  for (std::int64_t i = 0; i < sent; ++i) {
    const std::int64_t times = found["r" + std::to_string(i)];
    figures.lost += times == 0 ? 1 : 0;
    figures.doubled += times > 1 ? times - 1 : 0;
  }
  return figures;
}

int kills_wanted() {
  const char* given = std::getenv("SARSEN_TEST_KILLS");
  return given == nullptr ? 5 : std::atoi(given);
}

void kill_under_load(bool replacing) {
  const TemporaryFolder folder;
  ingest::MockCluster cluster;
  cluster.create_topic("clicks", kPartitions);
  Load load(cluster.brokers());
  const std::uint32_t seed = std::random_device{}();
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> life_ms(50, 1500);
  const int kills = kills_wanted();
  for (int i = 0; i < kills; ++i) {
    RunningServer server({}, folder / "data");
    if (i == 0)
      post(server, "/druid/indexer/v1/supervisor",
           spec(cluster.brokers(), replacing ? kConcurrent + std::string(",") : ""));
    if (replacing && i > 0) compact(server);
    std::this_thread::sleep_for(std::chrono::milliseconds(life_ms(random)));
    server.kill();
  }
  const std::int64_t sent = load.finish();
  RunningServer server({}, folder / "data");
  for (int i = 0; i < kPatience && count(server) < sent; ++i) std::this_thread::sleep_for(kPause);
  for (int i = 0; i < 20; ++i) {  // what would be doubled comes a little later
    std::this_thread::sleep_for(kPause);
    EXPECT_EQ(count(server), sent);
  }
  const Figures result = figures(server, sent);
  std::cout << "killed " << kills << " times, seed " << seed << ": " << sent << " rows, " << result.lost << " lost, "
            << result.doubled << " doubled\n";
  EXPECT_EQ(result.lost, 0);
  EXPECT_EQ(result.doubled, 0);
  EXPECT_EQ(server.stop(), 0);
}

TEST(SupervisorKillTest, NeitherLosesNorDoublesARowWhenKilledUnderLoad) { kill_under_load(false); }

TEST(SupervisorKillTest, NeitherLosesNorDoublesARowWhenKilledWhileItsChunksAreReplaced) { kill_under_load(true); }

TEST(SupervisorKillTest, ShowsEachRowOnceWhileItsChunksAreReplaced) {
  const TemporaryFolder folder;
  ingest::MockCluster cluster;
  cluster.create_topic("clicks", kPartitions);
  Load load(cluster.brokers());
  RunningServer server({}, folder / "data");
  post(server, "/druid/indexer/v1/supervisor", spec(cluster.brokers(), kConcurrent + std::string(",")));
  std::int64_t before = 0, looks = 0;
  for (int i = 0; i < kPatience && compactions(server, "SUCCESS") < 8; ++i) {
    if (before > 0 && compactions(server, "RUNNING") == 0) compact(server);
    for (int look = 0; look < 20; ++look, ++looks) {
      const std::int64_t seen = count(server);
      ASSERT_GE(seen, before) << "rows are missing, or were there twice before";
      before = seen;
    }
  }
  const std::int64_t sent = load.finish();
  for (int i = 0; i < kPatience && count(server) < sent; ++i) std::this_thread::sleep_for(kPause);
  compact(server);
  while (compactions(server, "RUNNING") > 0) EXPECT_EQ(count(server), sent);
  const Figures result = figures(server, sent);
  std::cout << sent << " rows, " << compactions(server, "SUCCESS") << " compactions, " << looks
            << " looks: " << result.lost << " lost, " << result.doubled << " doubled\n";
  EXPECT_EQ(result.lost, 0);
  EXPECT_EQ(result.doubled, 0);
  EXPECT_EQ(server.stop(), 0);
}

/// Its state when it has ended: "SUCCESS" or "FAILED".
std::string end_of_task(const RunningServer& server, const std::string& id, const std::string& file) {
  for (int i = 0; i < kPatience; ++i, std::this_thread::sleep_for(kPause)) {
    ingest::http_download({server.url() + "/druid/indexer/v1/task/" + id + "/status", ""}, file);
    std::ifstream stream(file);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const std::string state = Json::parse(text).find("status")->find("statusCode")->string();
    if (state != "RUNNING") return state;
  }
  return "RUNNING";
}

TEST(SupervisorKillTest, NeitherLosesNorDoublesARowWhenCompactionTakesItsChunks) {
  const TemporaryFolder folder;
  ingest::MockCluster cluster;
  cluster.create_topic("clicks", kPartitions);
  Load load(cluster.brokers());
  RunningServer server({}, folder / "data");
  post(server, "/druid/indexer/v1/supervisor", spec(cluster.brokers()));
  for (int i = 0; i < kPatience && count(server) < 400; ++i) std::this_thread::sleep_for(kPause);
  constexpr int kCompactions = 4;
  int successes = 0;
  for (int i = 0; i < kCompactions; ++i) {  // of more priority than the supervisor's tasks, which lose their locks
    const std::string id = "compact-" + std::to_string(i);
    const std::string answer =
        post(server, "/druid/indexer/v1/task", R"({"type":"compact","id":")" + id + R"(","dataSource":"clicks",
        "ioConfig":{"type":"compact","inputSpec":{"type":"interval","interval":"2024-01-01/2024-01-04"}},
        "context":{"priority":100}})");
    EXPECT_EQ(answer, R"({"task":")" + id + R"("})");
    successes += end_of_task(server, id, folder / "answer") == "SUCCESS" ? 1 : 0;
  }
  EXPECT_EQ(successes, kCompactions);
  const std::int64_t sent = load.finish();
  for (int i = 0; i < kPatience && count(server) < sent; ++i) std::this_thread::sleep_for(kPause);
  const Figures result = figures(server, sent);
  std::cout << "compacted " << kCompactions << " times: " << sent << " rows, " << result.lost << " lost, "
            << result.doubled << " doubled\n";
  EXPECT_EQ(result.lost, 0);
  EXPECT_EQ(result.doubled, 0);
  EXPECT_EQ(server.stop(), 0);
}

}  // namespace
}  // namespace sarsen::server
