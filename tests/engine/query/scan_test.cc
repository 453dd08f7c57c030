// scan: the shapes of its batches, its order, limits, and what it refuses.
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"
#include "tests/support/checkout.h"
#include "tests/support/golden_replay.h"

namespace sarsen::engine {
namespace {

const std::string kScan = R"({"queryType":"scan","dataSource":"t","intervals":"1970-01-01/P1D",)";

/// The events of all batches, and nothing else.
std::string events(const storage::Catalog& catalog, const std::string& rest) {
  std::string text;
  const Json batches = Json::parse(answer(catalog, kScan + rest));
  for (const Json& batch : batches.array()) {
    text += text.empty() ? "" : " | ";
    for (const Json& event : batch.find("events")->array()) text += event.dump();
  }
  return text;
}

TEST(Scan, WritesBatchesAsDruidDoes) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string id = R"("segmentId":"t_1970-01-01T00:00:00.000Z_1970-02-01T00:00:00.000Z_v1")";
  EXPECT_EQ(answer(catalog, kScan + R"("columns":["tags","n","nope"],"limit":3})"),
            "[{" + id +
                R"(,"columns":["tags","n","nope"],"events":[{"tags":["x","y"],"n":1,"nope":null},)"
                R"({"tags":"x","n":2,"nope":null},{"tags":null,"n":3,"nope":null}],)"
                R"("rowSignature":[{"name":"tags","type":"STRING"},{"name":"n","type":"LONG"},{"name":"nope"}]}])");
  EXPECT_EQ(answer(catalog, kScan + R"("resultFormat":"compactedList","limit":1})"),
            "[{" + id +
                R"(,"columns":["__time","page","tags","n","d"],"events":[[10,"b",["x","y"],1,0.5]],"rowSignature":[)"
                R"({"name":"__time","type":"LONG"},{"name":"page","type":"STRING"},{"name":"tags","type":"STRING"},)"
                R"({"name":"n","type":"LONG"},{"name":"d","type":"DOUBLE"}]}])");
  EXPECT_EQ(answer(catalog, kScan + R"("columns":["n"],"filter":{"type":"false"}})"), "[]");
}

TEST(Scan, CutsBatchesAndRows) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string n = R"("columns":["n"],"resultFormat":"compactedList")";
  EXPECT_EQ(events(catalog, n + R"(,"batchSize":2})"), "[1][2] | [3][4] | [null][10]");
  EXPECT_EQ(events(catalog, n + R"(,"batchSize":2,"offset":1,"limit":3})"), "[2] | [3][4]");
  EXPECT_EQ(events(catalog, n + R"(,"batchSize":4,"offset":5})"), "[10]");
  EXPECT_EQ(events(catalog, n + R"(,"offset":9})"), "");
  EXPECT_EQ(events(catalog, n + R"(,"limit":0,"filter":{"type":"selector","dimension":"page","value":"a"}})"),
            "[2][3][10]");
}

TEST(Scan, OrdersByTimeOverOverlappingAndUnsortedSegments) {
  storage::Catalog catalog;
  auto first = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 5, 5, 9}, Form::kMapped);
  first->longs("n", {10, 11, 12, 13});
  auto second = std::make_shared<MemorySegment>(std::vector<std::int64_t>{7, 2, 5}, Form::kLive);  // in no order
  second->longs("n", {20, 21, 22});
  serve(catalog, "t", first, 0);
  serve(catalog, "t", second, 1);
  const std::string n = R"("columns":["__time","n"],"resultFormat":"compactedList","order":)";
  EXPECT_EQ(events(catalog, n + R"("ascending","limit":100})"), "[1,10][2,21][5,11][5,12][5,22][7,20][9,13]");
  EXPECT_EQ(events(catalog, n + R"("descending","limit":100})"), "[9,13][7,20][5,22][5,12][5,11][2,21][1,10]");
  EXPECT_EQ(events(catalog, n + R"("ascending","limit":3,"offset":2,"batchSize":2})"), "[5,11][5,12] | [5,22]");
  EXPECT_EQ(events(catalog, R"("columns":["__time","n"],"resultFormat":"compactedList",)"
                            R"("orderBy":[{"columnName":"__time","order":"descending"}],"limit":1})"),
            "[9,13]");
  // Without a limit Druid hands on the rows of its merge one by one.
  EXPECT_EQ(events(catalog, n + R"("ascending"})").substr(0, 18), "[1,10] | [2,21] | ");
}

/// With a limit, filters are asked of segments as their turns come.
TEST(Scan, ChoosesRowsOfManySegmentsInTurn) {
  constexpr std::int64_t kSegments = 40;
  storage::Catalog catalog;
  std::string ascending, descending;
  for (std::int64_t i = 0; i < kSegments; ++i) {
    auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{2 * i, 2 * i + 1}, Form::kMapped);
    segment->strings("page", {i % 3 == 0 ? "a" : "b", "c"});
    serve(catalog, "t", segment, static_cast<std::uint32_t>(i));
    if (i % 3 != 0) continue;
    ascending += "[" + std::to_string(2 * i) + "]";
    descending.insert(0, "[" + std::to_string(2 * i) + "]");
  }
  const auto of_a = [&](const std::string& rest) {
    const std::string query = R"("columns":["__time"],"resultFormat":"compactedList",)"
                              R"("filter":{"type":"selector","dimension":"page","value":"a"},)";
    return events(catalog, query + rest);
  };
  EXPECT_EQ(of_a(R"("order":"ascending","limit":1000})"), ascending);
  EXPECT_EQ(of_a(R"("order":"descending","limit":1000})"), descending);
  EXPECT_EQ(of_a(R"("order":"ascending","limit":3,"offset":2})"), "[12][18][24]");
  EXPECT_TRUE(of_a(R"("limit":3})").starts_with(of_a(R"("limit":2})")));
  std::string unordered = of_a(R"("limit":1000})");
  for (std::size_t at = 0; (at = unordered.find(" | ")) != std::string::npos;) unordered.erase(at, 3);
  EXPECT_EQ(unordered.size(), ascending.size());
}

