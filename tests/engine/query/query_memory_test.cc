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

/// A query over all rows; `rest`: what is left of it.
std::string over_all(const std::string& type, const std::string& rest) {
  return R"({"queryType":")" + type +
         R"(","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"granularity":"all",)" + rest + "}";
}

std::string virtual_column(const std::string& expression) {
  return R"("virtualColumns":[{"type":"expression","name":"v","outputType":"STRING","expression":")" + expression +
         R"("}])";
}

TEST(MemoryOfAQuery, IsLimitedWhereverItGoes) {
  if (!counts_memory()) GTEST_SKIP() << "allocations are not counted in this build";
  storage::Catalog catalog;
  serve_keys(catalog);
  QueryLimits limits;
  limits.query_bytes_max = std::size_t{8} << 20;
  std::string numbers = "1";
  for (int i = 2; i <= 100; ++i) numbers += "," + std::to_string(i);
  const std::string long_text = virtual_column("concat(key, repeat('x', 100000))");
  const std::string bombs[] = {
      // 400 values of 100 kB
      over_all("topN",
               R"("dimension":"v","metric":"rows","threshold":1,"aggregations":[{"type":"count","name":"rows"}],)" +
                   long_text),
      // one state of 400 MB
      over_all("timeseries",
               R"j("aggregations":[{"type":"expression","name":"a","fields":["key"],"accumulatorIdentifier":"acc",)j"
               R"j("initialValue":"ARRAY<STRING>[]","fold":"array_append(acc, repeat('x', 100000))",)j"
               R"j("combine":"array_concat(acc, a)","maxSizeBytes":2000000000}])j"),
      // one cell of 20 MB
      over_all("scan", R"("columns":["v"],)" + virtual_column("map((x) -> repeat('x', 200000), [" + numbers + "])")),
      over_all("search", R"("query":{"type":"all"},"searchDimensions":["v"],)" + long_text)};
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
