// Aggregators that pick or count rows: first, last, any, doubleMean, cardinality, grouping, singleValue, histograms.

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "engine/aggregator/aggregator.h"
#include "engine/aggregator/aggregator_set.h"
#include "engine/aggregator/row_text.h"
#include "engine/vector/segment_sources.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;
using Form = MemorySegment::Form;

std::shared_ptr<const AggregatorFactory> parse(const std::string& json) {
  const Json document = Json::parse(json);
  return parse_aggregator(JsonField(document));
}

/// A state of one factory, over all rows of segments.
class Folded {
 public:
  explicit Folded(const std::string& json) : set_({parse(json)}), rows_(set_) { rows_.grow_to(1); }

  Folded& fold(const storage::Segment& segment, int times = 1) {
    SegmentSources columns(segment);
    BoundAggregators bound(set_, columns);
    for (int i = 0; i < times; ++i)
      bound.fold(rows_.row(0), 0, {.size = segment.row_count(), .count = segment.row_count()});
    return *this;
  }
  Folded& fold_in_groups(const storage::Segment& segment) {
    SegmentSources columns(segment);
    const std::vector<std::uint32_t> groups(segment.row_count(), 0);
    BoundAggregators(set_, columns)
        .fold_groups(rows_.row(0), groups.data(), 0, {.size = segment.row_count(), .count = segment.row_count()});
    return *this;
  }
  Folded& merge(const Folded& other) {
    set_.merge(rows_.row(0), other.rows_.row(0));
    return *this;
  }
  std::string final() const { return json_of(set_.finalise(rows_.row(0), 0)).dump(); }
  std::string partial() const { return json_of(set_.result(rows_.row(0), 0, false)).dump(); }
  std::string stored() const { return sketch::hex(std::get<ComplexBytes>(set_.factory(0).stored(rows_.row(0))).bytes); }

 private:
  AggregatorSet set_;
  StateRows rows_;
};

std::string over(const storage::Segment& segment, const std::string& json) {
  return Folded(json).fold(segment).final();
}

std::string json(const std::string& type, const std::string& field, const std::string& more = "") {
  return R"({"type":")" + type + R"(","name":"x","fieldName":")" + field + "\"" + more + "}";
}

/// Rows at 10, 20, 20, 30, 30.
MemorySegment& sample(MemorySegment& segment) {
  return segment.longs("n", {std::nullopt, 2, 3, 4, 5})
      .doubles("d", {1.5, 2.5, 3.5, 4.5, std::nullopt})
      .floats("f", {0.1F, 0.2F, 0.3F, 0.4F, 0.5F})
      .strings("s", {"first", "7", std::nullopt, "", "M\xc3\xbcnchen"})
      .lists("m", {{"a", "b"}, {}, {"1"}, {std::nullopt, "c"}, {"x"}})
      .longs("t", {std::nullopt, 9, 1, 1, 9});
}

const std::vector<std::int64_t> kTimes = {10, 20, 20, 30, 30};

TEST(FirstLast, TakesTheValueAtTheEndOfTime) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  EXPECT_EQ(over(segment, json("longFirst", "n")), "null");  // a null is a value
  EXPECT_EQ(over(segment, json("doubleFirst", "d")), "1.5");
  EXPECT_EQ(over(segment, json("longFirst", "d")), "1");
  EXPECT_EQ(over(segment, json("floatFirst", "d")), "1.5");
  EXPECT_EQ(over(segment, json("longFirst", "none")), "null");
  EXPECT_EQ(over(segment, json("doubleLast", "s")), "null");
  EXPECT_EQ(over(segment, json("stringFirst", "s")), "\"first\"");
  EXPECT_EQ(over(segment, json("stringFirst", "m")), "\"[a, b]\"");
  EXPECT_EQ(over(segment, json("stringFirst", "f")), "\"0.10000000149011612\"");
  EXPECT_EQ(over(segment, json("stringFirst", "none")), "null");
  EXPECT_THROW(over(segment, json("longFirst", "m")), Error);
}

TEST(FirstLast, DecidesAsDruidWhereTimesAreEqual) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  EXPECT_EQ(over(segment, json("longLast", "n")), "5");  // the last of them
  EXPECT_EQ(Folded(json("longLast", "n")).fold_in_groups(segment).final(), "5");
  const std::string by_t = R"(,"timeColumn":"t")";
  EXPECT_EQ(over(segment, json("longFirst", "n", by_t)), "3");  // the first of them
  EXPECT_EQ(Folded(json("longFirst", "n", by_t)).fold_in_groups(segment).final(), "3");
  EXPECT_EQ(Folded(json("stringLast", "s", by_t)).fold_in_groups(segment).final(), "\"M\xc3\xbcnchen\"");
}

