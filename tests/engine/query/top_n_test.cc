#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/json.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kValues = 5000;
constexpr std::size_t kRoom = 10;

/// Values in no order, each in one row, with metrics from -3 to 3, so that many are equal; of some there is none.
std::shared_ptr<MemorySegment> many_values() {
  std::vector<std::int64_t> times;
  std::vector<std::optional<std::int64_t>> values;
  std::vector<std::optional<std::int64_t>> metrics;
  for (std::int64_t row = 0; row < kValues; ++row) {
    const std::int64_t value = row * 2741 % kValues;
    times.push_back(row);
    values.emplace_back(value);
    metrics.push_back(value % 11 == 4 ? std::nullopt : std::optional(value * 31 % 7 - 3));
  }
  auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
  segment->longs("value", values).longs("n", metrics);
  return segment;
}

/// What Druid's queue keeps of values in their order, best first: a value that finds no room must be better than the
/// worst, and of those that are equally bad the smallest goes.
std::vector<std::int64_t> kept(bool inverted) {
  std::vector<std::pair<std::int64_t, std::int64_t>> queue;  // metric, as if the greatest were the best, and value
  for (std::int64_t value = 0; value < kValues; ++value) {
    const std::int64_t metric = value * 31 % 7 - 3;
    const std::int64_t rank = value % 11 == 4 ? INT64_MIN : inverted ? -metric : metric;
    const auto worst = std::min_element(queue.begin(), queue.end());
    if (queue.size() == kRoom && rank <= worst->first) continue;
    if (queue.size() == kRoom) queue.erase(worst);
    queue.emplace_back(rank, value);
  }
  std::sort(queue.begin(), queue.end(), [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first > right.first : left.second < right.second;
  });
  std::vector<std::int64_t> values;
  for (const auto& [rank, value] : queue) values.push_back(value);
  return values;
}

std::vector<std::int64_t> answered(const storage::Catalog& catalog, const std::string& metric) {
  const Json rows = Json::parse(
      answer(catalog, R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",
    "dimension":{"type":"default","dimension":"value","outputName":"value","outputType":"LONG"},"threshold":10,"metric":)" +
                          metric +
                          R"(,"aggregations":[{"type":"longSum","name":"n","fieldName":"n"}],
    "context":{"minTopNThreshold":10}})"));
  std::vector<std::int64_t> values;
  for (const Json& row : rows.array().front().find("result")->array()) values.push_back(row.find("value")->integer());
  return values;
}

TEST(TopNTest, KeepsOfManyEqualValuesThoseThatDruidKeeps) {
  storage::Catalog catalog;
  serve(catalog, "t", many_values());
  EXPECT_EQ(answered(catalog, R"("n")"), kept(false));
  EXPECT_EQ(answered(catalog, R"({"type":"inverted","metric":"n"})"), kept(true));
}

/// The pages of a topN by the dimension, of `values` texts and a null, of which ten are kept.
std::string by_dimension(std::int64_t values, const std::string& metric) {
  std::vector<std::int64_t> times;
  Strings texts;
  for (std::int64_t row = 0; row <= values; ++row) {
    times.push_back(row);
    texts.push_back(row == 7 ? std::nullopt : std::optional("t" + std::to_string(10'000 + row * 2741 % values)));
  }
  auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
  segment->strings("text", texts);
  storage::Catalog catalog;
  serve(catalog, "t", segment);
  const Json rows = Json::parse(answer(catalog, R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D",
    "granularity":"all","dimension":"text","threshold":3,"context":{"minTopNThreshold":5},"metric":)" +
                                                    metric + R"(,"aggregations":[{"type":"count","name":"n"}]})"));
  std::string found;
  for (const Json& row : rows.array().at(0).find("result")->array()) found += row.find("text")->dump() + " ";
  return found;
}

TEST(TopNTest, RanksTextsInTheirOrderAndNullFirst) {
  const std::string ordered = R"({"type":"dimension","ordering":"lexicographic")";
  EXPECT_EQ(by_dimension(1000, ordered + "}"), R"(null "t10000" "t10001" )");
  EXPECT_EQ(by_dimension(1000, R"({"type":"inverted","metric":)" + ordered + "}}"), R"(null "t10999" "t10998" )");
  EXPECT_EQ(by_dimension(1000, ordered + R"(,"previousStop":"t10500"})"), R"("t10501" "t10502" "t10503" )");
  EXPECT_EQ(by_dimension(1000, R"({"type":"dimension","ordering":"strlen"})"), by_dimension(1000, ordered + "}"));
}

/// The texts that a topN by them answers of segments that hold these, of which five are kept.
std::string of_segments(const std::vector<Strings>& segments, const std::string& metric) {
  storage::Catalog catalog;
  for (std::uint32_t i = 0; i < segments.size(); ++i) {
    auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>(segments[i].size(), 5), Form::kMapped);
    segment->strings("text", segments[i]);
    serve(catalog, "t", segment, i);
  }
  const Json rows = Json::parse(answer(catalog, R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D",
    "granularity":"all","dimension":"text","threshold":5,"context":{"minTopNThreshold":5},"metric":)" +
                                                    metric + R"(,"aggregations":[{"type":"count","name":"n"}]})"));
  std::string found;
  for (const Json& row : rows.array().at(0).find("result")->array()) {
    const Json& text = *row.find("text");
    found += (text.is_null() ? "-" : text.string()) + row.find("n")->dump() + " ";
  }
  return found;
}

TEST(TopNTest, KeepsTheFirstTextsOfSeveralSegments) {
  const std::string ordered = R"({"type":"dimension","ordering":"lexicographic"})";
  const std::string inverted = R"({"type":"inverted","metric":)" + ordered + "}";
  const Strings first = {"p", "d", "l", "h"}, second = {"c", "o", "g", "k", "d"}, third = {"n", "b", "f", "j", "d"};
  EXPECT_EQ(of_segments({first, second, third}, ordered), "b1 c1 d3 f1 g1 ");
  EXPECT_EQ(of_segments({first, second, third}, inverted), "p1 o1 n1 l1 k1 ");
  Strings with_null = third;
  with_null[0] = std::nullopt;
  EXPECT_EQ(of_segments({with_null, first, second}, ordered), "-1 b1 c1 d3 f1 ");
  EXPECT_EQ(of_segments({with_null, first, second}, inverted), "-1 p1 o1 l1 k1 ");
  // There is no room when null comes.
  EXPECT_EQ(of_segments({first, second, with_null}, ordered), "b1 c1 d3 f1 g1 ");
  EXPECT_EQ(of_segments({first, second, with_null}, inverted), "p1 o1 l1 k1 j1 ");
}

}  // namespace
}  // namespace sarsen::engine
