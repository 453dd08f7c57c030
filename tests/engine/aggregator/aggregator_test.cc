// Every aggregator of numbers, folded as one group, as many groups, over masks and positions, against a plain loop.

#include "engine/aggregator/aggregator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "engine/aggregator/aggregator_set.h"
#include "engine/result/value_order.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/error.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;
using Form = MemorySegment::Form;

AggregatorFactories parse(const std::string& json) {
  const Json document = Json::parse(json);
  AggregatorFactories factories;
  for (const JsonField& element : JsonField(document).elements()) factories.push_back(parse_aggregator(element));
  return factories;
}

/// The finalised values after folding the selection into one group.
std::vector<Value> fold(const storage::Segment& segment, const std::string& json, const Selection& selection) {
  const AggregatorSet set(parse(json));
  SegmentSources columns(segment);
  BoundAggregators bound(set, columns);
  StateRows rows(set);
  rows.grow_to(1);
  if (selection.count > 0) bound.fold(rows.row(0), 0, selection);
  std::vector<Value> values;
  for (std::size_t i = 0; i < set.size(); ++i) values.push_back(set.finalise(rows.row(0), i));
  return values;
}

Selection all(std::uint32_t size) { return {.size = size, .count = size}; }

const std::string kAll =
    R"([{"type":"count","name":"c"},
        {"type":"longSum","name":"ls","fieldName":"F"},{"type":"doubleSum","name":"ds","fieldName":"F"},{"type":"floatSum","name":"fs","fieldName":"F"},
        {"type":"longMin","name":"ln","fieldName":"F"},{"type":"doubleMin","name":"dn","fieldName":"F"},{"type":"floatMin","name":"fn","fieldName":"F"},
        {"type":"longMax","name":"lx","fieldName":"F"},{"type":"doubleMax","name":"dx","fieldName":"F"},{"type":"floatMax","name":"fx","fieldName":"F"}])";

std::string all_of(const std::string& field) {
  std::string json = kAll;
  for (std::size_t at; (at = json.find("\"F\"")) != std::string::npos;) json.replace(at, 3, "\"" + field + "\"");
  return json;
}

TEST(Aggregator, SkipsNullsAndCountsThem) {
  MemorySegment segment({0, 1, 2, 3}, Form::kMapped);
  segment.doubles("d", {1.5, std::nullopt, -2.25, 4.0});
  const std::vector<Value> expected = {std::int64_t{4}, std::int64_t{3}, 3.25, 3.25F, std::int64_t{-2}, -2.25,
                                       -2.25F,          std::int64_t{4}, 4.0,  4.0F};
  EXPECT_EQ(fold(segment, all_of("d"), all(4)), expected);
}

TEST(Aggregator, NothingIsNull) {
  MemorySegment segment({0, 1}, Form::kMapped);
  segment.longs("n", {std::nullopt, std::nullopt});
  for (const std::string field : {"n", "missing"}) {
    const std::vector<Value> values = fold(segment, all_of(field), all(2));
    EXPECT_EQ(values[0], Value(std::int64_t{2}));
    for (std::size_t i = 1; i < values.size(); ++i) EXPECT_TRUE(is_null(values[i])) << i;
  }
}

TEST(Aggregator, LongSumsWrap) {
  MemorySegment segment({0, 1}, Form::kMapped);
  segment.longs("n", {std::numeric_limits<std::int64_t>::max(), 1});
  EXPECT_EQ(fold(segment, R"([{"type":"longSum","name":"s","fieldName":"n"}])", all(2))[0],
            Value(std::numeric_limits<std::int64_t>::min()));
}

