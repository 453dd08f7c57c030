// Limits, lanes, cancelling and timeouts of queries on the real program. Nothing here measures time; a query that would
// take minutes stands for one that must be ended from outside.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/http/http_client.h"
#include "tests/server/cli/inline_task.h"
#include "tests/server/cli/program.h"
#include "tests/server/http/raw_client.h"

namespace sarsen::server {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// 400 aggregations that each take a quarter of a million steps for every row.
std::string endless_query(const std::string& context) {
  std::string list = "[1";
  for (int i = 2; i <= 60; ++i) list += "," + std::to_string(i);
  list += "]";
  std::string aggregations;
  for (int i = 0; i < 400; ++i)
    aggregations += std::string(i > 0 ? "," : "") + R"({"type":"longMax","name":"m)" + std::to_string(i) +
                    R"(","expression":"cartesian_fold((x, y, z, acc) -> acc + x * y * z + added + )" +
                    std::to_string(i) + ", " + list + ", " + list + ", " + list + R"x(, 0)"})x";
  return R"({"queryType":"timeseries","dataSource":"pages","granularity":"all","intervals":"2024/2025","aggregations":[)" +
         aggregations + R"(],"context":)" + context + "}";
}

std::string quick_query(const std::string& context = "{}") {
  return R"({"queryType":"timeBoundary","dataSource":"pages","bound":"maxTime","context":)" + context + "}";
}

class QuerySchedulingTest : public ::testing::Test {
 protected:
  void start(const std::vector<std::pair<std::string, std::string>>& settings) {
    ASSERT_EQ(run_program({"ingest", "-", "--data", folder_ / "data"}, inline_task()).status, 0);
    std::vector<std::string> arguments;
    for (const auto& [name, value] : settings) {
      arguments.emplace_back("--set");
      arguments.push_back(name + "=" + value);
    }
    server_ = std::make_unique<RunningServer>(arguments, folder_ / "data");
  }

