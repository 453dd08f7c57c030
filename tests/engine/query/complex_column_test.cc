// Columns of a complex type that nothing here knows: the others of the segment answer, this one is refused by name.
#include <gtest/gtest.h>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"
#include "storage/segment/catalog.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/storage/segment/memory_files.h"
#include "tests/support/checkout.h"

namespace sarsen::engine {
namespace {

class UnknownComplexType : public testing::Test {
 protected:
  UnknownComplexType() {
    storage::FileTexts texts =
        storage::read_files(source_folder() / "tests/golden/segments/druid-33.0.0-complex-types");
    std::string& chunk = texts.at("00000.smoosh");
    const std::string type = R"("typeName":"KllFloatsSketch")";
    chunk.replace(chunk.find(type), type.size(), R"("typeName":"SomebodysSketch")");
    storage::TimelineEntry entry;
    entry.id = {"t", parse_interval("2024-01-01/2024-01-02"), "v1", 0};
    entry.segment = std::make_shared<storage::ImmutableServedSegment>(
        storage::open_stored_segment(storage::stored_files(texts), "memory"));
    catalog_.update("t", [&](storage::Timeline& timeline) { timeline.add(entry); });
  }

  // The answer, or what is said against the query.
  std::string answer(const std::string& rest) {
    WorkerPool pool(1);
    QueryControl control;
    std::string text;
    const QueryEngine engine(catalog_, pool, {});
    const std::string query = R"({"dataSource":"t","intervals":"2024-01-01/2024-01-02","granularity":"all",)" + rest;
    try {
      engine.run(*parse_query(Json::parse(query)), control, JsonStyle::kCompact,
                 [&](std::string_view piece) { text += piece; });
    } catch (const Error& error) {
      return error.what();
    }
    return text;
  }

  storage::Catalog catalog_;
};

TEST_F(UnknownComplexType, LeavesTheOtherColumns) {
  EXPECT_EQ(
      answer(R"("queryType":"timeseries","aggregations":[{"type":"longSum","name":"rows","fieldName":"count"}]})"),
      R"([{"timestamp":"2024-01-01T00:00:00.000Z","result":{"rows":120}}])");
}

TEST_F(UnknownComplexType, IsRefusedByName) {
  const std::string timeseries = R"("queryType":"timeseries",)";
  const std::string count = R"("aggregations":[{"type":"count","name":"rows"}])";
  for (const std::string& query : {
           R"("queryType":"groupBy","dimensions":["KllFloatsSketch"],)" + count + "}",
           timeseries + R"("aggregations":[{"type":"hyperUnique","name":"a","fieldName":"KllFloatsSketch"}]})",
           timeseries + R"("aggregations":[{"type":"thetaSketch","name":"a","fieldName":"KllFloatsSketch"}]})",
           timeseries + R"("aggregations":[{"type":"longSum","name":"a","fieldName":"KllFloatsSketch"}]})",
       }) {
    const std::string problem = answer(query);
    EXPECT_NE(problem.find("KllFloatsSketch"), std::string::npos) << query << "\n" << problem;
    EXPECT_NE(problem.find("COMPLEX<SomebodysSketch>"), std::string::npos) << query << "\n" << problem;
  }
}

/// As in Druid, whose filters of text read every complex column as nulls.
TEST_F(UnknownComplexType, IsNullToFilters) {
  const auto rows = [&](const std::string& filter) {
    return answer(R"("queryType":"timeseries","aggregations":[{"type":"count","name":"rows"}],"filter":)" + filter +
                  "}");
  };
  const auto result = [](int count) {
    return R"([{"timestamp":"2024-01-01T00:00:00.000Z","result":{"rows":)" + std::to_string(count) + "}}]";
  };
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"KllFloatsSketch","value":"a"})"), result(0));
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"KllFloatsSketch","value":null})"), result(40));
  EXPECT_EQ(rows(R"({"type":"in","dimension":"KllFloatsSketch","values":["a",null]})"), result(40));
  EXPECT_EQ(rows(R"({"type":"not","field":{"type":"like","dimension":"KllFloatsSketch","pattern":"a"}})"), result(0));
  EXPECT_EQ(rows(R"({"type":"range","column":"KllFloatsSketch","matchValueType":"STRING","lower":"a"})"), result(0));
}

}  // namespace
}  // namespace sarsen::engine
