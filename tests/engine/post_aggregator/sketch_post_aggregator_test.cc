// Post-aggregators over sketches and histograms, over rows made by hand.

#include <gtest/gtest.h>

#include "engine/post_aggregator/post_aggregator.h"
#include "engine/post_aggregator/student_t.h"
#include "engine/sketch/approximate_histogram.h"
#include "engine/sketch/fixed_buckets_histogram.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/kll.h"
#include "engine/sketch/quantiles.h"
#include "engine/sketch/theta.h"
#include "engine/sketch/tuple.h"
#include "engine/sketch/variance.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

class OneValue final : public RowValues {
 public:
  explicit OneValue(Value value) : value_(std::move(value)) {}
  Value finalised(std::size_t) const override { return value_; }
  Value intermediate(std::size_t) const override { return value_; }

 private:
  Value value_;
};

const std::string kField = R"("field":{"type":"fieldAccess","fieldName":"s"})";

/// The answer over an aggregator "s" with that value.
std::string answer(const Value& value, const std::string& members) {
  const Json document = Json::parse("{\"name\":\"x\"," + members + "}");
  return json_of(parse_post_aggregator(JsonField(document), NameScope({"s"}))->compute(OneValue(value))).dump();
}

std::string of_field(const Value& value, const std::string& type, const std::string& more = "") {
  return answer(value, R"("type":")" + type + "\"," + kField + more);
}

std::string of_name(const Value& value, const std::string& type, const std::string& more = "") {
  return answer(value, R"("type":")" + type + R"(","fieldName":"s")" + more);
}

Value theta(std::int64_t begin, std::int64_t end) {
  sketch::ThetaUnion sketch(16384);
  for (std::int64_t i = begin; i < end; ++i) sketch.update(i);
  return ComplexBytes{sketch.result().bytes()};
}

TEST(SketchPostAggregator, EstimatesThetaSketches) {
  EXPECT_EQ(of_field(theta(0, 100), "thetaSketchEstimate"), "100.0");
  EXPECT_EQ(of_field(ComplexBytes{}, "thetaSketchEstimate"), "0.0");
  EXPECT_EQ(of_field(theta(0, 100), "thetaSketchEstimate", R"(,"errorBoundsStdDev":2)"),
            R"({"estimate":100.0,"highBound":100.0,"lowBound":100.0,"numStdDev":2})");
  EXPECT_THROW(of_field(std::int64_t{5}, "thetaSketchEstimate"), Error);
  EXPECT_THROW(of_field(ComplexBytes{"junk"}, "thetaSketchEstimate"), Error);
  EXPECT_THROW(answer(theta(0, 1), R"("type":"thetaSketchEstimate")"), Error);
}

TEST(SketchPostAggregator, CombinesThetaSketches) {
  const auto set = [](const std::string& function) {
    return answer(theta(0, 100),
                  R"("type":"thetaSketchEstimate","field":{"type":"thetaSketchSetOp","func":")" + function +
                      R"(","fields":[{"type":"fieldAccess","fieldName":"s"},{"type":"thetaSketchConstant",
                                     "value":"AQMDAAA6zJMhJO0VK6TiJA=="}]})");
  };
  EXPECT_EQ(set("UNION"), "101.0");
  EXPECT_EQ(set("INTERSECT"), "0.0");
  EXPECT_EQ(set("NOT"), "100.0");
  EXPECT_THROW(set("XOR"), Error);
  EXPECT_EQ(answer({}, R"("type":"thetaSketchConstant","value":"AQMDAAA6zJMhJO0VK6TiJA==")"),
            "\"AQMDAAA6zJMhJO0VK6TiJA==\"");
}

