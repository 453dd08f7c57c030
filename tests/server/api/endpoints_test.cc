// Druid's endpoints on the real program, over a socket, with segments that it has written itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>

#include "server/api/running_queries.h"
#include "server/http/http_client.h"
#include "storage/base/byte_writer.h"
#include "storage/base/json.h"
#include "storage/base/smile_reader.h"
#include "storage/base/smile_writer.h"
#include "tests/server/cli/inline_task.h"
#include "tests/server/cli/program.h"
#include "tests/server/http/raw_client.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class EndpointsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    ASSERT_EQ(run_program({"ingest", "-", "--data", *folder_ / "data"}, inline_task()).status, 0);
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{}, *folder_ / "data");
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }

  /// The whole response.
  static std::string ask(const std::string& method, const std::string& target, const std::string& body = "",
                         const std::string& headers = "Content-Type: application/json\r\n") {
    RawClient client(static_cast<std::uint16_t>(std::stoul(parse_http_url(server_->url()).port)));
    client.send(method + " " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.read_all();
  }
  static std::string get(const std::string& target) {
    const std::string answer = ask("GET", target, "", "");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n")) << target;
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }

  static std::unique_ptr<TemporaryFolder> folder_;
  static std::unique_ptr<RunningServer> server_;
};

std::unique_ptr<TemporaryFolder> EndpointsTest::folder_;
std::unique_ptr<RunningServer> EndpointsTest::server_;

constexpr const char* kBoundary = R"({"queryType":"timeBoundary","dataSource":"pages","context":{"queryId":"q 1"}})";

TEST_F(EndpointsTest, AnswersQueriesWithDruidsHeaders) {
  const std::string answer = ask("POST", "/druid/v2", kBoundary);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Type: application/json\r\n"),
                            HasSubstr("X-Druid-Query-Id: q 1\r\n"), HasSubstr("X-Druid-Response-Context: {}\r\n")));
  EXPECT_THAT(answer, EndsWith(R"([{"timestamp":"2024-01-01T01:00:00.000Z","result":)"
                               R"({"maxTime":"2024-01-02T04:00:00.000Z","minTime":"2024-01-01T01:00:00.000Z"}}])"));
}

TEST_F(EndpointsTest, PrintsPrettyWhenTheParameterIsThereWhateverItsValue) {
  for (const char* target : {"/druid/v2/?pretty", "/druid/v2?pretty=false", "/druid/v2/?x=1&pretty="})
    EXPECT_THAT(ask("POST", target, kBoundary), HasSubstr("[ {\n  \"timestamp\" : ")) << target;
}

TEST_F(EndpointsTest, NamesTheSegmentsThatWouldAnswer) {
  const auto located = [](const std::string& interval) {
    return AllOf(
        HasSubstr(R"([{"interval":")" + interval + R"(","version":")"), HasSubstr(R"("partitionNumber":0,"size":)"),
        HasSubstr(R"("locations":[{"name":"127.0.0.1:)"),
        EndsWith(R"("hostAndTlsPort":null,"maxSize":0,"type":"historical","tier":"_default_tier","priority":0}]}])"));
  };
  const std::string path = "/druid/v2/datasources/pages/candidates?intervals=";
  const std::string part = "2024-01-01T05:00:00.000Z/2024-01-01T07:00:00.000Z";
  EXPECT_THAT(get(path + "2024-01-01T05/2024-01-01T06,%202024-01-01T06/PT1H"), located(part));
  EXPECT_EQ(get(path + "1990/1991"), "[]");
  EXPECT_EQ(get("/druid/v2/datasources/gone/candidates?intervals=1990/1991"), "[]");
  const std::string query =
      R"({"queryType":"timeseries","dataSource":"pages","granularity":"all","intervals":["2024-01-01T05/PT2H"]})";
  EXPECT_THAT(ask("POST", "/druid/v2/candidates", query), located(part));
}

TEST_F(EndpointsTest, SaysWhichIntervalsCandidatesNeed) {
  for (const char* wrong : {"", "?intervals=", "?intervals=2024"})
    EXPECT_THAT(ask("GET", std::string("/druid/v2/datasources/pages/candidates") + wrong),
                AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("nterval")));
}

