// Groups that outgrow their memory: answers are the same to the last byte, whatever is spilled, and where nothing may
// be spilled the query is refused in Druid's words.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>

#include "storage/base/memory_count.h"
#include "tests/engine/query/query_example.h"
#include "tests/support/checkout.h"
#include "tests/support/golden_cases.h"
#include "tests/support/golden_replay.h"

namespace sarsen::engine {
namespace {

constexpr std::uint64_t kDisk = std::uint64_t{1} << 30;

QueryLimits spilling_at(std::uint64_t memory_bytes, std::uint64_t disk_bytes = kDisk) {
  QueryLimits limits;
  limits.groups.memory_bytes_max = memory_bytes;
  limits.groups.disk_bytes_max = disk_bytes;
  return limits;
}

/// Segments with keys in common, and numbers whose sums depend on the order of adding.
void serve_keys(storage::Catalog& catalog, std::int64_t rows = 1000, std::uint64_t distinct = 400,
                std::uint32_t segments = 4) {
  std::mt19937_64 random(7);
  for (std::uint32_t partition = 0; partition < segments; ++partition) {
    std::vector<std::int64_t> times;
    std::vector<std::optional<std::string>> keys;
    std::vector<std::optional<double>> numbers;
    for (std::int64_t row = 0; row < rows; ++row) {
      times.push_back(row * 10 * kHourMs / rows);
      const std::uint64_t key = random() % distinct;
      keys.push_back(key == 0 ? std::nullopt : std::optional("key" + std::to_string(key)));
      numbers.push_back(static_cast<double>(random() % 1000000) / 7);
    }
    auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
    segment->strings("key", keys).doubles("d", numbers);
    serve(catalog, "t", segment, partition);
  }
}

std::string group_by(const std::string& rest) {
  return R"({"queryType":"groupBy","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"dimensions":["key"],)"
         R"("aggregations":[{"type":"doubleSum","name":"sum","fieldName":"d"},{"type":"count","name":"rows"},)"
         R"({"type":"stringLast","name":"last","fieldName":"key"},{"type":"doubleLast","name":"lastD","fieldName":"d"},)"
         R"({"type":"HLLSketchBuild","name":"hll","fieldName":"d"},)"
         R"({"type":"quantilesDoublesSketch","name":"quantiles","fieldName":"d","k":16},)"
         R"({"type":"variance","name":"variance","fieldName":"d"}])" +
         rest + "}";
}

const std::string kQueries[] = {
    group_by(R"(,"granularity":"all")"),
    group_by(R"(,"granularity":"hour")"),
    group_by(R"(,"granularity":"all","context":{"finalize":false})"),
    group_by(R"(,"granularity":"hour","context":{"sortByDimsFirst":true})"),
    group_by(R"(,"granularity":"all","limitSpec":{"type":"default","limit":7,"offset":3})"),
    group_by(
        R"(,"granularity":"all","limitSpec":{"type":"default","columns":[{"dimension":"sum","direction":"descending"}]})"),
    group_by(R"(,"granularity":"hour","limitSpec":{"type":"default","limit":9,"columns":["rows","key"]})"),
    group_by(
        R"(,"granularity":"all","limitSpec":{"type":"default","limit":9,"columns":[{"dimension":"key","dimensionOrder":"strlen"}]})"),
    group_by(R"(,"granularity":"all","having":{"type":"greaterThan","aggregation":"rows","value":10})"),
    group_by(R"(,"granularity":"hour","subtotalsSpec":[["key"],[]])"),
    group_by(R"(,"granularity":"all","subtotalsSpec":[["key"],[]],"limitSpec":{"type":"default","columns":["rows"]})")};

TEST(Spilling, ChangesNoByteOfAnAnswer) {
  storage::Catalog catalog;
  serve_keys(catalog);
  for (const std::string& query : kQueries) {
    const std::string whole = answer(catalog, query);
    EXPECT_GT(whole.size(), 100u) << query;
    for (const std::size_t threads : {1u, 2u, 8u})
      for (const std::uint64_t memory_bytes : {1u, 40000u, 400000u})
        EXPECT_EQ(answer(catalog, query, threads, spilling_at(memory_bytes)), whole)
            << query << " on " << threads << " threads in " << memory_bytes << " bytes";
  }
}

/// Several pieces of a segment, and pieces that are read in parts.
TEST(Spilling, ChangesNoByteWhereSegmentsAreLarge) {
  for (const std::uint64_t distinct : {2000u, 40000u}) {
    storage::Catalog catalog;
    serve_keys(catalog, 140000, distinct, 2);
    const std::string query =
        R"({"queryType":"groupBy","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"granularity":"all",)"
        R"("dimensions":["key"],"aggregations":[{"type":"doubleSum","name":"sum","fieldName":"d"},)"
        R"({"type":"variance","name":"variance","fieldName":"d"}]})";
    const std::string whole = answer(catalog, query);
    for (const std::uint64_t memory_bytes : {1u, 20000000u})
      EXPECT_TRUE(answer(catalog, query, 2, spilling_at(memory_bytes)) == whole)
          << distinct << " keys in " << memory_bytes << " bytes";
  }
}