TEST(SketchPostAggregator, EstimatesHllSketches) {
  sketch::Hll sketch(12);
  for (std::int64_t i = 0; i < 100; ++i) sketch.update(i);
  const Value value = ComplexBytes{sketch.compact_bytes(sketch::HllType::kHll4)};
  EXPECT_EQ(of_field(value, "HLLSketchEstimate", R"(,"round":true)"), "100.0");
  EXPECT_EQ(of_field(ComplexBytes{}, "HLLSketchEstimate"), "0.0");
  EXPECT_EQ(of_field(ComplexBytes{}, "HLLSketchEstimateWithBounds"), "[0.0,0.0,0.0]");
  EXPECT_THROW(of_field(value, "HLLSketchEstimateWithBounds", R"(,"numStdDev":0)"), Error);
  EXPECT_EQ(answer(value, R"("type":"HLLSketchEstimate","round":true,"field":{"type":"HLLSketchUnion","fields":
            [{"type":"fieldAccess","fieldName":"s"},{"type":"fieldAccess","fieldName":"s"}]})"),
            "100.0");
  EXPECT_EQ(answer({}, R"("type":"HLLSketchEstimate","field":{"type":"HLLSketchUnion","fields":[]})"), "0.0");
}

template <class Sketch>
Value ten(Sketch sketch) {
  for (int i = 1; i <= 10; ++i) sketch.update(static_cast<float>(i));
  return ComplexBytes{sketch.bytes()};
}

TEST(SketchPostAggregator, ReadsDistributions) {
  const std::vector<std::pair<std::string, Value>> families = {
      {"quantilesDoublesSketch", ten(sketch::Quantiles(128))},
      {"KllDoublesSketch", ten(sketch::Kll<double>(200))},
      {"KllFloatsSketch", ten(sketch::Kll<float>(200))},
  };
  for (const auto& [family, value] : families) {
    EXPECT_EQ(of_field(value, family + "ToQuantile", R"(,"fraction":0.5)"), "5.0") << family;
    EXPECT_EQ(of_field(value, family + "ToQuantiles", R"(,"fractions":[0,0.1,1])"), "[1.0,1.0,10.0]") << family;
    EXPECT_EQ(of_field(value, family + "ToQuantiles", R"(,"fractions":[])"), "[]") << family;
    EXPECT_EQ(of_field(value, family + "ToRank", R"(,"value":5)"), "0.5") << family;
    EXPECT_EQ(of_field(value, family + "ToRank"), "0.0") << family;
    EXPECT_EQ(of_field(value, family + "ToCDF", R"(,"splitPoints":[3,7])"), "[0.3,0.7,1.0]") << family;
    EXPECT_EQ(of_field(value, family + "ToHistogram", R"(,"splitPoints":[5])"), "[5.0,5.0]") << family;
    EXPECT_EQ(of_field(value, family + "ToHistogram", R"(,"numBins":2)"), "[5.0,5.0]") << family;
    EXPECT_EQ(of_field(ComplexBytes{}, family + "ToHistogram", R"(,"numBins":2)"), R"(["NaN","NaN"])") << family;
    EXPECT_EQ(of_field(ComplexBytes{}, family + "ToRank"), "\"NaN\"") << family;
    EXPECT_EQ(of_field(ComplexBytes{}, family + "ToQuantiles", R"(,"fractions":[0.5])"), R"(["NaN"])") << family;
    EXPECT_THROW(of_field(value, family + "ToQuantile", R"(,"fraction":1.5)"), Error) << family;
    EXPECT_THROW(of_field(value, family + "ToQuantiles"), Error) << family;
    EXPECT_THROW(of_field(value, family + "ToCDF", R"(,"splitPoints":[10,5])"), Error) << family;
    EXPECT_THROW(of_field(value, family + "ToHistogram", R"(,"numBins":1)"), Error) << family;
    EXPECT_THROW(of_field(value, family + "ToHistogram", R"(,"numBins":3,"splitPoints":[1])"), Error) << family;
  }
  EXPECT_EQ(of_field(ComplexBytes{}, "quantilesDoublesSketchToQuantile"), "\"NaN\"");
  EXPECT_THROW(of_field(ComplexBytes{}, "KllDoublesSketchToQuantile"), Error);
}