  std::string ask(const std::string& method, const std::string& target, const std::string& body = "") const {
    RawClient client(static_cast<std::uint16_t>(std::stoul(parse_http_url(server_->url()).port)));
    client.send(method + " " + target +
                " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_all();
  }
  std::string query(const std::string& body) const { return ask("POST", "/druid/v2", body); }

  /// Asks until it is let in: others that look whether it is may be in its way.
  std::string insist(const std::string& body) const {
    std::string answer;
    do answer = query(body);
    while (answer.starts_with("HTTP/1.1 429"));
    return answer;
  }

  /// Asks until another query is refused: the one before has begun.
  void wait_until_busy(const std::string& context = "{}") const {
    while (!query(quick_query(context)).starts_with("HTTP/1.1 429")) std::this_thread::yield();
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<RunningServer> server_;
};

TEST_F(QuerySchedulingTest, RefusesBeyondTheTotalInDruidsWords) {
  start({{"druid.query.scheduler.numThreads", "1"}});
  auto endless = std::async(std::launch::async, [&] { return insist(endless_query(R"({"queryId":"e"})")); });
  wait_until_busy();
  EXPECT_THAT(
      query(quick_query(R"({"queryId":"q"})")),
      AllOf(
          StartsWith("HTTP/1.1 429 Too Many Requests\r\n"), HasSubstr("X-Druid-Query-Id: q\r\n"),
          EndsWith(
              R"({"error":"Query capacity exceeded","errorClass":"org.apache.druid.query.QueryCapacityExceededException",)"
              R"("host":null,"errorCode":"legacyQueryException","persona":"OPERATOR","category":"CAPACITY_EXCEEDED",)"
              R"("errorMessage":"Too many concurrent queries, total query capacity of 1 exceeded. Please try your query )"
              R"(again later.","context":{"host":null,)"
              R"("errorClass":"org.apache.druid.query.QueryCapacityExceededException",)"
              R"("legacyErrorCode":"Query capacity exceeded"}})")));
  EXPECT_THAT(ask("DELETE", "/druid/v2/e"), StartsWith("HTTP/1.1 202 "));
  EXPECT_THAT(endless.get(),
              AllOf(StartsWith("HTTP/1.1 500 "), HasSubstr(R"("error":"Query cancelled")"), HasSubstr("Query-Id: e")));
  EXPECT_THAT(query(quick_query()), StartsWith("HTTP/1.1 200 "));
}

TEST_F(QuerySchedulingTest, KeepsLowPrioritiesInTheirLane) {
  start({{"druid.query.scheduler.laning.strategy", "hilo"}, {"druid.query.scheduler.laning.maxLowPercent", "1"}});
  auto endless =
      std::async(std::launch::async, [&] { return insist(endless_query(R"({"queryId":"e","priority":-1})")); });
  wait_until_busy(R"({"priority":-5})");
  EXPECT_THAT(query(quick_query(R"({"lane":"low"})")),
              HasSubstr("Too many concurrent queries for lane 'low', query capacity of 1 exceeded. Please try your "
                        "query again later."));
  EXPECT_THAT(query(quick_query()), StartsWith("HTTP/1.1 200 "));  // and comes before what is running
  ask("DELETE", "/druid/v2/e");
  EXPECT_THAT(endless.get(), StartsWith("HTTP/1.1 500 "));
}

TEST_F(QuerySchedulingTest, ThresholdsSendLargeQueriesToTheLowLane) {
  start({{"druid.query.scheduler.laning.strategy", "hilo"},
         {"druid.query.scheduler.laning.maxLowPercent", "1"},
         {"druid.query.scheduler.prioritization.strategy", "threshold"},
         {"druid.query.scheduler.prioritization.segmentCountThreshold", "1"}});
  auto endless = std::async(std::launch::async, [&] { return insist(endless_query(R"({"queryId":"e"})")); });
  wait_until_busy();  // two segments
  const std::string one =
      R"({"queryType":"timeBoundary","dataSource":"pages","bound":"maxTime","intervals":"2024-01-02/P1D"})";
  EXPECT_THAT(query(one), StartsWith("HTTP/1.1 200 "));
  ask("DELETE", "/druid/v2/e");
  EXPECT_THAT(endless.get(), StartsWith("HTTP/1.1 500 "));
}

TEST_F(QuerySchedulingTest, EndsQueriesByTheServersTimeouts) {
  start({{"druid.server.http.defaultQueryTimeout", "100"}, {"druid.server.http.maxQueryTimeout", "60000"}});
  EXPECT_THAT(query(endless_query("{}")), AllOf(StartsWith("HTTP/1.1 504 "), HasSubstr(R"("error":"Query timeout")")));
  EXPECT_THAT(query(quick_query(R"({"timeout":60001})")),
              AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr(R"("error":"Query context parse failed")"),
                    HasSubstr("Configured timeout = 60001 is more than enforced limit of 60000.")));
  EXPECT_THAT(query(quick_query(R"({"priority":[]})")),
              HasSubstr("Expected key [priority] to be an Integer, but got [java.util.ArrayList]"));
}

TEST_F(QuerySchedulingTest, TellsWhatIsNotCovered) {
  start({});
  const std::string timeseries =
      R"({"queryType":"timeseries","dataSource":"pages","granularity":"all","intervals":"2023-12-31/2024-01-02",)";
  EXPECT_THAT(query(timeseries + R"("context":{"uncoveredIntervalsLimit":3}})"),
              HasSubstr("X-Druid-Response-Context: "
                        R"({"uncoveredIntervals":["2023-12-31T00:00:00.000Z/2024-01-01T00:00:00.000Z"],)"
                        R"("uncoveredIntervalsOverflowed":false})"));
  EXPECT_THAT(query(timeseries + R"("context":{}})"), HasSubstr("X-Druid-Response-Context: {}\r\n"));
}

TEST_F(QuerySchedulingTest, AnswersAlikeFromTheCacheOfSegments) {
  start({{"druid.historical.cache.useCache", "true"}, {"druid.historical.cache.populateCache", "true"}});
  const std::string by_page =
      R"({"queryType":"groupBy","dataSource":"pages","granularity":"day","dimensions":["page"],"intervals":"2024/2025",)"
      R"("aggregations":[{"type":"doubleSum","name":"ratio","fieldName":"ratio"},)"
      R"({"type":"cardinality","name":"tags","fields":["tags"]}]})";
  const auto body = [&] {
    const std::string answer = query(by_page);
    return answer.substr(answer.find("\r\n\r\n"));
  };
  const std::string first = body();
  EXPECT_THAT(first, HasSubstr(R"("page":"B")"));
  EXPECT_EQ(body(), first);
}

}  // namespace
}  // namespace sarsen::server