TEST(FirstLast, MergesByTime) {
  MemorySegment early({1}, Form::kMapped);
  early.longs("n", {11}).strings("s", {"early"});
  MemorySegment late({2}, Form::kMapped);
  late.longs("n", {22}).strings("s", {"late"});
  for (const bool swapped : {false, true}) {
    const auto merged = [&](const std::string& aggregator) {
      Folded left(aggregator);
      Folded right(aggregator);
      left.fold(swapped ? late : early);
      right.fold(swapped ? early : late);
      return left.merge(right).merge(Folded(aggregator)).partial();
    };
    EXPECT_EQ(merged(json("longFirst", "n")), R"({"lhs":1,"rhs":11})");
    EXPECT_EQ(merged(json("longLast", "n")), R"({"lhs":2,"rhs":22})");
    EXPECT_EQ(merged(json("stringFirst", "s")), R"({"lhs":1,"rhs":"early"})");
    EXPECT_EQ(merged(json("stringLast", "s")), R"({"lhs":2,"rhs":"late"})");
  }
}

TEST(FirstLast, StoresPairsOfTimeAndValue) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  EXPECT_EQ(Folded(json("longFirst", "n")).fold(segment).stored(), "000000000000000a01");
  EXPECT_EQ(Folded(json("floatLast", "f")).fold(segment).stored(), "000000000000001e003f000000");
  EXPECT_EQ(Folded(json("stringFirst", "s", R"(,"maxStringBytes":3)")).fold(segment).stored(),
            "000000000000000a00000003666972");
  EXPECT_EQ(Folded(json("stringLast", "s")).fold(segment).stored(), "000000000000001e000000084dc3bc6e6368656e");
  EXPECT_EQ(Folded(json("stringLast", "s")).partial(), R"({"lhs":-4611686018427387904,"rhs":null})");
  EXPECT_EQ(parse(json("longFirst", "n"))->combining()->to_json().dump(),
            R"({"type":"longFirst","name":"x","fieldName":"x","timeColumn":"__time"})");
}

TEST(RowText, CutsBetweenCharacters) {
  EXPECT_EQ(chopped("M\xc3\xbcnchen", 1), "M");
  EXPECT_EQ(chopped("M\xc3\xbcnchen", 2), "M");
  EXPECT_EQ(chopped("M\xc3\xbcnchen", 3), "M\xc3\xbc");
  EXPECT_EQ(chopped("abc", 3), "abc");
  EXPECT_EQ(chopped("abc", 0), "");
}

TEST(Any, TakesTheFirstRowMet) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  EXPECT_EQ(over(segment, json("longAny", "n")), "null");
  EXPECT_EQ(over(segment, json("doubleAny", "d")), "1.5");
  EXPECT_EQ(over(segment, json("longAny", "s")), "null");
  EXPECT_EQ(over(segment, json("floatAny", "none")), "null");
  EXPECT_EQ(over(segment, json("stringAny", "m")), "\"[a, b]\"");
  EXPECT_EQ(over(segment, json("stringAny", "m", R"(,"aggregateMultipleValues":false)")), "\"a\"");
  EXPECT_EQ(over(segment, json("stringAny", "m", R"(,"maxStringBytes":4)")), "\"[a, \"");
  EXPECT_EQ(over(segment, json("stringAny", "none")), "null");
  EXPECT_THROW(parse(json("stringAny", "m", R"(,"maxStringBytes":-1)")), Error);
  Folded empty(json("doubleAny", "d"));
  EXPECT_EQ(empty.merge(Folded(json("doubleAny", "d")).fold_in_groups(segment)).final(), "1.5");
}

TEST(DoubleMean, SkipsNullRowsOnly) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  EXPECT_EQ(over(segment, json("doubleMean", "d")), "3.0");
  EXPECT_EQ(over(segment, json("doubleMean", "s")), "1.75");  // text is 0
  EXPECT_EQ(over(segment, json("doubleMean", "m")), "0.16666666666666666");
  EXPECT_EQ(over(segment, json("doubleMean", "none")), "0.0");
  EXPECT_EQ(Folded(json("doubleMean", "d")).fold(segment).partial(), "\"QCgAAAAAAAAAAAAAAAAABA==\"");
}

TEST(Cardinality, CountsValuesOrRows) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  const auto count = [&](const std::string& fields, const std::string& more) {
    return over(segment, R"({"type":"cardinality","name":"x","round":true,"fields":[)" + fields + "]" + more + "}");
  };
  EXPECT_EQ(count(R"("n")", ""), "4");
  // A null is a row: five, and four texts. Druid's brokers lose the value that does not fit into four bits.
  EXPECT_EQ(count(R"("n")", R"(,"byRow":true)"), "4");
  EXPECT_EQ(count(R"("s")", ""), "3");
  EXPECT_EQ(count(R"("m")", ""), "5");
  EXPECT_EQ(count(R"("m","t")", R"(,"byRow":true)"), "5");
  EXPECT_EQ(count(R"({"type":"default","dimension":"f","outputType":"FLOAT"})", ""), "5");
  EXPECT_EQ(count("", ""), "0");
  EXPECT_EQ(count(R"("none")", ""), "0");
  EXPECT_THROW(parse(R"({"type":"cardinality","name":"x"})"), Error);
  EXPECT_EQ(parse(R"({"type":"cardinality","name":"x","fieldNames":["a"]})")->combining()->to_json().dump(),
            R"({"type":"hyperUnique","name":"x","fieldName":"x","isInputHyperUnique":false,"round":false})");
}

