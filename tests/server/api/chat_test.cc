// Pushed events over a real server: what is answered, and how a push waits.

#include "server/api/chat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "ingest/firehose/event_receiver.h"
#include "server/http/http_server.h"
#include "storage/base/json_writer.h"
#include "tests/server/http/raw_client.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPush = "/druid/worker/v1/chat/druid%3Afirehose%3Aclicks-0/push-events";
constexpr const char* kSmall = R"([{"t":1}])";
constexpr const char* kLarge = R"([{"t":1},{"t":2},{"t":3}])";

std::shared_ptr<const ingest::DataSchema> schema() {
  const Json json = Json::parse(R"({"dataSource":"x","parser":{"type":"map","parseSpec":{"format":"json",
      "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]}}},"metricsSpec":[]})");
  return std::make_shared<const ingest::DataSchema>(ingest::DataSchema::parse(JsonField(json)));
}

/// A server with one place for handlers, and a receiver with room for two events.
class ChatTest : public testing::Test {
 protected:
  ChatTest() {
    handlers_.add("druid:firehose:clicks-0", receiver_);
    add_chat_routes(router_, handlers_);
    HttpServerOptions options;
    options.requests_max = 1;
    server_ = std::make_unique<HttpServer>(router_, options);
    server_->start();
  }

  static std::string request(const std::string& path, const std::string& body, const std::string& headers = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::string post(const std::string& path, const std::string& body, const std::string& headers = "") {
    RawClient client(server_->port());
    return client.send(request(path, body, headers)).read_all();
  }

  std::unique_ptr<RawClient> begin(const std::string& body) {
    auto client = std::make_unique<RawClient>(server_->port());
    client->send(request(kPush, body));
    return client;
  }

  std::size_t take(std::size_t events_max = 100) { return receiver_->take(events_max, 0, 0).messages.size(); }

  /// Takes events until there are `count`, or some more.
  void take_all(std::size_t count) {
    std::size_t taken = 0;
    for (int turn = 0; turn < 1000 && taken < count; ++turn) taken += receiver_->take(100, 10, 0).messages.size();
    EXPECT_GE(taken, count);
  }

  ingest::ChatHandlers handlers_;
  std::shared_ptr<ingest::EventReceiver> receiver_ = std::make_shared<ingest::EventReceiver>(
      schema(), ingest::EventReceiverOptions{.service_name = "druid:firehose:clicks-0", .buffer_events = 2});
  Router router_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ChatTest, CountsEvents) {
  EXPECT_THAT(post(kPush, kSmall), HasSubstr("\r\n\r\n{\"eventCount\":1}"));
  EXPECT_THAT(post("/druid/worker/v1/chat/clicks-0/push-events", "[]"), HasSubstr("{\"eventCount\":0}"));
  EXPECT_EQ(take(), 1u);
}

TEST_F(ChatTest, TakesNothingOfWhatIsWrongInPart) {
  EXPECT_THAT(post(kPush, R"([{"t":1},{"t":"soon"}])"), StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(post(kPush, R"([{"t":1},)"), StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(post(kPush, "t", "Content-Type: text/plain\r\n"), StartsWith("HTTP/1.1 415"));
  EXPECT_THAT(post("/druid/worker/v1/chat/nobody/push-events", kSmall), StartsWith("HTTP/1.1 404"));
  EXPECT_EQ(take(), 0u);
}

TEST_F(ChatTest, SpeaksSmile) {
  JsonWriter body(JsonStyle::kSmile);
  body.begin_array().begin_object().key("t").integer(5).end_object().end_array();
  const std::string answer = post(kPush, body.take(), "Content-Type: application/x-jackson-smile\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/x-jackson-smile\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\n:)\n"));
  EXPECT_EQ(take(), 1u);
}

TEST_F(ChatTest, TakesRepetitionsOnce) {
  const std::string id = "X-Firehose-Producer-Id: p\r\n";
  EXPECT_THAT(post(kPush, kSmall, id + "X-Firehose-Producer-Seq: 1\r\n"), HasSubstr("{\"eventCount\":1}"));
  EXPECT_THAT(post(kPush, kSmall, id + "X-Firehose-Producer-Seq: 1\r\n"),
              HasSubstr(R"({"eventCount":0,"skipped":true})"));
  EXPECT_THAT(post(kPush, kSmall, id), HasSubstr(R"({"error":"Producer sequence value is missing"})"));
  EXPECT_THAT(post(kPush, kSmall, id + "X-Firehose-Producer-Seq: x\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(take(), 1u);
}

TEST_F(ChatTest, APushWaitsForRoomWithoutAPlace) {
  const auto waiting = begin(kLarge);
  EXPECT_THAT(post("/druid/worker/v1/chat/clicks-0/shutdown?shutoffTime=soon", ""), StartsWith("HTTP/1.1 400"));
  take_all(3);
  EXPECT_THAT(waiting->read_all(), HasSubstr("{\"eventCount\":3}"));
}

TEST_F(ChatTest, ForgetsThePushOfAClientThatHasGone) {
  const auto first = begin(kLarge);
  begin(kSmall);  // goes at once
  begin(kSmall);
  take_all(3);
  EXPECT_THAT(first->read_all(), HasSubstr("{\"eventCount\":3}"));
  // Whether theirs is read, and whenever, what is left is whole pushes, and the receiver works on.
  std::atomic<bool> answered = false;
  std::thread taker([&] {
    while (!answered) receiver_->take(100, 10, 0);
  });
  EXPECT_THAT(post(kPush, kSmall), HasSubstr("{\"eventCount\":1}"));
  answered = true;
  taker.join();
}

TEST_F(ChatTest, EndsTheWaitWhenTheServerStops) {
  const auto begun = begin(kLarge);
  for (int turn = 0; turn < 1000 && receiver_->take(1, 10, 0).messages.empty(); ++turn) continue;  // it has begun
  const auto whole = begin(kLarge);
  post("/druid/worker/v1/chat/clicks-0/shutdown?shutoffTime=2100", "");  // what came before was read by now, mostly
  server_->stop(std::chrono::milliseconds(0));
  EXPECT_THAT(begun->read_all(), HasSubstr("{\"eventCount\":3}"));
  EXPECT_THAT(whole->read_all(), testing::Not(HasSubstr("eventCount")));
  EXPECT_EQ(take() + take(), 2u);
}

TEST_F(ChatTest, RefusesEventsOnceItIsShutDown) {
  EXPECT_THAT(post("/druid/worker/v1/chat/clicks-0/shutdown", ""), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(receiver_->take(1, 0, 0).exhausted);
  EXPECT_THAT(post(kPush, kSmall), HasSubstr("Cannot add events to closed firehose!"));
}

}  // namespace
}  // namespace sarsen::server
