#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

const std::string kSegment = source_folder() / "tests" / "golden" / "segments" / "druid-0.16.0-types";

TEST(BenchTest, MeasuresStandardQueriesOfEveryColumn) {
  const ProgramResult result = run_program({"bench", kSegment, "--seconds", "0", "--json", "--threads", "2"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.find("rows")->integer(), 120);
  EXPECT_GT(json.find("memoryBytesPerSecond")->number(), 1e6);
  std::string names;
  for (const Json& query : json.find("results")->array()) {
    names += query.find("query")->string() + ";";
    EXPECT_GE(query.find("runs")->integer(), 3);
    EXPECT_GT(query.find("medianMs")->number(), 0);
    EXPECT_GE(query.find("medianMs")->number(), query.find("minMs")->number());
  }
  for (const char* name : {"count;", "sum m_long;", "by hour;", "selector str, most frequent", "in str", "bound str",
                           "groupBy mv;", "topN str;"})
    EXPECT_THAT(names, HasSubstr(name));
}

TEST(BenchTest, RunsAGivenQueryAsATable) {
  const TemporaryFolder folder;
  write_text(folder / "query.json",
             R"({"queryType":"timeseries","dataSource":"whatever","granularity":"all","intervals":["2024/2025"],
                 "aggregations":[{"type":"longSum","name":"sum","fieldName":"m_long"}]})");
  const ProgramResult result = run_program({"bench", kSegment, "--seconds", "0", "--query", folder / "query.json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("median ms"));
  EXPECT_THAT(result.out, HasSubstr("query.json"));
  EXPECT_EQ(run_program({"bench", "/no/such/segment"}).status, 1);
}

}  // namespace
}  // namespace sarsen::server
