// Groups of many rows are merged segment by segment, and nothing tells by the answer.
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kRows = 60'000;

/// Longs, of which there may be as many as rows, as far as a plan knows.
std::shared_ptr<const storage::Segment> segment_of(std::int64_t first) {
  std::vector<std::optional<std::int64_t>> keys;
  std::vector<std::optional<double>> shares;
  for (std::int64_t row = 0; row < kRows; ++row) {
    keys.push_back((first + row) % 7);
    shares.push_back(1.0 / static_cast<double>(first + row + 1));
  }
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>(kRows, first), Form::kMapped);
  segment->longs("key", keys).doubles("share", shares);
  return segment;
}

/// So many bytes of sums in a group that a wave has one segment, or two.
std::string query(int sums) {
  std::string text =
      R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all","context":{"resultAsArray":true},)"
      R"("dimensions":[{"type":"default","dimension":"key","outputType":"LONG"}],"aggregations":[)";
  for (int i = 0; i < sums; ++i)
    text += (i > 0 ? "," : "") + std::string(R"({"type":"doubleSum","fieldName":"share","name":"s)") +
            std::to_string(i) + "\"}";
  return text + "]}";
}

/// The first `columns` of each row.
std::vector<std::string> cut_rows(const std::string& answer, std::size_t columns) {
  std::vector<std::string> rows;
  const Json parsed = Json::parse(answer);
  for (const Json& row : parsed.array()) {
    rows.emplace_back();
    for (std::size_t i = 0; i < columns; ++i) rows.back() += row.array()[i].dump() + " ";
  }
  return rows;
}

TEST(ScanWaves, GiveWhatOneScanGives) {
  storage::Catalog catalog;
  for (std::uint32_t i = 0; i < 5; ++i) serve(catalog, "t", segment_of(std::int64_t{i} * kRows), i);
  for (const std::size_t threads : {1U, 3U}) {
    const std::vector<std::string> one = cut_rows(answer(catalog, query(1), threads), 2);
    EXPECT_EQ(one.size(), 7U);
    for (const int sums : {150, 600}) EXPECT_EQ(cut_rows(answer(catalog, query(sums), threads), 2), one);
  }
}

}  // namespace
}  // namespace sarsen::engine