Value tuple(const std::vector<double>& numbers) {
  sketch::TupleSketch sketch(16384, 1);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    sketch.update(sketch::murmur3(std::to_string(i), sketch::kDataSketchesSeed), std::span(&numbers[i], 1));
  return ComplexBytes{sketch.result().bytes()};
}

TEST(SketchPostAggregator, ReadsTupleSketches) {
  const std::string prefix = "arrayOfDoublesSketch";
  const Value value = tuple({1, 2, 3, 6});
  EXPECT_EQ(of_field(value, prefix + "ToEstimate"), "4.0");
  EXPECT_EQ(of_field(value, prefix + "ToEstimateAndBounds"), "[4.0,4.0,4.0]");
  EXPECT_EQ(of_field(value, prefix + "ToNumEntries"), "4");
  EXPECT_EQ(of_field(value, prefix + "ToMeans"), "[3.0]");
  EXPECT_EQ(of_field(value, prefix + "ToVariances"), "[4.666666666666667]");
  EXPECT_EQ(of_field(value, prefix + "ToMetricsSumEstimate"), "[12.0]");
  EXPECT_EQ(of_field(Value(), prefix + "ToMetricsSumEstimate"), "null");
  EXPECT_EQ(of_field(Value(), prefix + "ToNumEntries"), "0");
  EXPECT_EQ(of_field(ComplexBytes{}, prefix + "ToMeans"), R"(["NaN"])");
  EXPECT_EQ(answer(value, R"("type":"quantilesDoublesSketchToQuantile","fraction":1,"field":{"type":)"
                          R"("arrayOfDoublesSketchToQuantilesSketch",)" +
                              kField + "}"),
            "6.0");
  const std::string both =
      R"(,"fields":[{"type":"fieldAccess","fieldName":"s"},{"type":"fieldAccess","fieldName":"s"}])";
  for (const auto& [operation, wanted] :
       std::vector<std::pair<std::string, std::string>>{{"UNION", "4.0"}, {"INTERSECT", "4.0"}, {"NOT", "0.0"}})
    EXPECT_EQ(answer(value, R"("type":"arrayOfDoublesSketchToEstimate","field":{"type":"arrayOfDoublesSketchSetOp",)"
                            R"("operation":")" +
                                operation + "\"" + both + "}"),
              wanted);
  EXPECT_EQ(answer(value, R"("type":"arrayOfDoublesSketchTTest")" + both), "[1.0]");
  EXPECT_THROW(answer(tuple({1}), R"("type":"arrayOfDoublesSketchTTest")" + both), Error);
}

TEST(SketchPostAggregator, ReadsHistograms) {
  sketch::ApproximateHistogram histogram(50);
  for (const float value : {1.0F, 2.0F, 3.0F, 4.0F}) histogram.offer(value);
  const Value approximate = ComplexBytes{histogram.bytes()};
  EXPECT_EQ(of_name(approximate, "min"), "1.0");
  EXPECT_EQ(of_name(approximate, "max"), "4.0");
  EXPECT_EQ(of_name(approximate, "quantile", R"(,"probability":0.5)"), "2.0");
  EXPECT_EQ(of_name(approximate, "quantiles", R"(,"probabilities":[0.1,0.5])"),
            R"({"probabilities":[0.1,0.5],"quantiles":[1.0,2.0],"min":1.0,"max":4.0})");
  EXPECT_EQ(of_name(approximate, "equalBuckets", R"(,"numBuckets":2)"),
            R"({"breaks":[-2.0,1.0,4.0],"counts":[1.0,3.0]})");
  EXPECT_EQ(of_name(approximate, "buckets", R"(,"bucketSize":2)"), R"({"breaks":[0.0,2.0,4.0],"counts":[2.0,2.0]})");
  EXPECT_EQ(of_name(approximate, "customBuckets", R"(,"breaks":[0,1,10])"),
            R"({"breaks":[0.0,1.0,10.0],"counts":[1.0,3.0]})");
  for (const char* wrong : {R"("type":"quantile")", R"("type":"equalBuckets","numBuckets":1)",
                            R"("type":"buckets","bucketSize":0)", R"("type":"customBuckets","breaks":[1])",
                            R"("type":"quantile","probability":2)", R"("type":"buckets","bucketSize":1e-20)"})
    EXPECT_THROW(answer(approximate, std::string(R"("fieldName":"s",)") + wrong), Error) << wrong;
  sketch::FixedBucketsHistogram buckets({.lower = 0, .upper = 10, .buckets = 5, .outliers = {}});
  for (const double value : {2.5, 4.1, 4.2, 6.1, 6.2, 6.3, 6.4}) buckets.add(value);
  const Value fixed = ComplexBytes{buckets.bytes()};
  EXPECT_EQ(of_name(fixed, "max"), "6.4");
  EXPECT_EQ(of_name(fixed, "quantile", R"(,"probability":0.75)"), "7.125");
  EXPECT_THROW(of_name(fixed, "equalBuckets", R"(,"numBuckets":5)"), Error);
}

