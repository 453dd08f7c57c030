#include "server/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/http/gzip.h"
#include "storage/base/error.h"
#include "tests/server/http/raw_client.h"

namespace sarsen::server {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string post(std::string_view path, std::string_view body, std::string_view headers = "") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string get(std::string_view path, std::string_view headers = "", std::string_view version = "1.1") {
  return "GET " + std::string(path) + " HTTP/" + std::string(version) + "\r\nHost: h\r\n" + std::string(headers) +
         "\r\n";
}

/// A server whose handlers show what the transport does.
class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    router_.add("POST", "/echo", Execution::kPooled,
                [](const Request& request, ResponseWriter& writer) { writer.respond_json(200, request.body); });
    router_.add("GET", "/target", Execution::kInline, [](const Request& request, ResponseWriter& writer) {
      std::string text;
      for (const auto& [name, value] : request.parameters) text += name + "=" + value + ";";
      writer.respond(200, "text/plain", text);
    });
    router_.add("GET", "/long", Execution::kPooled, [this](const Request&, ResponseWriter& writer) {
      const Header type{"Content-Type", "text/plain"};
      writer.start(200, {&type, 1});
      for (std::size_t piece = 0; piece < pieces_; ++piece) {
        writer.write(std::string(1000, '#'));
        ++pieces_written_;
      }
      writer.finish();
    });
    router_.add("GET", "/breaks", Execution::kPooled, [](const Request&, ResponseWriter& writer) {
      writer.start(200, {});
      writer.write(std::string(100'000, 'x'));
      throw Error(ErrorCategory::kRuntimeFailure, "the disk is gone");
    });
    router_.add("GET", "/throws", Execution::kPooled,
                [](const Request&, ResponseWriter&) { throw Error(ErrorCategory::kTimeout, "too slow"); });
    router_.add("GET", "/waits", Execution::kPooled, [this](const Request&, ResponseWriter& writer) {
      ++waiting_;
      std::promise<void> released;
      writer.on_disconnect([&] { released.set_value(); });
      released.get_future().wait_for(std::chrono::seconds(20));
      ++released_;
      writer.respond_json(200, "1");
    });
  }

  /// Prompt handlers that are not: each waits until `count` requests wait together.
  void add_meeting(std::string_view path, int count, bool says_so) {
    router_.add("GET", path, Execution::kPrompt, [this, count, says_so](const Request&, ResponseWriter& writer) {
      if (says_so) writer.takes_long();
      ++waiting_;
      wait_for([&] { return waiting_ >= count; });
      writer.respond_json(200, "[\"met\"]");
    });
  }

  void expect_meeting(std::string_view path, int count) {
    std::deque<RawClient> clients;
    for (int i = 0; i < count; ++i) clients.emplace_back(server_->port()).send(get(path));
    for (RawClient& client : clients) EXPECT_THAT(client.read_until("[\"met\"]"), EndsWith("[\"met\"]"));
  }

  /// A handler that waits without its place until the test says so.
  void add_suspended() {
    router_.add("GET", "/suspended", Execution::kPooled, [this](const Request&, ResponseWriter& writer) {
      writer.on_disconnect([this] { proceed_.get_future().get()(); });
      writer.wait(
          [this](std::function<void()> proceed) {
            proceed_.set_value(std::move(proceed));
            ++waiting_;
          },
          [&writer] { writer.respond_json(200, "\"waited\""); });
    });
  }

  void start() {
    server_ = std::make_unique<HttpServer>(router_, options_);
    server_->start();
  }
  RawClient client() { return RawClient(server_->port()); }

  static void wait_for(const std::function<bool()>& condition) {
    for (int turn = 0; turn < 1000 && !condition(); ++turn) std::this_thread::sleep_for(milliseconds(10));
    ASSERT_TRUE(condition());
  }

  std::size_t pieces_ = 300;
  std::atomic<std::size_t> pieces_written_ = 0;
  std::atomic<int> waiting_ = 0;
  std::atomic<int> released_ = 0;
  std::promise<std::function<void()>> proceed_;
  Router router_;
  HttpServerOptions options_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersSmallBodiesWithTheirLength) {
  start();
  RawClient client(server_->port());
  const std::string answer = client.send(post("/echo", "[1]")).read_until("[1]");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Connection:")));
}

TEST_F(HttpServerTest, AWaitingHandlerHoldsNeitherThreadNorPlace) {
  options_.requests_max = 1;
  add_suspended();
  start();
  RawClient waiting(server_->port());
  waiting.send(get("/suspended") + post("/echo", "[2]"));
  wait_for([this] { return waiting_ == 1; });
  RawClient other(server_->port());
  EXPECT_THAT(other.send(post("/echo", "[1]")).read_until("[1]"), EndsWith("[1]"));
  proceed_.get_future().get()();
  EXPECT_THAT(waiting.read_until("\"waited\""), EndsWith("\"waited\""));
  EXPECT_THAT(waiting.read_until("[2]"), EndsWith("[2]")) << "the connection goes on";
}

TEST_F(HttpServerTest, TellsAWaitingHandlerThatTheServerStops) {
  add_suspended();
  start();
  RawClient waiting(server_->port());
  waiting.send(get("/suspended"));
  wait_for([this] { return waiting_ == 1; });
  server_->stop(milliseconds(0));
  EXPECT_THAT(waiting.read_all(), HasSubstr("waited"));
}

TEST_F(HttpServerTest, KeepsTheConnectionForFurtherRequests) {
  start();
  RawClient client(server_->port());
  for (const char* body : {"[1]", "[2]", "[3]"})
    EXPECT_THAT(client.send(post("/echo", body)).read_until(body), EndsWith(body));
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawClient client(server_->port());
  client.send(post("/echo", "[1]") + get("/target?n=2") + post("/echo", "[3]"));
  EXPECT_THAT(client.read_until("[1]"), EndsWith("[1]"));
  EXPECT_THAT(client.read_until("n=2;"), EndsWith("n=2;"));
  EXPECT_THAT(client.read_until("[3]"), EndsWith("[3]"));
}

TEST_F(HttpServerTest, ReadsRequestsThatComeByteByByte) {
  start();
  RawClient client(server_->port());
  for (const char letter : post("/echo", "[1]")) client.send({&letter, 1});
  EXPECT_THAT(client.read_until("[1]"), EndsWith("[1]"));
}

TEST_F(HttpServerTest, ReadsChunkedBodies) {
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n");
  EXPECT_THAT(client.read_until("[1]"), EndsWith("[1]"));
}

TEST_F(HttpServerTest, SaysContinueToThoseWhoAsk) {
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(client.send("[1]").read_until("[1]"), EndsWith("[1]"));
}

TEST_F(HttpServerTest, UnpacksGzipBodies) {
  start();
  GzipCompressor gzip;
  std::string body;
  gzip.add("[1,2,3]", body);
  gzip.finish(body);
  RawClient client(server_->port());
  EXPECT_THAT(client.send(post("/echo", body, "Content-Encoding: gzip\r\n")).read_until("[1,2,3]"),
              EndsWith("[1,2,3]"));
}

TEST_F(HttpServerTest, RefusesGzipBodiesThatGrowPastTheLimit) {
  options_.body_bytes_max = 10'000;
  start();
  GzipCompressor gzip;
  std::string body;
  gzip.add(std::string(100'000, ' '), body);
  gzip.finish(body);
  RawClient client(server_->port());
  EXPECT_THAT(client.send(post("/echo", body, "Content-Encoding: gzip\r\n")).read_until("\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
}

TEST_F(HttpServerTest, PacksAnswersForThoseWhoAsk) {
  start();
  RawClient client(server_->port());
  client.send(post("/echo", "[1,2,3]", "Accept-Encoding: deflate, gzip\r\nConnection: close\r\n"));
  const std::string answer = client.read_all();
  EXPECT_THAT(answer, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_EQ(gunzip(answer.substr(answer.find("\r\n\r\n") + 4), 100), "[1,2,3]");
}

TEST_F(HttpServerTest, StreamsLongAnswersInChunksWithATrailer) {
  start();
  RawClient client(server_->port());
  const std::string answer = client.send(get("/long")).read_until("\r\n0\r\nX-Druid-Response-Complete: true\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked\r\nTrailer: X-Druid-Response-Complete\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(std::count(answer.begin(), answer.end(), '#'), 300'000);
  EXPECT_THAT(client.send(post("/echo", "[1]")).read_until("[1]"), EndsWith("[1]"));
}

TEST_F(HttpServerTest, EndsLongAnswersToHttp10ByClosing) {
  start();
  RawClient client(server_->port());
  const std::string answer = client.send(get("/long", "Connection: keep-alive\r\n", "1.0")).read_all();
  EXPECT_THAT(answer, AllOf(HasSubstr("Connection: close\r\n"), Not(HasSubstr("chunked"))));
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 300'000U);
}

TEST_F(HttpServerTest, StopsWritingWhileTheClientDoesNotRead) {
  pieces_ = 100'000;
  start();
  RawClient client(server_->port());
  client.send(get("/long"));
  std::size_t before = 0;
  wait_for([&] {
    const std::size_t written = pieces_written_;
    return written > 0 && written == std::exchange(before, written);
  });
  EXPECT_LT(pieces_written_, pieces_);
  client.close();
}

TEST_F(HttpServerTest, TellsThatABegunAnswerIsNotWhole) {
  start();
  RawClient client(server_->port());
  const std::string answer = client.send(get("/breaks")).read_all();
  EXPECT_THAT(answer, EndsWith("0\r\nX-Druid-Response-Complete: false\r\nX-Error-Message: the disk is gone\r\n\r\n"));
}

TEST_F(HttpServerTest, TurnsAnExceptionIntoAnErrorBody) {
  start();
  RawClient client(server_->port());
  const std::string answer = client.send(get("/throws", "Connection: close\r\n")).read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 504 Gateway Timeout\r\n"));
  EXPECT_THAT(answer, HasSubstr("\"error\":\"Query timeout\""));
}

TEST_F(HttpServerTest, RefusesHeadersPastTheLimit) {
  options_.header_bytes_max = 4096;
  start();
  RawClient client(server_->port());
  const std::string answer = client.send(get("/target", "X: " + std::string(100'000, 'x') + "\r\n")).read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(answer, HasSubstr("4096"));
}

TEST_F(HttpServerTest, RefusesBodiesPastTheLimit) {
  options_.body_bytes_max = 1000;
  start();
  RawClient client(server_->port());
  EXPECT_THAT(client.send(post("/echo", std::string(200'000, ' '))).read_all(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, RefusesChunkedBodiesPastTheLimit) {
  options_.body_bytes_max = 1000;
  start();
  RawClient client(server_->port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" +
              std::string(0x1000, ' ') + "\r\n0\r\n\r\n");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, RefusesWhatIsNoHttp) {
  start();
  for (const char* bytes :
       {"\r\n\r\nhello\r\n\r\n", "GET /\r\n\r\n", "POST /echo HTTP/1.1\r\nContent-Length: -3\r\n\r\n",
        "POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "GET /target HTTP/1.1\r\nBad Header: x\r\n\r\n"}) {
    RawClient client(server_->port());
    EXPECT_THAT(client.send(bytes).read_all(), StartsWith("HTTP/1.1 400 ")) << bytes;
  }
}

TEST_F(HttpServerTest, RefusesBrokenEscapesInTheTarget) {
  start();
  RawClient client(server_->port());
  EXPECT_THAT(client.send(get("/target?a=%zz")).read_all(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(HttpServerTest, DecodesParameters) {
  start();
  RawClient client(server_->port());
  EXPECT_THAT(client.send(get("/target?pretty&a=1+2%2B3&b=&c%20d=%C3%A9")).read_until("\xC3\xA9;"),
              EndsWith("pretty=;a=1 2+3;b=;c d=\xC3\xA9;"));
}

TEST_F(HttpServerTest, ClosesConnectionsThatDawdle) {
  options_.header_timeout = milliseconds(200);
  options_.idle_timeout = milliseconds(200);
  start();
  RawClient silent(server_->port());
  RawClient slow(server_->port());
  slow.send("GET /target HT");
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_EQ(slow.read_all(), "");
}

TEST_F(HttpServerTest, TurnsAwayConnectionsBeyondTheLimit) {
  options_.connections_max = 1;
  start();
  RawClient first(server_->port());
  EXPECT_THAT(first.send(post("/echo", "[1]")).read_until("[1]"), EndsWith("[1]"));
  RawClient second(server_->port());
  EXPECT_THAT(second.read_all(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(HttpServerTest, TellsTheHandlerThatTheClientHasGone) {
  start();
  RawClient client(server_->port());
  client.send(get("/waits"));
  wait_for([&] { return waiting_ == 1; });
  client.close();
  wait_for([&] { return released_ == 1; });
}

TEST_F(HttpServerTest, NoticesThatAClientHasGoneThoughItHadPipelined) {
  start();
  RawClient client(server_->port());
  client.send(get("/waits") + get("/target"));
  wait_for([&] { return waiting_ == 1; });
  client.close();
  wait_for([&] { return released_ == 1; });
}

TEST_F(HttpServerTest, AnswersInlineRequestsWhenAllPlacesAreTaken) {
  options_.requests_max = 2;
  start();
  RawClient a(server_->port()), b(server_->port()), c(server_->port()), d(server_->port());
  for (RawClient* client : {&a, &b, &c}) client->send(get("/waits"));
  wait_for([&] { return waiting_ == 2; });
  EXPECT_THAT(d.send(get("/target?x")).read_until("x=;"), EndsWith("x=;"));
  EXPECT_EQ(waiting_, 2);
  a.close();
  b.close();
  wait_for([&] { return waiting_ == 3; });
  c.close();
  wait_for([&] { return released_ == 3; });
}

TEST_F(HttpServerTest, PromptHandlersThatTakeLongKeepNobodyWaiting) {
  constexpr int kClients = 20;  // more than threads that look after sockets
  add_meeting("/meeting", kClients, true);
  start();
  expect_meeting("/meeting", kClients);
}

TEST_F(HttpServerTest, PromptHandlersThatTakeLongAreNoticed) {
  constexpr int kClients = 20;
  add_meeting("/silent-meeting", kClients, false);
  start();
  expect_meeting("/silent-meeting", kClients);
}

TEST_F(HttpServerTest, LetsRunningRequestsEndBeforeItStops) {
  router_.add("GET", "/short", Execution::kPooled, [this](const Request&, ResponseWriter& writer) {
    ++waiting_;
    std::this_thread::sleep_for(milliseconds(300));
    writer.respond_json(200, "[7]");
  });
  start();
  RawClient client(server_->port());
  RawClient idle(server_->port());
  client.send(get("/short"));
  wait_for([&] { return waiting_ == 1; });
  server_->stop(std::chrono::seconds(20));
  EXPECT_THAT(client.read_all(), EndsWith("[7]"));
  EXPECT_EQ(idle.read_all(), "");
}

TEST_F(HttpServerTest, CancelsRequestsThatOutlastTheGrace) {
  start();
  RawClient client(server_->port());
  client.send(get("/waits"));
  wait_for([&] { return waiting_ == 1; });
  server_->stop(milliseconds(100));
  EXPECT_EQ(released_, 1);
  EXPECT_THAT(client.read_all(), EndsWith("\r\n\r\n1"));
}

TEST_F(HttpServerTest, CutsOffAnswersThatNobodyReads) {
  pieces_ = 100'000;
  start();
  RawClient client(server_->port());
  client.send(get("/long"));
  wait_for([&] { return pieces_written_ > 100; });
  server_->stop(milliseconds(0));
  EXPECT_LT(pieces_written_, pieces_);
}

TEST_F(HttpServerTest, ServesManyConnectionsAtATime) {
  start();
  std::vector<std::thread> clients;
  std::atomic<int> answered = 0;
  for (int number = 0; number < 8; ++number)
    clients.emplace_back([&] {
      RawClient client(server_->port());
      for (int turn = 0; turn < 200; ++turn) {
        client.send(post("/echo", "[" + std::to_string(turn) + "]"));
        if (client.read_until("[" + std::to_string(turn) + "]").starts_with("HTTP/1.1 200")) ++answered;
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 1600);
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  start();
  HttpServerOptions taken;
  taken.port = server_->port();
  HttpServer second(router_, taken);
  EXPECT_THROW(second.start(), Error);
  taken.host = "no.such.host";
  HttpServer third(router_, taken);
  EXPECT_THROW(third.start(), Error);
}

}  // namespace
}  // namespace sarsen::server
