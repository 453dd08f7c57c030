// topN by a dimension's own texts reads the rows of the first of them only, and answers as if it had read all.

#include "engine/query/first_values.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kRows = 3000;

/// 270 texts from v000 to v299, each in ten rows; each tenth row has none.
std::shared_ptr<MemorySegment> many_texts(Form form) {
  std::vector<std::int64_t> times;
  Strings texts;
  for (std::int64_t row = 0; row < kRows; ++row) {
    times.push_back(row * 1000);
    const std::string number = std::to_string(1000 + row * 7 % 300);
    texts.push_back(row % 10 == 9 ? std::nullopt : std::optional("v" + number.substr(1)));
  }
  auto segment = std::make_shared<MemorySegment>(times, form);
  segment->strings("v", texts);
  return segment;
}

std::string top(const storage::Catalog& catalog, const std::string& metric, const std::string& more = "") {
  return answer(catalog, R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",)" +
                             more + R"("dimension":"v","threshold":3,"metric":)" + metric +
                             R"(,"aggregations":[{"type":"count","name":"rows"}]})");
}

const std::string kMetrics[] = {
    R"({"type":"dimension","ordering":"lexicographic"})",
    R"({"type":"lexicographic","previousStop":"v010"})",
    R"({"type":"lexicographic","previousStop":"v0105"})",
    R"({"type":"lexicographic","previousStop":"zzz"})",
    R"({"type":"inverted","metric":{"type":"dimension","ordering":"lexicographic"}})",
    R"({"type":"inverted","metric":{"type":"lexicographic","previousStop":"v100"}})",
    R"({"type":"inverted","metric":{"type":"lexicographic","previousStop":"a"}})",
};

const std::string kRestrictions[] = {
    "",
    R"("filter":{"type":"in","dimension":"v","values":["v003","v200","v299",null]},)",
    R"("filter":{"type":"not","field":{"type":"selector","dimension":"v","value":null}},)",
    R"("filter":{"type":"bound","dimension":"__time","lower":"1000000","ordering":"numeric"},)",
};

TEST(FirstValues, AnswerAsAllRowsDo) {
  storage::Catalog indexed;
  serve(indexed, "t", many_texts(Form::kMapped), 0);
  serve(indexed, "t", many_texts(Form::kMapped), 1);
  storage::Catalog plain;  // without dictionaries that are sorted, all rows are read
  serve(plain, "t", many_texts(Form::kLive), 0);
  serve(plain, "t", many_texts(Form::kLive), 1);
  for (const std::string& metric : kMetrics)
    for (const std::string& restriction : kRestrictions)
      EXPECT_EQ(top(indexed, metric, restriction), top(plain, metric, restriction)) << metric << restriction;
  EXPECT_NE(top(indexed, kMetrics[1]).find(R"("v":"v011")"), std::string::npos);
}

TEST(FirstValues, LeaveTheOtherRowsOut) {
  const auto segment = many_texts(Form::kMapped);
  ScanPlan plan = make_scan_plan(segment, kEternity, nullptr);
  keep_first_values(plan, {.dimension = "v", .count = 3});
  ASSERT_FALSE(plan.index_rows.empty());
  std::uint64_t rows = 0;
  for (const std::uint64_t word : plan.index_rows) rows += static_cast<std::uint64_t>(__builtin_popcountll(word));
  EXPECT_EQ(rows, 3 * 10 + kRows / 10);  // and those of null
  ScanPlan all = make_scan_plan(segment, kEternity, nullptr);
  keep_first_values(all, {.dimension = "v", .count = 299});
  EXPECT_TRUE(all.index_rows.empty());
  keep_first_values(all, {.dimension = "nope", .count = 3});
  EXPECT_TRUE(all.index_rows.empty());
}

}  // namespace
}  // namespace sarsen::engine
