#include "server/cli/ingest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "storage/base/json.h"
#include "tests/server/cli/inline_task.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kCount =
    R"({"queryType":"timeseries","dataSource":"pages","granularity":"all","intervals":"2024/2025",)"
    R"("aggregations":[{"type":"longSum","name":"added","fieldName":"added"},{"type":"count","name":"n"}]})";

class IngestTest : public testing::Test {
 protected:
  ProgramResult ingest(const std::vector<std::string>& target) {
    std::vector<std::string> arguments{"ingest", "-"};
    arguments.insert(arguments.end(), target.begin(), target.end());
    return run_program(arguments, inline_task());
  }

  TemporaryFolder folder_;
};

TEST_F(IngestTest, ReportsRowsAndSegmentsOnStandardError) {
  const ProgramResult result = ingest({"--out", folder_ / "out"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("5 rows read in "));
  EXPECT_THAT(result.err, HasSubstr("no json"));
  EXPECT_THAT(result.err, HasSubstr("2 segments written"));
}

TEST_F(IngestTest, WritesWhatQueryAndDumpRead) {
  ASSERT_EQ(ingest({"--out", folder_ / "out"}).status, 0);
  const ProgramResult answer = run_program({"query", "-", "--segments", folder_ / "out"}, std::string(kCount));
  EXPECT_EQ(answer.status, 0) << answer.err;
  EXPECT_THAT(answer.out, AllOf(HasSubstr("\"added\":100"), HasSubstr("\"n\":4")));
  const std::string segment = folder_ / "out/pages/2024-01-01";
  const ProgramResult rows = run_program({"dump", segment, "--rows"});
  EXPECT_EQ(rows.out,
            R"({"__time":1704070800000,"page":"Äpfel","tags":["a","b"],"level":7,"added":10,"count":1,"ratio":0.5})"
            "\n"
            R"({"__time":1704074400000,"page":"B","tags":[null],"level":null,"added":20,"count":1,"ratio":1.5})"
            "\n")
      << rows.err;
  EXPECT_EQ(run_program({"dump", segment, "--rows", "--columns", "page,added", "--limit", "1"}).out,
            "{\"page\":\"Äpfel\",\"added\":10}\n");
}

TEST_F(IngestTest, DumpsColumnsAsTableAndJson) {
  ASSERT_EQ(ingest({"--out", folder_ / "out"}).status, 0);
  const std::string segment = folder_ / "out/pages/2024-01-01";
  const ProgramResult table = run_program({"dump", segment});
  EXPECT_THAT(table.out,
              StartsWith("rows         2\ninterval     2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z\n"));
  EXPECT_THAT(table.out, HasSubstr("multi-value"));
  const Json json = Json::parse(run_program({"dump", segment, "--json"}).out);
  EXPECT_EQ(json.find("rows")->integer(), 2);
  EXPECT_EQ(json.find("columns")->array().size(), 7U);
  EXPECT_TRUE(Json::parse(run_program({"dump", segment, "--metadata"}).out).is_object());
  EXPECT_EQ(run_program({"dump", segment, "--rows", "--columns", "pag"}).status, 1);
}

TEST_F(IngestTest, FillsTheDataFolderThatAServerServes) {
  ASSERT_EQ(ingest({"--data", folder_ / "data"}).status, 0);
  RunningServer server({}, folder_ / "data");
  const ProgramResult answer = run_program({"query", "-", "--url", server.url(), "--json"}, std::string(kCount));
  EXPECT_THAT(answer.out, HasSubstr("\"n\":4")) << answer.err;
  const ProgramResult table = run_program({"query", "-", "--url", server.url(), "--table"}, std::string(kCount));
  EXPECT_THAT(table.out, HasSubstr("1 row\n"));
  const ProgramResult second = run_program({"serve", "--port", "0", "--data", folder_ / "data"});
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.err, HasSubstr("uses the data folder"));
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(IngestTest, NamesTheFieldThatIsWrong) {
  std::string task = inline_task();
  task.replace(task.find("longSum"), 7, "longsum");
  const ProgramResult result = run_program({"ingest", "-", "--out", folder_ / "out"}, task);
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("metricsSpec[1].type"), HasSubstr("did you mean \"longSum\"?")));
}

}  // namespace
}  // namespace sarsen::server
