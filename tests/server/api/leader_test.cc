#include "server/api/leader.h"

#include <gtest/gtest.h>

#include "tests/server/http/recording_writer.h"

namespace sarsen::server {
namespace {

class LeaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    add_leader_routes(router_, "/druid/indexer/v1", own_, [this] { return other_; });
    router_.add("GET", "/druid/indexer/v1/task/{id}", Execution::kInline,
                [](const Request&, ResponseWriter& writer) { writer.respond_json(200, "here"); });
  }

  RecordingWriter ask(const std::string& target) {
    Request request;
    request.method = "GET";
    EXPECT_TRUE(parse_target("/druid/indexer/v1" + target, request));
    RecordingWriter writer;
    (*router_.match(request).handler)(request, writer);
    return writer;
  }

  const std::string own_ = "own:8081";
  std::optional<std::string> other_;
  Router router_;
};

TEST_F(LeaderTest, IsThisProcess) {
  EXPECT_EQ(ask("/leader").body, "http://own:8081");
  EXPECT_EQ(ask("/isLeader").status, 200);
  EXPECT_EQ(ask("/isLeader").body, R"({"leader":true})");
  EXPECT_EQ(ask("/task/t").body, "here");
}

TEST_F(LeaderTest, SendsToAnother) {
  other_ = "http://other:8090";
  EXPECT_EQ(ask("/leader").body, "http://other:8090");
  EXPECT_EQ(ask("/isLeader").status, 404);
  EXPECT_EQ(ask("/isLeader").body, R"({"leader":false})");
  const RecordingWriter sent = ask("/task/a%2Fb?full&x=y%20z");
  EXPECT_EQ(sent.status, 307);
  EXPECT_EQ(sent.header("Location"), "http://other:8090/druid/indexer/v1/task/a%2Fb?full=&x=y%20z");
}

TEST_F(LeaderTest, KnowsOfNobody) {
  other_ = "";
  EXPECT_EQ(ask("/leader").status, 503);
  EXPECT_EQ(ask("/isLeader").status, 404);
  EXPECT_EQ(ask("/task/t").status, 503);
}

}  // namespace
}  // namespace sarsen::server