TEST_F(EndpointsTest, TellsWhatIsPublished) {
  const std::string base = "/druid/coordinator/v1/metadata/";
  const Json segments = Json::parse(get(base + "segments"));
  ASSERT_EQ(segments.array().size(), 2U);
  const Json& first = segments.array()[0];
  EXPECT_EQ(first.find("dataSource")->string(), "pages");
  EXPECT_EQ(first.find("loadSpec")->find("type")->string(), "local");
  EXPECT_EQ(get(base + "segments?datasources=others"), "[]");
  EXPECT_EQ(get(base + "datasources"), R"(["pages"])");
  EXPECT_EQ(get("/druid/coordinator/v1/datasources"), R"(["pages"])");
  const std::string id = first.find("identifier")->string();
  EXPECT_EQ(Json::parse(get(base + "datasources/pages/segments")).array()[0].string(), id);
  EXPECT_EQ(Json::parse(get(base + "datasources/pages/segments?full")).dump(), segments.dump());
  EXPECT_EQ(Json::parse(get(base + "datasources/pages/segments/" + id)).dump(), first.dump());
  EXPECT_EQ(Json::parse(get(base + "datasources/pages")).find("segments")->dump(), segments.dump());
  EXPECT_THAT(ask("GET", base + "datasources/others/segments", "", ""), StartsWith("HTTP/1.1 404 "));
}

TEST_F(EndpointsTest, GivesEachQueryAnIdOfItsOwn) {
  const auto id = [] {
    const std::string answer = ask("POST", "/druid/v2", R"({"queryType":"timeBoundary","dataSource":"pages"})");
    return answer.substr(answer.find("X-Druid-Query-Id: ") + 18, 36);
  };
  EXPECT_NE(id(), id());
}

TEST_F(EndpointsTest, TakesQueriesWithoutContentTypeAndUnknownSources) {
  EXPECT_THAT(ask("POST", "/druid/v2", R"({"queryType":"timeBoundary","dataSource":"nope"})", ""),
              EndsWith("\r\n\r\n[]"));
}

TEST_F(EndpointsTest, RefusesWhatIsNoJson) {
  const std::string answer = ask("POST", "/druid/v2", "Meka Leka");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr(R"({"error":"Json parse failed","errorMessage":")"),
                            Not(HasSubstr("X-Druid-Query-Id"))));
  EXPECT_THAT(ask("POST", "/druid/v2", ""), StartsWith("HTTP/1.1 400 "));
}

TEST_F(EndpointsTest, NamesWhatIsWrongWithAQuery) {
  const std::string answer =
      ask("POST", "/druid/v2?pretty",
          R"({"queryType":"timeseries","dataSource":"pages","granularity":"all","intervals":"2024/2025",)"
          R"("aggregations":[{"type":"longsum","name":"x","fieldName":"added"}]})");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("\"category\" : \"INVALID_INPUT\""),
                            HasSubstr("aggregations[0].type"), HasSubstr("did you mean \\\"longSum\\\"?")));
}

TEST_F(EndpointsTest, RefusesWrongContexts) {
  const char* query = R"({"queryType":"timeBoundary","dataSource":"pages","context":{"timeout":-1,"queryId":"c"}})";
  const std::string answer = ask("POST", "/druid/v2", query);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr(R"("error":"Query context parse failed")"),
                            HasSubstr("Timeout [timeout] must be a non negative value, but was -1"),
                            HasSubstr("X-Druid-Query-Id: c")));
}

TEST_F(EndpointsTest, RefusesOtherTypes) {
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded"})
    EXPECT_THAT(ask("POST", "/druid/v2", kBoundary, "Content-Type: " + std::string(type) + "\r\n"),
                AllOf(StartsWith("HTTP/1.1 415 "), HasSubstr(type)));
  EXPECT_THAT(ask("POST", "/druid/v2", kBoundary, "Accept: text/csv\r\n"), StartsWith("HTTP/1.1 406 "));
  EXPECT_THAT(ask("POST", "/druid/v2", kBoundary,
                  "Content-Type: application/json; charset=utf-8\r\nAccept: text/html, */*;q=0.1\r\n"),
              StartsWith("HTTP/1.1 200 "));
}

