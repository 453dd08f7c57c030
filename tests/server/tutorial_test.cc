// Druid 0.7's tutorial "Loading Streaming Data" from end to end: the real program, its embedded Kafka (and, where there
// is one, a real broker), the five events, the query over HTTP, and the answer byte for byte.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "ingest/kafka/kafka_producer.h"
#include "server/http/http_client.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/server/real_broker.h"
#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kFlushMs = 20'000;
constexpr std::string_view kQuery = R"({"queryType":"timeBoundary","dataSource":"wikipedia"})";

constexpr std::string_view kAnswer =
    "[ {\n"
    "  \"timestamp\" : \"2013-08-31T01:02:33.000Z\",\n"
    "  \"result\" : {\n"
    "    \"minTime\" : \"2013-08-31T01:02:33.000Z\",\n"
    "    \"maxTime\" : \"2013-08-31T12:41:27.000Z\"\n"
    "  }\n"
    "} ]";

constexpr std::string_view kSegment =
    "segment[wikipedia_2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z_2013-08-31T00:00:00.000Z]";

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

fs::path tutorial() { return source_folder() / "tools" / "tutorial"; }

/// The tutorial's specification, but for where it persists and, when given, the brokers.
std::string spec_with(const fs::path& persist, const std::string& brokers) {
  std::string spec = read_file(tutorial() / "wikipedia.spec");
  const auto replace = [&spec](const std::string& from, const std::string& to) {
    const std::size_t at = spec.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    spec.replace(at, from.size(), to);
  };
  replace("\\/tmp\\/realtime\\/basePersist", persist.string());
  if (!brokers.empty())
    replace("\"zookeeper.connect\"", "\"bootstrap.servers\": \"" + brokers + "\", \"zookeeper.connect\"");
  return spec;
}

void send(const std::string& brokers, const std::string& topic, const std::string& lines) {
  ingest::KafkaProducer producer(brokers);
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) producer.send(topic, line, 0);
  producer.flush(kFlushMs);
}

std::string ask(const RunningServer& server, std::string_view query) {
  return http_post(parse_http_url(server.url()), "/druid/v2/?pretty", query).body;
}

/// Asks until the answer is `expected` or patience ends; the last answer.
std::string ask_until(const RunningServer& server, std::string_view query, std::string_view expected) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::string answer;
  while (std::chrono::steady_clock::now() < deadline) {
    answer = ask(server, query);
    if (answer == expected) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return answer;
}

constexpr std::string_view kSums =
    R"({"queryType":"timeseries","dataSource":"wikipedia","granularity":"day","intervals":"2013-08-31/2013-09-01",)"
    R"("aggregations":[{"type":"longSum","name":"count","fieldName":"count"},{"type":"doubleSum","name":"added","fieldName":"added"},)"
    R"({"type":"doubleSum","name":"deleted","fieldName":"deleted"},{"type":"doubleSum","name":"delta","fieldName":"delta"}]})";

TEST(TutorialTest, RunsOverTheEmbeddedKafka) {
  const TemporaryFolder folder;
  write_text(folder / "wikipedia.spec", spec_with(folder.path() / "persist", ""));
  const std::vector<std::string> arguments{"--spec", folder / "wikipedia.spec", "--embedded-kafka", "0"};
  {
    RunningServer server(arguments, folder / "data");
    const std::string brokers = server.wait_for_log("The embedded Kafka listens on ");
    server.wait_for_log("from offset 0");
    send(brokers, "wikipedia", read_file(tutorial() / "events.json"));
    EXPECT_EQ(ask_until(server, kQuery, kAnswer), kAnswer);
    EXPECT_THAT(server.log(), HasSubstr("Announcing " + std::string(kSegment)));
    const Json sums = Json::parse(ask(server, kSums));
    ASSERT_EQ(sums.array().size(), 1U);
    const Json& result = *sums.array().front().find("result");
    EXPECT_EQ(result.find("count")->number(), 5);
    EXPECT_EQ(result.find("added")->number(), 1545);
    EXPECT_EQ(result.find("deleted")->number(), 356);
    EXPECT_EQ(result.find("delta")->number(), 1189);
    EXPECT_EQ(server.stop(), 0);
  }
  {
    RunningServer server(arguments, folder / "data");
    EXPECT_EQ(ask(server, kQuery), kAnswer) << "what was persisted is served from the start";
    // An event typed later appears in the next queries, together with the persisted ones.
    send(
        server.wait_for_log("The embedded Kafka listens on "), "wikipedia",
        R"({"timestamp":"2013-08-31T13:00:00Z","page":"Gypsy Danger","user":"nuclear","added":1,"deleted":2,"delta":-1})");
    std::string later(kAnswer);
    later.replace(later.find("12:41:27"), 8, "13:00:00");
    EXPECT_EQ(ask_until(server, kQuery, later), later);
    EXPECT_EQ(Json::parse(ask(server, kSums)).array().front().find("result")->find("count")->number(), 6);
    EXPECT_EQ(server.stop(), 0);
  }
}

TEST(TutorialTest, SaysWhatToAddWhereTheSpecNamesNoBroker) {
  const TemporaryFolder folder;
  std::string spec = spec_with(folder.path() / "persist", "");
  const std::string line = R"("zookeeper.connect": "localhost:2181",)";
  ASSERT_NE(spec.find(line), std::string::npos);
  spec.erase(spec.find(line), line.size());
  write_text(folder / "wikipedia.spec", spec);
  const ProgramResult result =
      run_program({"serve", "--port", "0", "--data", folder / "data", "--spec", folder / "wikipedia.spec"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("wikipedia.spec"));
  EXPECT_THAT(result.err, HasSubstr("bootstrap.servers"));
}

TEST(TutorialTest, RunsOverARealBrokerAndReadsNothingTwice) {
  const RealBroker broker;
  if (broker.address().empty()) GTEST_SKIP() << "no real Kafka broker: " << broker.reason();
  const std::string& brokers = broker.address();
  const TemporaryFolder folder;
  const std::string topic = "wikipedia-" + folder.path().filename().string();
  std::string spec = spec_with(folder.path() / "persist", brokers);
  const std::string feed = "\"feed\": \"wikipedia\"";
  ASSERT_NE(spec.find(feed), std::string::npos);
  spec.replace(spec.find(feed), feed.size(), "\"feed\": \"" + topic + "\"");
  write_text(folder / "wikipedia.spec", spec);
  const std::vector<std::string> arguments{"--spec", folder / "wikipedia.spec"};
  {
    RunningServer server(arguments, folder / "data");
    send(brokers, topic, read_file(tutorial() / "events.json"));  // makes the topic
    EXPECT_EQ(ask_until(server, kQuery, kAnswer), kAnswer);
    EXPECT_EQ(server.stop(), 0);
  }
  {
    RunningServer server(arguments, folder / "data");
    server.wait_for_log("from offset 5");
    EXPECT_EQ(ask(server, kQuery), kAnswer);
    EXPECT_EQ(Json::parse(ask(server, kSums)).array().front().find("result")->find("count")->number(), 5);
    EXPECT_EQ(server.stop(), 0);
  }
}

}  // namespace
}  // namespace sarsen::server