TEST(Spilling, ChangesNoByteOfRecordedAnswers) {
  const std::filesystem::path golden = source_folder() / "tests/golden/druid-33.0.0";
  storage::Catalog catalog;
  ASSERT_GT(load_golden_segments(golden / "segments", catalog), 0u);
  const GoldenLookups lookups(golden / "native-components.lookups.json");
  std::size_t compared = 0;
  for (const char* file : {"native-events.jsonl.gz", "native-events_rollup.jsonl.gz"})
    for (const GoldenCase& recorded : read_golden_cases(golden / file)) {
      const Json* type = recorded.query.find("queryType");
      if (recorded.status != 200 || type == nullptr || !type->is_string() || type->string() != "groupBy") continue;
      const std::string query = recorded.query.dump();
      try {
        const std::string whole = answer(catalog, query);
        EXPECT_EQ(answer(catalog, query, 2, spilling_at(1)), whole) << query;
        ++compared;
      } catch (const Error& error) {
        ADD_FAILURE_AT(__FILE__, __LINE__) << error.what() << query;
      }
    }
  EXPECT_GT(compared, 50u);
}

/// What the query is refused with for want of memory or disk; empty where it is answered.
std::string refusal_within(const storage::Catalog& catalog, const std::string& query, const QueryLimits& limits) {
  try {
    answer(catalog, query, 2, limits);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kResourceLimit);
    return error.what();
  }
}

TEST(Spilling, IsRefusedAsByDruidWhereThereIsNoDisk) {
  storage::Catalog catalog;
  serve_keys(catalog);
  const std::string& query = kQueries[0];
  EXPECT_TRUE(
      refusal_within(catalog, query, spilling_at(1, 0))
          .starts_with("Not enough merge buffer memory to execute this query. Try enabling disk spilling by setting "
                       "druid.query.groupBy.maxOnDiskStorage to an amount"));
  EXPECT_EQ(refusal_within(catalog, query, spilling_at(1, 1000)),
            "Not enough disk space to execute this query. Try raising druid.query.groupBy.maxOnDiskStorage.");
  QueryLimits limits;
  limits.groups.groups_max = 100;
  EXPECT_TRUE(refusal_within(catalog, query, limits).starts_with("Not enough merge buffer memory"));
  limits = {};
  limits.groups.dictionary_bytes_max = 1000;
  EXPECT_TRUE(refusal_within(catalog, query, limits)
                  .starts_with("Not enough dictionary memory to execute this query. Try enabling disk spilling"));
}