TEST_F(EndpointsTest, SpeaksSmileBothWays) {
  const std::string answer = ask("POST", "/druid/v2", kBoundary, "Accept: application/x-jackson-smile\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Content-Type: application/x-jackson-smile\r\n")));
  const auto body_of = [](const std::string& text) { return text.substr(text.find("\r\n\r\n") + 4); };
  const std::string body = body_of(answer);
  EXPECT_EQ(parse_smile(std::as_bytes(std::span(body))).dump(),
            R"([{"timestamp":"2024-01-01T01:00:00.000Z","result":)"
            R"({"maxTime":"2024-01-02T04:00:00.000Z","minTime":"2024-01-01T01:00:00.000Z"}}])");

  ByteWriter query;
  SmileWriter().write(Json::parse(kBoundary), query);
  const std::string bytes(reinterpret_cast<const char*>(query.view().data()), query.size());
  EXPECT_EQ(body_of(ask("POST", "/druid/v2", bytes, "Content-Type: application/smile\r\n")), body);
  EXPECT_THAT(
      ask("POST", "/druid/v2", bytes, "Content-Type: application/x-jackson-smile\r\nAccept: application/json\r\n"),
      EndsWith(R"("minTime":"2024-01-01T01:00:00.000Z"}}])"));
  EXPECT_THAT(ask("POST", "/druid/v2", "{}", "Content-Type: application/smile\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(EndpointsTest, TagsAnswersForThoseWhoAskAgain) {
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_THAT(ask("POST", "/druid/v2", kBoundary), Not(HasSubstr("ETag: ")));
  const std::string answer = ask("POST", "/druid/v2", kBoundary, json + "If-None-Match: x\r\n");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("ETag: ")));
  const std::string tag = answer.substr(answer.find("ETag: ") + 6, 32);
  const std::string again = ask("POST", "/druid/v2", kBoundary, json + "If-None-Match: " + tag + "\r\n");
  EXPECT_THAT(again,
              AllOf(StartsWith("HTTP/1.1 304 Not Modified\r\n"), HasSubstr("ETag: " + tag),
                    HasSubstr("X-Druid-Query-Id: q 1\r\n"), Not(HasSubstr("Content-Length")), EndsWith("\r\n\r\n")));
  const std::string other = R"({"queryType":"timeBoundary","dataSource":"pages","bound":"maxTime"})";
  EXPECT_THAT(ask("POST", "/druid/v2", other, json + "If-None-Match: " + tag + "\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(EndpointsTest, AcceptsACancelOfAnyId) {
  EXPECT_THAT(ask("DELETE", "/druid/v2/no-such-query"),
              AllOf(StartsWith("HTTP/1.1 202 Accepted\r\n"), HasSubstr("Content-Length: 0\r\n")));
}

TEST_F(EndpointsTest, ListsDataSourcesAndTheirColumns) {
  EXPECT_EQ(get("/druid/v2/datasources"), R"(["pages"])");
  EXPECT_EQ(get("/druid/v2/datasources/"), R"(["pages"])");
  EXPECT_EQ(get("/druid/v2/datasources/pages"),
            R"({"dimensions":["page","tags","level"],"metrics":["added","count","ratio"]})");
  EXPECT_EQ(get("/druid/v2/datasources/pages/dimensions"), R"(["page","tags","level"])");
  EXPECT_EQ(get("/druid/v2/datasources/pages/metrics"), R"(["added","count","ratio"])");
  EXPECT_EQ(get("/druid/v2/datasources/pages?full"),
            R"({"2024-01-01T00:00:00.000Z/2024-01-03T00:00:00.000Z":)"
            R"({"dimensions":["page","tags","level"],"metrics":["added","count","ratio"]}})");
  EXPECT_EQ(get("/druid/v2/datasources/pages?interval=2030/2031"), R"({"dimensions":[],"metrics":[]})");
  EXPECT_EQ(get("/druid/v2/datasources/nope"), R"({"dimensions":[],"metrics":[]})");
  EXPECT_THAT(ask("GET", "/druid/v2/datasources/pages?interval=soon"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(EndpointsTest, TellsItsStatus) {
  const Json status = Json::parse(get("/status"));
  EXPECT_TRUE(status.find("version")->is_string());
  EXPECT_TRUE(status.find("modules")->is_array());
  for (const char* name : {"maxMemory", "totalMemory", "freeMemory", "usedMemory", "directMemory"})
    EXPECT_TRUE(status.find("memory")->find(name)->is_integer()) << name;
  EXPECT_EQ(get("/status/health"), "true");
  EXPECT_EQ(get("/status/selfDiscovered"), "");
  EXPECT_EQ(get("/status/selfDiscovered/status"), R"({"selfDiscovered":true})");
  EXPECT_THAT(get("/status/properties"), HasSubstr(R"("druid.plaintextPort":"0")"));
}

TEST_F(EndpointsTest, TellsThatItIsReady) {
  EXPECT_EQ(get("/druid/broker/v1/loadstatus"), R"({"inventoryInitialized":true})");
  EXPECT_EQ(get("/druid/historical/v1/loadstatus"), R"({"cacheInitialized":true})");
  EXPECT_EQ(get("/druid/broker/v1/readiness"), "");
  EXPECT_EQ(get("/druid/historical/v1/readiness"), "");
}

TEST(RunningQueriesTest, CancelsAllOfAnId) {
  RunningQueries running;
  const auto first = std::make_shared<engine::QueryControl>();
  const auto second = std::make_shared<engine::QueryControl>();
  const auto other = std::make_shared<engine::QueryControl>();
  {
    const RunningQueries::Entry a(running, "id", first), b(running, "id", second), c(running, "other", other);
    EXPECT_EQ(running.size(), 3U);
    EXPECT_EQ(running.cancel("id"), 2U);
    EXPECT_ANY_THROW(first->check());
    EXPECT_ANY_THROW(second->check());
    EXPECT_NO_THROW(other->check());
    EXPECT_EQ(running.cancel("none"), 0U);
  }
  EXPECT_EQ(running.size(), 0U);
  EXPECT_EQ(running.cancel("id"), 0U);
}

TEST_F(EndpointsTest, TellsWhatIsServed) {
  const std::string base = "/druid/coordinator/v1/";
  const Json segments = Json::parse(get(base + "metadata/segments"));
  const std::string first = segments.array()[0].find("identifier")->string();
  const std::int64_t bytes = segments.array()[0].find("size")->integer() + segments.array()[1].find("size")->integer();
  const std::string size = std::to_string(bytes);
  const std::string summary = R"({"tiers":{"_default_tier":{"size":)" + size + R"(,"replicatedSize":)" + size +
                              R"(,"segmentCount":2}},"segments":{"maxTime":"2024-01-03T00:00:00.000Z","size":)" + size +
                              R"(,"minTime":"2024-01-01T00:00:00.000Z","count":2,"replicatedSize":)" + size + "}}";
  EXPECT_EQ(get(base + "datasources/pages"), summary);
  EXPECT_EQ(get(base + "datasources?simple"), R"([{"name":"pages","properties":)" + summary + "}]");
  EXPECT_EQ(get(base + "datasources?full"),
            R"([{"name":"pages","properties":{"client":"side"},"segments":)" + segments.dump() + "}]");
  EXPECT_EQ(
      get(base + "datasources/pages/intervals"),
      R"(["2024-01-02T00:00:00.000Z/2024-01-03T00:00:00.000Z","2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z"])");
  EXPECT_EQ(get(base + "datasources/pages/intervals/2024-01-01_2024-01-02"), "[\"" + first + "\"]");
  EXPECT_THAT(get(base + "datasources/pages/intervals/2024-01-01_2024-01-02?simple"), HasSubstr(R"("count":1}})"));
  EXPECT_THAT(get(base + "datasources/pages/intervals?full"), HasSubstr("\"" + first + R"(":{"metadata":)"));
  EXPECT_THAT(get(base + "datasources/pages/intervals/2024-01-01_2024-01-02/serverview"),
              HasSubstr(R"("servers":[{"name":"127.0.0.1:)"));
  EXPECT_EQ(Json::parse(get(base + "datasources/pages/segments?full")).dump(), segments.dump());
  EXPECT_THAT(get(base + "datasources/pages/segments/" + first), HasSubstr(R"("servers":["127.0.0.1:)"));
  EXPECT_EQ(get(base + "datasources/pages/tiers"), R"(["_default_tier"])");
  EXPECT_EQ(get(base + "datasources/pages/loadstatus?forceMetadataRefresh=true&interval=2024_2025"),
            R"({"pages":100.0})");
  EXPECT_EQ(get(base + "datasources/pages/loadstatus?forceMetadataRefresh=false&interval=2024_2025&simple"),
            R"({"pages":0})");
  EXPECT_THAT(ask("GET", base + "datasources/pages/loadstatus"), StartsWith("HTTP/1.1 400 "));
  for (const char* gone : {"datasources/gone", "datasources/gone/intervals", "datasources/pages/segments/gone"})
    EXPECT_THAT(ask("GET", base + gone), StartsWith("HTTP/1.1 204 ")) << gone;
  EXPECT_EQ(get(base + "intervals/2024-01-01_2024-01-03"), R"({"size":)" + size + R"(,"count":2})");
  EXPECT_THAT(get(base + "intervals"), HasSubstr(R"("2024-01-02T00:00:00.000Z/2024-01-03T00:00:00.000Z":{"pages":{)"));
  EXPECT_EQ(get(base + "tiers/_default_tier"), R"(["pages"])");
  EXPECT_THAT(get(base + "tiers?simple"), HasSubstr(R"({"_default_tier":{"currSize":)" + size));
  EXPECT_THAT(
      get(base + "metadata/segments?includeOvershadowedStatus"),
      StartsWith(R"([{"overshadowed":false,"replicationFactor":1,"numRows":null,"realtime":false,"dataSource":)"));
  EXPECT_EQ(get(base + "metadata/datasources/pages/unusedSegments"), "[]");
}

}  // namespace
}  // namespace sarsen::server