TEST(Cardinality, KnowsThatMissingTextIsNoValue) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  const std::string json = R"({"type":"cardinality","name":"x","round":true,"fields":["s"]})";
  EXPECT_EQ(Folded(json).fold(segment, 3).final(), "3");
}

TEST(Grouping, SetsABitForWhatIsNotGroupedBy) {
  const auto grouping = parse(R"({"type":"grouping","name":"x","groupings":["a","b"]})");
  alignas(8) std::array<std::byte, 8> state;
  grouping->init(state.data());
  EXPECT_EQ(grouping->finalise(state.data()), Value(std::int64_t{0}));
  const auto of = [&](const std::vector<std::string>& names) {
    grouping->note_dimensions(state.data(), names);
    return std::get<std::int64_t>(grouping->finalise(state.data()));
  };
  EXPECT_EQ(of({"a"}), 1);
  EXPECT_EQ(of({"b"}), 2);
  EXPECT_EQ(of({}), 3);
  EXPECT_EQ(of({"b", "a"}), 0);
  EXPECT_THROW(parse(R"({"type":"grouping","name":"x","groupings":[]})"), Error);
}

TEST(SingleValue, RefusesASecondRow) {
  MemorySegment one({1}, Form::kMapped);
  one.longs("n", {5});
  EXPECT_EQ(over(one, json("singleValue", "n", R"(,"columnType":"LONG")")), "5");
  EXPECT_EQ(over(one, json("singleValue", "none", R"(,"columnType":"LONG")")), "null");
  MemorySegment two({1, 2}, Form::kMapped);
  two.longs("n", {5, 6});
  EXPECT_THROW(over(two, json("singleValue", "n")), Error);
}

TEST(Variance, ReadsEveryTypeOfNumber) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  EXPECT_EQ(over(segment, json("variance", "n")), "1.6666666666666667");
  EXPECT_EQ(over(segment, json("variance", "n", R"(,"estimator":"Population")")), "1.25");
  EXPECT_EQ(over(segment, json("variance", "d")), "1.6666666666666667");
  EXPECT_EQ(over(segment, json("variance", "none")), "null");
}

TEST(Histogram, CountsNullsWhereTheyHaveAPlace) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  const std::string limits = R"(,"lowerLimit":0,"upperLimit":4,"numBuckets":2,"outlierHandlingMode":"overflow")";
  EXPECT_EQ(over(segment, json("fixedBucketsHistogram", "d", limits)),
            "\"{lowerLimit=0.0, upperLimit=4.0, numBuckets=2, upperOutlierCount=1, lowerOutlierCount=0, "
            "missingValueCount=1, histogram=[1, 2], outlierHandlingMode=overflow, count=3, max=3.5, min=1.5}\"");
  EXPECT_EQ(over(segment, json("approxHistogram", "d", R"(,"numBuckets":2)")),
            R"({"breaks":[-1.5,1.5,4.5],"counts":[1.0,3.0]})");
  EXPECT_THROW(over(segment, json("approxHistogramFold", "d")), Error);
  EXPECT_THROW(parse(json("approxHistogram", "d", R"(,"resolution":0)")), Error);
  EXPECT_THROW(parse(json("fixedBucketsHistogram", "d", R"(,"lowerLimit":5,"upperLimit":5)")), Error);
}

TEST(ArrayOfDoubles, CountsKeysOfRowsWithAllNumbers) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  const auto count = [&](const std::string& key, const std::string& columns) {
    return over(segment, json("arrayOfDoublesSketch", key, R"(,"metricColumns":[)" + columns + "]"));
  };
  EXPECT_EQ(count("s", R"("d")"), "2.0");  // neither null nor empty text is a key
  EXPECT_EQ(count("m", R"("d")"), "4.0");
  EXPECT_EQ(count("m", R"("d","n")"), "2.0");
  EXPECT_EQ(count("n", R"("d")"), "3.0");
  EXPECT_EQ(count("s", ""), "3.0");
  EXPECT_EQ(count("none", R"("d")"), "0.0");
  EXPECT_EQ(count("s", R"("none")"), "0.0");
}

TEST(Kll, CountsNumbers) {
  MemorySegment segment(kTimes, Form::kMapped);
  sample(segment);
  for (const char* type : {"KllDoublesSketch", "KllFloatsSketch"}) {
    EXPECT_EQ(over(segment, json(type, "d")), "4");
    EXPECT_EQ(over(segment, json(type, "s")), "0");
    EXPECT_EQ(over(segment, json(type, "none")), "0");
    EXPECT_THROW(parse(json(type, "d", R"(,"k":7)")), Error);
  }
}

TEST(Javascript, IsDisabled) {
  try {
    parse(json("javascript", "n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("JavaScript is disabled"), std::string::npos);
  }
}

}  // namespace
}  // namespace sarsen::engine