/// Druid asks each table of a union for itself, and merges the answers: of rows of one time and of batches of one
/// segment, the tables' take turns.
TEST(Scan, MergesTheTablesOfAUnion) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 5, 5, 9}, Form::kMapped);
  segment->longs("n", {10, 11, 12, 13});
  serve(catalog, "t", segment);
  const auto rows = [&](const std::string& rest) {
    std::string text;
    const Json batches = Json::parse(answer(
        catalog,
        R"({"queryType":"scan","intervals":"1970-01-01/P1D","columns":["__time","n"],"resultFormat":"compactedList",
                    "dataSource":{"type":"union","dataSources":["t","t"]},)" +
            rest + "}"));
    for (const Json& batch : batches.array())
      for (const Json& event : batch.find("events")->array())
        text += (text.empty() ? "" : " ") + event.array()[1].dump();
    return text;
  };
  EXPECT_EQ(rows(R"("order":"ascending","limit":9)"), "10 10 11 11 12 12 13 13");
  EXPECT_EQ(rows(R"("order":"descending","limit":5,"offset":2)"), "12 12 11 11 10");
  EXPECT_EQ(rows(R"("batchSize":2)"), "10 11 10 11 12 13 12 13");
  EXPECT_EQ(rows(R"("batchSize":3,"limit":5,"offset":1)"), "11 12 10 11 12");
}

TEST(Scan, ReadsBackwardsOverManyVectors) {
  storage::Catalog catalog;
  std::vector<std::int64_t> times;
  std::vector<std::optional<std::int64_t>> numbers;
  for (std::int64_t row = 0; row < 300000; ++row) {
    times.push_back(row / 3);
    numbers.push_back(row);
  }
  auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
  segment->longs("n", numbers);
  serve(catalog, "t", segment);
  std::int64_t next = 299999;
  const std::string query = kScan + R"("columns":["__time","n"],"resultFormat":"compactedList","order":"descending",)";
  const Json batches = Json::parse(answer(catalog, query + R"("limit":1000000})"));
  for (const Json& batch : batches.array())
    for (const Json& event : batch.find("events")->array()) {
      ASSERT_EQ(event.array()[1].integer(), next);
      --next;
    }
  EXPECT_EQ(next, -1);
}

/// An expression that is evaluated row by row reads the column that stands beside it. The interval ends inside a
/// vector.
TEST(Scan, ShowsAColumnBesideAnExpressionOverIt) {
  storage::Catalog catalog;
  load_golden_segments(source_folder() / "tests/golden/druid-33.0.0/segments", catalog);
  const Json batches = Json::parse(answer(catalog, R"q({"queryType":"scan","dataSource":"events",
      "intervals":"2024-02-28/2024-02-28T03","columns":["v","tags"],"resultFormat":"compactedList","virtualColumns":[
      {"type":"expression","name":"v","expression":"map((x) -> concat(x, '!'), tags)","outputType":"ARRAY<STRING>"}]})q"));
  std::size_t lists = 0;
  for (const Json& batch : batches.array())
    for (const Json& event : batch.find("events")->array()) {
      const Json& tags = event.array()[1];
      if (!tags.is_array()) continue;
      Json::Array marked;
      for (const Json& tag : tags.array()) marked.push_back(tag.is_null() ? Json() : Json(tag.string() + "!"));
      ASSERT_EQ(event.array()[0].dump(), Json(std::move(marked)).dump());
      ++lists;
    }
  EXPECT_GT(lists, 10U);
}

TEST(Scan, RefusesWhatDruidRefuses) {
  storage::Catalog catalog;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("resultFormat":"valueVector"})", "resultFormat: resultFormat[valueVector] is not supported"},
      {R"("resultFormat":"csv"})", "resultFormat: Scan query result format [csv] is not supported."},
      {R"("limit":-1})", "limit: limit must be greater than 0"},
      {R"("offset":-1})", "offset: offset must be greater than or equal to 0"},
      {R"("batchSize":-1})", "batchSize: batchSize must be greater than 0"},
      {R"("order":"sideways"})",
       "order: unknown order \"sideways\": must be \"ascending\", \"descending\" or \"none\""},
      {R"("columns":["n"],"order":"ascending"})",
       "columns: The __time column must be selected if the results are time-ordered."},
      {R"("orderBy":[{"columnName":"n","order":"descending"}]})",
       "orderBy: Cannot execute query with orderBy [n DESC]"},
      {R"("columns":["__time"],"orderBy":[{"columnName":"n"}]})",
       "orderBy[0]: Column [n] from 'orderBy' must also appear in 'columns'."},
      {R"("columnTypes":["LONG"]})", "columnTypes: columns must be provided if columnTypes is provided"},
  };
  for (const auto& [rest, message] : cases) EXPECT_EQ(refusal(catalog, kScan + rest), message) << rest;
}

}  // namespace
}  // namespace sarsen::engine
