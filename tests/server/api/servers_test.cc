// Asked through the router without a socket.

#include "server/api/servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"
#include "tests/server/api/ask_router.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

class ServersTest : public testing::Test {
 protected:
  ServersTest() {
    set_log_level(LogLevel::kError);
    add_server_routes(router_, node_.metadata, node_.catalog, address_,
                      {.services = {{"coordinator", "druid/coordinator"}, {"historical", "own"}}, .start_time_ms = 0});
    node_.ended(node_.add(ingest::index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"})));
  }
  ~ServersTest() override { set_log_level(LogLevel::kInfo); }

  std::string ask(const std::string& path) { return ask_router(router_, "GET", "/druid/coordinator/v1" + path); }
  std::string id(std::size_t i) { return node_.metadata.used_segments()[i].id.text(); }

  TemporaryFolder folder_;
  const std::string address_ = "localhost:8082";
  ingest::TaskNode node_{folder_.path()};
  Router router_;
};

TEST_F(ServersTest, TellOfThisOne) {
  std::int64_t bytes = 0;
  for (const auto& segment : node_.metadata.used_segments()) bytes += static_cast<std::int64_t>(segment.size_bytes);
  const std::string simple =
      R"({"host":"localhost:8082","tier":"_default_tier","type":"historical","priority":0,"currSize":)" +
      std::to_string(bytes) + R"(,"maxSize":9223372036854775807})";
  EXPECT_EQ(ask("/servers"), R"(200 ["localhost:8082"])");
  EXPECT_EQ(ask("/servers?simple"), "200 [" + simple + "]");
  EXPECT_EQ(ask("/servers/localhost:8082?simple"), "200 " + simple);
  EXPECT_EQ(ask("/servers/other:1"), "404 ");
  const std::string full = ask("/servers/localhost:8082");
  EXPECT_THAT(full, HasSubstr(R"("type":"historical","tier":"_default_tier","priority":0,"segments":{")" + id(0) +
                              R"(":{"dataSource":"pages")"));
  EXPECT_EQ("200 [" + full.substr(4) + "]", ask("/servers?full"));
}

TEST_F(ServersTest, TellWhichSegmentsItServes) {
  EXPECT_EQ(ask("/servers/localhost:8082/segments"), "200 [\"" + id(0) + "\",\"" + id(1) + "\"]");
  const Json first = node_.metadata.used_segments()[0].to_json();
  EXPECT_THAT(ask("/servers/localhost:8082/segments?full"), HasSubstr(first.dump()));
  EXPECT_EQ(ask("/servers/localhost:8082/segments/" + id(0)), "200 " + first.dump());
  EXPECT_EQ(ask("/servers/localhost:8082/segments/none"), "404 ");
  EXPECT_EQ(ask("/servers/other:1/segments"), "404 ");
  const std::string second = id(1);
  node_.served.drop({node_.metadata.used_segments()[0].id});
  EXPECT_EQ(ask("/servers/localhost:8082/segments"), "200 [\"" + second + "\"]");
}

TEST_F(ServersTest, TellTheRolesOfTheCluster) {
  EXPECT_EQ(ask("/cluster"), R"(200 {"coordinator":[{"host":"localhost","service":"druid/coordinator",)"
                             R"("plaintextPort":8082}],"historical":[{"host":"localhost","service":"own",)"
                             R"("plaintextPort":8082}]})");
  EXPECT_EQ(ask("/cluster/historical"), R"(200 [{"host":"localhost","service":"own","plaintextPort":8082}])");
  EXPECT_EQ(ask("/cluster/router"), "200 []");
  EXPECT_EQ(ask("/cluster/historical?full=true"),
            R"(200 [{"druidNode":{"service":"own","host":"localhost","bindOnHost":false,"plaintextPort":8082,)"
            R"("port":-1,"tlsPort":-1,"enablePlaintextPort":true,"enableTlsPort":false},"nodeType":"historical",)"
            R"("services":{},"startTime":"1970-01-01T00:00:00.000Z"}])");
}

}  // namespace
}  // namespace sarsen::server
