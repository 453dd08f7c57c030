// The real program as a historical: the orders of a coordinator over HTTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "server/cli/server_settings.h"
#include "server/http/http_client.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/server/cli/settings_problem.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kTask =
    R"({"type":"index","spec":{"dataSchema":{"dataSource":"clicks","timestampSpec":{"column":"t","format":"iso"},
    "dimensionsSpec":{"dimensions":["page"]},"metricsSpec":[],
    "granularitySpec":{"segmentGranularity":"DAY","rollup":false}},
    "ioConfig":{"type":"index","inputSource":{"type":"inline","data":"{\"t\":\"2024-01-01\",\"page\":\"a\"}"},
    "inputFormat":{"type":"json"}}}})";
constexpr std::string_view kCount =
    R"({"queryType":"timeseries","dataSource":"clicks","granularity":"all","intervals":"2024-01-01/2024-01-02",)"
    R"("aggregations":[{"type":"count","name":"n"}]})";

class HistoricalTest : public ::testing::Test {
 protected:
  /// What a coordinator orders: a segment that another process has made.
  std::string order(const std::string& action) {
    if (segment_.empty()) {
      write_text(folder_ / "task.json", std::string(kTask));
      const ProgramResult made = run_program({"ingest", folder_ / "task.json", "--data", folder_ / "made"});
      EXPECT_EQ(made.status, 0) << made.err;
      for (const auto& entry : fs::recursive_directory_iterator(folder_ / "made/segments"))
        if (entry.path().filename() == "version.bin") index_ = entry.path().parent_path();
      const std::string version = index_.parent_path().parent_path().filename();
      segment_ =
          R"("dataSource":"clicks","interval":"2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z","version":")" +
          version + R"(","loadSpec":{"type":"local","path":")" + index_.string() +
          R"("},"dimensions":"page","metrics":"","shardSpec":{"type":"numbered","partitionNum":0,"partitions":1},)"
          R"("binaryVersion":9,"size":100)";
    }
    return R"([{"action":")" + action + "\"," + segment_ + "}]";
  }

  static std::string send(const RunningServer& server, const std::string& orders,
                          const std::string& parameters = "timeout=60000") {
    const auto url = parse_http_url(server.url());
    for (int i = 0; i < 100; ++i) {
      const auto answer = http_post(url, "/druid-internal/v1/segments/changeRequests?" + parameters, orders);
      if (answer.status != 204 && answer.body.find("PENDING") == std::string::npos) return answer.body;
    }
    return "pending";
  }
  static std::string count(const RunningServer& server) {
    return http_post(parse_http_url(server.url()), "/druid/v2", kCount).body;
  }

  const TemporaryFolder folder_;
  fs::path index_;
  std::string segment_;
};

TEST_F(HistoricalTest, LoadsDropsAndRemembersWhatACoordinatorOrders) {
  const std::vector<std::string> arguments{"--set", "druid.server.maxSize=10g", "--set",
                                           "druid.segmentCache.dropSegmentDelayMillis=0"};
  const std::string load = order("load");
  {
    RunningServer server(arguments, folder_ / "data");
    const std::string answer = send(server, load);
    EXPECT_THAT(answer, HasSubstr(R"([{"request":{"action":"load","dataSource":"clicks")"));
    EXPECT_THAT(answer, HasSubstr(R"("status":{"state":"SUCCESS","failureCause":null,"loadingMode":"NORMAL"}}])"));
    EXPECT_THAT(count(server), HasSubstr(R"("n":1)"));
    EXPECT_EQ(server.stop(), 0);
  }
  RunningServer server(arguments, folder_ / "data");
  EXPECT_THAT(count(server), HasSubstr(R"("n":1)")) << "after a restart";
  EXPECT_THAT(send(server, order("drop"), "timeout=1000&loadingMode=TURBO"), HasSubstr(R"("loadingMode":"TURBO")"));
  while (count(server).find(R"("n":1)") != std::string::npos) {
  }
  std::string hdfs = load;
  hdfs.replace(hdfs.find(R"("type":"local")"), 14, R"("type":"hdfs")");
  EXPECT_THAT(send(server, hdfs), HasSubstr(R"("status":{"state":"FAILED","failureCause":"Segment[clicks_)"));
  EXPECT_THAT(send(server, "[]"), HasSubstr(R"({"error":"No change requests provided."})"));
  EXPECT_THAT(send(server, load, "timeout=0"), HasSubstr("timeout must be positive."));
  EXPECT_THAT(send(server, R"([{"action":"noop"}])"), HasSubstr("SUCCESS"));
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(HistoricalTest, TakesNoOrdersUnlessItIsAHistorical) {
  RunningServer server({}, folder_ / "data");
  EXPECT_THAT(send(server, order("load")), Not(HasSubstr("SUCCESS")));
  EXPECT_THAT(count(server), Not(HasSubstr(R"("n":1)")));
}

TEST(HistoricalSettingsTest, AreThoseOfAHistoricalOnly) {
  EXPECT_EQ(problem_of({{"druid.server.maxSize", "1g"}}), "none");
  EXPECT_THAT(problem_of({{"druid.server.maxSize", "1g"}, {"druid.realtime.specFile", "x"}}),
              HasSubstr("another process"));
  EXPECT_THAT(problem_of({{"druid.server.maxSize", "1g"}, {"druid.zk.service.host", "h:1"}}),
              ::testing::AnyOf(HasSubstr("sarsen.zookeeper.roles must be"), HasSubstr("built without")));
  EXPECT_THAT(problem_of({{"druid.segmentCache.numLoadingThreads", "0"}}), HasSubstr("numLoadingThreads"));
}

}  // namespace
}  // namespace sarsen::server
