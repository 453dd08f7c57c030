// Sums of `column + constant` are those of the rows one by one, with nulls, filters and groups, to the last bit.

#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

/// The same twice: `n + 7`, which is summed as a column, and as computed for each row.
std::string sums(const std::string& shifted, const std::string& computed) {
  return R"([{"type":"longSum","name":"sum","expression":")" + shifted +
         R"("},{"type":"longSum","name":"same","expression":")" + computed + R"("}])";
}

class ShiftedSumTest : public ::testing::TestWithParam<std::pair<const char*, const char*>> {
 protected:
  ShiftedSumTest() {
    std::vector<std::int64_t> times;
    Strings pages;
    std::vector<std::optional<std::int64_t>> numbers;
    std::vector<std::optional<double>> doubles;
    for (std::int64_t row = 0; row < 5000; ++row) {
      times.push_back(row);
      pages.push_back("p" + std::to_string(row % 7));
      numbers.push_back(row % 5 == 0 ? std::nullopt : std::optional(row == 1234 ? INT64_MAX : row * 37 % 1000 - 300));
      doubles.push_back(0.5 * static_cast<double>(row));
    }
    auto segment = std::make_shared<MemorySegment>(std::move(times), Form::kMapped);
    segment->strings("page", pages).longs("n", numbers).doubles("d", doubles);
    serve(catalog_, "t", segment);
  }

  storage::Catalog catalog_;
};

TEST_P(ShiftedSumTest, IsThatOfTheRows) {
  for (
      const char* rest :
      {R"("queryType":"timeseries","granularity":"all")",
       R"("queryType":"timeseries","granularity":"all","filter":{"type":"selector","dimension":"page","value":"p3"})",
       R"("queryType":"groupBy","granularity":"all","dimensions":["page"])",
       R"("queryType":"groupBy","granularity":"all","dimensions":["page"],"filter":{"type":"range","column":"n",)"
       R"("matchValueType":"LONG","lower":100})",
       R"("queryType":"timeseries","granularity":"all","filter":{"type":"selector","dimension":"page","value":"none"})"}) {
    const Json rows =
        Json::parse(answer(catalog_, R"({"dataSource":"t","intervals":"1970-01-01/P1D",)" + std::string(rest) +
                                         R"(,"aggregations":)" + sums(GetParam().first, GetParam().second) + "}"));
    ASSERT_GT(rows.array().size(), 0u);
    for (const Json& row : rows.array()) {
      const Json& event = row.find("event") != nullptr ? *row.find("event") : *row.find("result");
      EXPECT_EQ(event.find("sum")->dump(), event.find("same")->dump()) << rest;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Expressions, ShiftedSumTest,
                         ::testing::Values(std::pair{"n + 7", "(n + 3) + 4"}, std::pair{"7 + n", "(n + 3) + 4"},
                                           std::pair{"n - 9", "(n + 1) - 10"},
                                           std::pair{"n + 9223372036854775807", "(n + 9223372036854775806) + 1"},
                                           std::pair{"d + 2", "(d + 1) + 1"}));

}  // namespace
}  // namespace sarsen::engine
