// The real program with a firehose that events are pushed to: what was acknowledged is counted, and is there again
// after a stop.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "server/http/http_client.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

constexpr int kPatience = 1200;  // looks a tenth of a second apart: a guard against hanging

std::string spec(const std::string& firehose) {
  return R"({"dataSchema":{"dataSource":"clicks","parser":{"type":"map","parseSpec":{"format":"json",
      "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["id"]}}},"metricsSpec":[{"type":"count","name":"n"}],
      "granularitySpec":{"type":"uniform","segmentGranularity":"DAY","queryGranularity":"NONE"}},
      "ioConfig":{"type":"realtime","firehose":)" +
         firehose + R"(},"tuningConfig":{"type":"realtime","rejectionPolicy":{"type":"none"}}})";
}

std::string post(const RunningServer& server, const std::string& path, const std::string& body) {
  return http_post(parse_http_url(server.url()), path, body).body;
}

std::int64_t count(const RunningServer& server) {
  const Json answer = Json::parse(post(server, "/druid/v2", R"({"queryType":"timeseries","dataSource":"clicks",
      "granularity":"all","intervals":"2024/2025","aggregations":[{"type":"longSum","name":"n","fieldName":"n"}]})"));
  if (!answer.is_array() || answer.array().empty()) return 0;
  return answer.array()[0].find("result")->find("n")->integer();
}

std::int64_t count_until(const RunningServer& server, std::int64_t expected) {
  for (int i = 0; i < kPatience && count(server) < expected; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return count(server);
}

std::string events(int first, int events) {
  std::string text = "[";
  for (int i = first; i < first + events; ++i)
    text += (i == first ? "" : ",") + std::string(R"({"t":"2024-01-0)") + std::to_string(1 + i % 3) +
            R"(T00:00:00Z","id":"e)" + std::to_string(i) + "\"}";
  return text + "]";
}

TEST(ReceiverTest, KeepsWhatItHasAcknowledgedOverAStop) {
  const TemporaryFolder folder;
  write_text(folder / "spec", spec(R"({"type":"receiver","serviceName":"firehose:clicks","bufferSize":7})"));
  const std::string path = "/druid/worker/v1/chat/clicks/push-events";
  {
    RunningServer server({"--spec", folder / "spec"}, folder / "data");
    for (int i = 0; i < 20; ++i) EXPECT_EQ(post(server, path, events(i * 50, 50)), R"({"eventCount":50})");
    EXPECT_EQ(server.stop(), 0);  // without waiting for the events to be rows
  }
  {
    RunningServer server({"--spec", folder / "spec"}, folder / "data");
    EXPECT_EQ(count(server), 1000);
    EXPECT_EQ(post(server, path, events(1000, 1)), R"({"eventCount":1})");
    EXPECT_EQ(count_until(server, 1001), 1001);
    // Its end hands all of it off, and it takes no more.
    EXPECT_EQ(post(server, "/druid/worker/v1/chat/clicks/shutdown", ""), "");
    for (int i = 0; i < 3; ++i) server.wait_for_log("is handed off");
    EXPECT_THAT(post(server, path, events(0, 1)), HasSubstr("Can't find chatHandler"));
    EXPECT_EQ(count(server), 1001);
    EXPECT_EQ(server.stop(), 0);
  }
}

TEST(ReceiverTest, ReadsFilesOnceAndHandsThemOff) {
  const TemporaryFolder folder;
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += R"({"t":"2024-01-01","id":"f)" + std::to_string(i) + "\"}\n";
  write_text(folder / "a.json", lines);
  const std::string local = R"({"type":"local","baseDir":")" + folder.path().string() + R"(","filter":"a.json"})";
  const std::string texts =
      R"({"type":"inline","data":"{\"t\":\"2024-01-02\",\"id\":\"x\"}\n{\"t\":\"2030-01-02\",\"id\":\"y\"}\n"})";
  write_text(folder / "spec", spec(R"({"type":"clipped","interval":"2024/2025","delegate":
      {"type":"combining","delegates":[)" +
                                   local + "," + texts + "]}}"));
  for (int life = 0; life < 2; ++life) {
    RunningServer server({"--spec", folder / "spec"}, folder / "data");
    server.wait_for_log("The firehose of data source clicks has ended");
    EXPECT_EQ(count_until(server, 101), 101);
    if (life == 0) server.wait_for_log("is handed off");
    EXPECT_EQ(server.stop(), 0);
  }
}

}  // namespace
}  // namespace sarsen::server