TEST(Spilling, TakesWhatTheContextSaysWithinTheServersLimit) {
  storage::Catalog catalog;
  serve_keys(catalog);
  const auto with = [](const std::string& context) {
    return group_by(R"(,"granularity":"all","context":{)" + context + "}");
  };
  const std::string whole = answer(catalog, kQueries[0]);
  const QueryLimits server = spilling_at(std::uint64_t{1} << 30);
  EXPECT_EQ(answer(catalog, with(R"("bufferGrouperMaxSize":100)"), 2, server), whole);
  EXPECT_EQ(answer(catalog, with(R"("bufferGrouperMaxSize":"100","maxOnDiskStorage":"512MiB")"), 2, server), whole);
  EXPECT_EQ(answer(catalog, with(R"("maxMergingDictionarySize":1000)"), 2, server), whole);
  EXPECT_NE(refusal_within(catalog, with(R"("bufferGrouperMaxSize":100,"maxOnDiskStorage":0)"), server), "");
  EXPECT_NE(refusal_within(catalog, with(R"("bufferGrouperMaxSize":100,"maxOnDiskStorage":"1GiB")"), {}), "");
  QueryLimits asked_for = server;
  asked_for.groups.disk_bytes_default = 0;
  EXPECT_NE(refusal_within(catalog, with(R"("bufferGrouperMaxSize":100)"), asked_for), "");
  EXPECT_EQ(answer(catalog, with(R"("bufferGrouperMaxSize":100,"maxOnDiskStorage":"1G")"), 2, asked_for), whole);
  EXPECT_EQ(refusal(catalog, with(R"("maxOnDiskStorage":"much")")),
            "Expected key [maxOnDiskStorage] to be a human readable number, but got [much]");
  EXPECT_EQ(refusal(catalog, with(R"("maxSelectorDictionarySize":true)")),
            "Expected key [maxSelectorDictionarySize] to be a human readable number, but got [java.lang.Boolean]");
}

/// Whatever the query allocates at a time, but for what it answers, which is its receiver's.
TEST(Spilling, StaysNearItsMemory) {
  if (!counts_memory()) GTEST_SKIP() << "allocations are not counted in this build";
  constexpr std::uint64_t kMemory = std::uint64_t{8} << 20;
  storage::Catalog catalog;
  serve_keys(catalog, 120000, 1000000000, 2);
  QueryLimits limits = spilling_at(kMemory);
  limits.query_bytes_max = kMemory + kMemory / 10 * 3;
  std::string query;
  for (const char* rest :
       {R"("doubleSum","name":"sum","fieldName":"d"}]})",
        R"("longSum","name":"sum","fieldName":"d"}],"limitSpec":{"type":"default","columns":["sum"]}})"}) {
    query = R"({"queryType":"groupBy","dataSource":"t","intervals":["1970-01-01/1970-02-01"],"granularity":"all",)"
            R"("dimensions":["key"],"aggregations":[{"type":)" +
            std::string(rest);
    EXPECT_EQ(refusal_within(catalog, query, limits), "") << query;
  }
  limits.groups.disk_bytes_max = 0;
  EXPECT_NE(refusal_within(catalog, query, limits), "");
}

TEST(Spilling, LeavesNothingBehind) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(::testing::TempDir()) / "sarsen_spilling_test";
  fs::remove_all(folder);
  storage::Catalog catalog;
  serve_keys(catalog);
  QueryLimits limits = spilling_at(1);
  limits.groups.folder = folder.string();
  WorkerPool pool(2);
  QueryControl control;
  const QueryEngine engine(catalog, pool, limits);
  std::size_t pieces = 0;
  // While the answer is on its way, too: the file has no name that a killed process could leave.
  engine.run(*parse_query(Json::parse(kQueries[0])), control, JsonStyle::kCompact, [&](std::string_view) {
    ++pieces;
    EXPECT_TRUE(fs::is_empty(folder));
  });
  EXPECT_GT(pieces, 0u);
  EXPECT_TRUE(fs::is_empty(folder));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace sarsen::engine
