// Memory that queries may have, each and all together, whatever they do.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "storage/base/memory_count.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

/// Four segments of 1000 rows with keys in common, and numbers whose sums depend on the order of adding.
void serve_keys(storage::Catalog& catalog) {
  std::mt19937_64 random(7);
  for (std::uint32_t partition = 0; partition < 4; ++partition) {
    std::vector<std::int64_t> times;
    std::vector<std::optional<std::string>> keys;
    std::vector<std::optional<double>> numbers;
    for (std::int64_t row = 0; row < 1000; ++row) {
      times.push_back(row * kHourMs / 100);
      const std::uint64_t key = random() % 400;
      keys.push_back(key == 0 ? std::nullopt : std::optional("key" + std::to_string(key)));
      numbers.push_back(static_cast<double>(random() % 1000000) / 7);
    }
    auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
    segment->strings("key", keys).doubles("d", numbers);
    serve(catalog, "t", segment, partition);
  }
}

const std::string kHarmless =
    R"({"queryType":"groupBy","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"granularity":"all",)"
    R"("dimensions":["key"],"aggregations":[{"type":"count","name":"rows"}]})";

/// What the query is refused with for want of memory; empty where it is answered.
std::string refusal_within(const storage::Catalog& catalog, const std::string& query, const QueryLimits& limits) {
  try {
    answer(catalog, query, 2, limits);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kResourceLimit);
    return error.what();
  }
}

/// Memory of any kind, wherever it goes.
TEST(MemoryOfAQuery, IsLimited) {
  if (!counts_memory()) GTEST_SKIP() << "allocations are not counted in this build";
  storage::Catalog catalog;
  serve_keys(catalog);
  QueryLimits limits;
  limits.query_bytes_max = std::size_t{32} << 20;
  const std::string bombs[] = {
      // 1.6 GB of texts in one state of each group
      R"({"queryType":"topN","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"granularity":"all",)"
      R"("dimension":{"type":"default","dimension":"v","outputName":"v"},"metric":"rows","threshold":1,)"
      R"q("virtualColumns":[{"type":"expression","name":"v","expression":"concat(key, repeat('x', 400000))",)q"
      R"("outputType":"STRING"}],"aggregations":[{"type":"count","name":"rows"}]})",
      R"({"queryType":"timeseries","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"granularity":"all",)"
      R"("aggregations":[{"type":"expression","name":"a","fields":["key"],"accumulatorIdentifier":"acc",)"
      R"q("initialValue":"ARRAY<STRING>[]","fold":"array_append(acc, repeat('x', 100000))",)q"
      R"q("combine":"array_concat(acc, a)","maxSizeBytes":2000000000}]})q",
      R"({"queryType":"scan","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"columns":["v"],)"
      R"("virtualColumns":[{"type":"expression","name":"v","outputType":"STRING","expression":)"
      R"("map((x) -> repeat('x', 1000000), [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,)"
      R"(30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,)"
      R"q(67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100])"}]})q"};
  for (const std::string& bomb : bombs) EXPECT_NE(refusal_within(catalog, bomb, limits), "") << bomb;
  EXPECT_EQ(refusal_within(catalog, kHarmless, limits), "");
}

TEST(MemoryOfAllQueries, IsLimited) {
  if (!counts_memory()) GTEST_SKIP() << "allocations are not counted in this build";
  storage::Catalog catalog;
  serve_keys(catalog);
  QueryLimits limits;
  limits.memory_bytes_max = 1000;
  EXPECT_NE(refusal_within(catalog, kHarmless, limits).find("sarsen.query.maxMemoryBytes"), std::string::npos);
}

}  // namespace
}  // namespace sarsen::engine