/// In the precision of floats the order of additions shows: row by row in each 512 rows, and these sums one by one.
TEST(Aggregator, FloatSumsAreAddedInTheOrderOfDruidsVectors) {
  constexpr std::uint32_t kRows = 1300;
  constexpr std::uint32_t kDruidRows = 512;
  std::mt19937 random(5);
  std::vector<std::optional<float>> numbers;
  std::vector<std::uint64_t> thirds(kVectorWords);
  for (std::uint32_t row = 0; row < kRows; ++row) {
    numbers.emplace_back(static_cast<float>(static_cast<int>(random() % 2000001) - 1000000) / 7);
    if (row % 3 == 0) thirds[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  MemorySegment segment(std::vector<std::int64_t>(kRows), Form::kMapped);
  segment.floats("f", numbers);
  const auto wanted = [&](std::uint32_t step) {
    float sum = 0;
    for (std::uint32_t begin = 0; begin < kRows; begin += kDruidRows) {
      float part = 0;
      for (std::uint32_t row = begin; row < std::min(begin + kDruidRows, kRows); ++row)
        if (row % step == 0) part += *numbers[row];
      sum += part;
    }
    return sum;
  };
  const std::string json = R"([{"type":"floatSum","name":"s","fieldName":"f"}])";
  EXPECT_EQ(fold(segment, json, all(kRows))[0], Value(wanted(1)));
  EXPECT_EQ(fold(segment, json, {.size = kRows, .count = (kRows + 2) / 3, .mask = thirds.data()})[0], Value(wanted(3)));
  EXPECT_NE(wanted(1), static_cast<float>(std::accumulate(numbers.begin(), numbers.end(), 0.0,
                                                          [](double sum, std::optional<float> number) {
                                                            return sum + static_cast<double>(*number);
                                                          })));
}

TEST(Aggregator, HistogramsAreWrittenAsDruidWritesThem) {
  const AggregatorFactories factories =
      parse(R"([{"type":"approxHistogram","name":"h","fieldName":"f","finalizeAsBase64Binary":false}])");
  EXPECT_EQ(factories[0]->to_json().dump(),
            R"({"type":"approxHistogram","name":"h","fieldName":"f","resolution":50,"numBuckets":7,)"
            R"("lowerLimit":"-Infinity","upperLimit":"Infinity"})");
}

TEST(Aggregator, ExtremesFollowJavasMathMinAndMax) {
  MemorySegment segment({0, 1, 2}, Form::kMapped);
  segment.doubles("zero", {0.0, -0.0, 0.0}).doubles("nan", {1.0, std::numeric_limits<double>::quiet_NaN(), 3.0});
  const std::string both =
      R"([{"type":"doubleMin","name":"n","fieldName":"F"},{"type":"doubleMax","name":"x","fieldName":"F"}])";
  const auto of = [&](const std::string& field) {
    std::string json = both;
    for (std::size_t at; (at = json.find("\"F\"")) != std::string::npos;) json.replace(at, 3, "\"" + field + "\"");
    return fold(segment, json, all(3));
  };
  EXPECT_TRUE(std::signbit(std::get<double>(of("zero")[0])));
  EXPECT_FALSE(std::signbit(std::get<double>(of("zero")[1])));
  EXPECT_TRUE(std::isnan(std::get<double>(of("nan")[0])));
  EXPECT_TRUE(std::isnan(std::get<double>(of("nan")[1])));
}

TEST(Aggregator, ReadsTextAndCountsWhatIsNoNumberAsTheSeed) {
  MemorySegment segment({0, 1, 2, 3}, Form::kMapped);
  segment.strings("s", {"3.5", "1e3", "abc", std::nullopt}).lists("m", {{"1", "2"}, {}, {"x"}, {"40"}});
  EXPECT_EQ(fold(segment, all_of("s"), all(4))[1], Value(std::int64_t{1003}));
  EXPECT_EQ(fold(segment, all_of("s"), all(4))[2], Value(1003.5));
  EXPECT_EQ(fold(segment, all_of("m"), all(4))[1], Value(std::int64_t{43}));
  std::uint64_t only_text = 0b0100;
  const Selection third{.size = 4, .count = 1, .mask = &only_text};
  EXPECT_EQ(fold(segment, all_of("s"), third)[1], Value(std::int64_t{0}));
  EXPECT_EQ(fold(segment, all_of("s"), third)[4], Value(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(fold(segment, all_of("s"), third)[8], Value(-std::numeric_limits<double>::infinity()));
}

/// A random column and selection; each group folded alone, over a mask, must equal all groups folded at once, over
/// positions.
TEST(Aggregator, GroupsAndMasksAndPositionsAgree) {
  std::mt19937 random(3);
  constexpr std::uint32_t kRows = 1500;
  constexpr std::uint32_t kGroups = 5;
  std::vector<std::optional<std::int64_t>> longs;
  std::vector<std::optional<double>> doubles;
  std::vector<std::uint32_t> group_of_row;
  for (std::uint32_t row = 0; row < kRows; ++row) {
    longs.push_back(random() % 9 == 0 ? std::nullopt
                                      : std::optional<std::int64_t>(static_cast<std::int64_t>(random() % 2000) - 1000));
    doubles.push_back(random() % 9 == 0 ? std::nullopt
                                        : std::optional<double>(static_cast<double>(random() % 4096) / 16));
    group_of_row.push_back(static_cast<std::uint32_t>(random() % kGroups));
  }
  MemorySegment segment(std::vector<std::int64_t>(kRows), Form::kMapped);
  segment.longs("n", longs).doubles("d", doubles);

  std::vector<std::uint32_t> positions;
  std::vector<std::uint32_t> groups;
  std::vector<std::vector<std::uint64_t>> masks(kGroups, std::vector<std::uint64_t>(kVectorWords));
  for (std::uint32_t row = 0; row < kRows; ++row) {
    if (random() % 3 == 0) continue;
    positions.push_back(row);
    groups.push_back(group_of_row[row]);
    masks[group_of_row[row]][row / 64] |= std::uint64_t{1} << (row % 64);
  }
  for (const std::string field : {"n", "d"}) {
    const AggregatorSet set(parse(all_of(field)));
    SegmentSources columns(segment);
    BoundAggregators bound(set, columns);
    StateRows rows(set);
    rows.grow_to(kGroups);
    bound.fold_groups(rows.row(0), groups.data(), 0,
                      {.size = kRows,
                       .count = static_cast<std::uint32_t>(positions.size()),
                       .mask = nullptr,
                       .positions = positions.data()});
    for (std::uint32_t group = 0; group < kGroups; ++group) {
      const auto count = static_cast<std::uint32_t>(std::count(groups.begin(), groups.end(), group));
      const std::vector<Value> alone =
          fold(segment, all_of(field), {.size = kRows, .count = count, .mask = masks[group].data()});
      for (std::size_t i = 0; i < set.size(); ++i)
        EXPECT_EQ(set.finalise(rows.row(group), i), alone[i]) << field << " " << i;
    }
  }
}

TEST(Aggregator, CountsAreCombinedBySumming) {
  const AggregatorFactories factories =
      parse(R"([{"type":"count","name":"rows"},{"type":"doubleMin","name":"low","fieldName":"x"}])");
  EXPECT_EQ(factories[0]->combining()->to_json().dump(), R"({"type":"longSum","name":"rows","fieldName":"rows"})");
  EXPECT_EQ(factories[1]->combining()->to_json().dump(), R"({"type":"doubleMin","name":"low","fieldName":"low"})");
}

TEST(Aggregator, MistakesNameTheFieldAndTheFix) {
  const auto complaint = [](const std::string& json) -> std::string {
    try {
      parse(json);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_NE(complaint(R"([{"type":"longsum","name":"x","fieldName":"y"}])").find("did you mean \"longSum\"?"),
            std::string::npos);
  EXPECT_NE(complaint(R"([{"type":"longSum","name":"x"}])").find("fieldName"), std::string::npos);
  EXPECT_NE(complaint(R"([{"type":"longSum","fieldName":"x"}])").find("name"), std::string::npos);
  EXPECT_NE(complaint(R"([{"type":"tDigestSketch","name":"x","fieldName":"y"}])").find("not part of this version"),
            std::string::npos);
}

}  // namespace
}  // namespace sarsen::engine