/// Whole summaries are among the recorded answers.
TEST(SketchPostAggregator, SummarisesSketches) {
  sketch::Hll hll(12);
  hll.update(std::int64_t{1});
  const std::vector<std::pair<std::string, Value>> sketches = {
      {"thetaSketchToString", theta(0, 3)},
      {"HLLSketchToString", ComplexBytes{hll.compact_bytes(sketch::HllType::kHll4)}},
      {"quantilesDoublesSketchToString", ten(sketch::Quantiles(128))},
      {"KllDoublesSketchToString", ten(sketch::Kll<double>(200))},
      {"KllFloatsSketchToString", ten(sketch::Kll<float>(200))},
      {"arrayOfDoublesSketchToString", tuple({1, 2})},
  };
  for (const auto& [type, value] : sketches) EXPECT_NE(of_field(value, type).find("###"), std::string::npos) << type;
}

TEST(SketchPostAggregator, GivesTupleSketchesAsText) {
  const std::string text = of_field(tuple({1, 2}), "arrayOfDoublesSketchToBase64String");
  EXPECT_EQ(
      answer({},
             R"("type":"arrayOfDoublesSketchToNumEntries","field":{"type":"arrayOfDoublesSketchConstant","value":)" +
                 text + "}"),
      "2");
  EXPECT_THROW(answer({}, R"("type":"arrayOfDoublesSketchConstant","value":"junk")"), Error);
}

TEST(SketchPostAggregator, TakesTheRootOfAVariance) {
  sketch::Variance variance;
  for (const double value : {1.0, 3.0}) variance.add(value);
  EXPECT_EQ(of_name(ComplexBytes{variance.bytes()}, "stddev"), "1.4142135623730951");
  EXPECT_EQ(of_name(ComplexBytes{variance.bytes()}, "stddev", R"(,"estimator":"population")"), "1.0");
  EXPECT_EQ(of_name(ComplexBytes{sketch::Variance().bytes()}, "stddev"), "null");
  EXPECT_EQ(of_name(Value(), "stddev"), "null");
}

TEST(StudentT, KnowsItsTails) {
  EXPECT_NEAR(student_t_two_sided(0, 5), 1, 1e-15);
  EXPECT_NEAR(student_t_two_sided(1, 1), 0.5, 1e-14);
  EXPECT_NEAR(student_t_two_sided(-2.228138851964939, 10), 0.05, 1e-11);
  EXPECT_NEAR(student_t_two_sided(1.959963984540054, 1e9), 0.05, 1e-8);
}

TEST(ConstantPostAggregator, ReadsNumbersInText) {
  EXPECT_EQ(answer({}, R"("type":"constant","value":"5")"), "5");
  EXPECT_EQ(answer({}, R"("type":"constant","value":"2.5")"), "2.5");
  EXPECT_THROW(answer({}, R"("type":"constant","value":null)"), Error);
  EXPECT_THROW(answer({}, R"("type":"constant","value":"x")"), Error);
  EXPECT_THROW(answer({}, R"("type":"javascript")"), Error);
}

}  // namespace
}  // namespace sarsen::engine
