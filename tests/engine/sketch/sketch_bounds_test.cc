// Error bounds and summaries of sketches, as DataSketches 4.2.0 gives them; Bloom filters; variances.

#include <gtest/gtest.h>

#include "engine/sketch/binomial_bounds.h"
#include "engine/sketch/bloom_k_filter.h"
#include "engine/sketch/hll.h"
#include "engine/sketch/quantiles.h"
#include "engine/sketch/theta.h"
#include "engine/sketch/variance.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

struct Bounds {
  std::uint64_t kept;
  double theta;
  int deviations;
  double lower;
  double upper;
};

constexpr Bounds kBounds[] = {
    {1, 0.001, 1, 172.0, 3298.7887528848096},
    {1, 0.1, 3, 1.0, 85.0},
    {5, 0.001, 1, 2840.451697113288, 8381.231038740909},
    {5, 0.001, 3, 791.9038171852972, 16027.619777120872},
    {5, 0.1, 1, 29.0, 83.0},
    {5, 0.1, 2, 17.0, 115.0},
    {5, 0.5, 3, 5.0, 26.0},
    {5, 0.999999, 1, 5.0, 6.0},
    {64, 0.001, 2, 49025.421505479186, 82093.38635599929},
    {64, 0.1, 1, 563.3193639083734, 726.2757178227251},
    {64, 0.5, 1, 116.0, 141.0},
    {120, 0.1, 3, 910.5341430607899, 1546.4342513587642},
    {120, 0.5, 2, 210.0, 275.0},
    {121, 0.001, 1, 110015.87657130268, 133028.508523368},
    {121, 0.999999, 1, 121.0, 122.01114471499874},
    {1000, 0.5, 3, 1868.7940016243685, 2140.273042715208},
};

TEST(BinomialBounds, AreThoseOfJava) {
  for (const auto& [kept, theta, deviations, lower, upper] : kBounds) {
    const double tolerance = 1e-11;
    EXPECT_NEAR(binomial_lower_bound(kept, theta, deviations) / lower, 1, tolerance) << kept << " " << theta;
    EXPECT_NEAR(binomial_upper_bound(kept, theta, deviations) / upper, 1, tolerance) << kept << " " << theta;
  }
  EXPECT_EQ(binomial_lower_bound(7, 1, 2), 7);
  EXPECT_EQ(binomial_upper_bound(7, 1, 2), 7);
  EXPECT_EQ(binomial_lower_bound(0, 0.5, 2), 0);
}

TEST(Hll, SummarisesItselfAsJavaDoes) {
  Hll sketch(12);
  for (std::int64_t i = 0; i < 3; ++i) sketch.update(i);
  const std::string bytes = sketch.compact_bytes(HllType::kHll4);
  EXPECT_EQ(Hll::summary_of(bytes_of(bytes)),
            "### HLL SKETCH SUMMARY: \n  Log Config K   : 12\n  Hll Target     : HLL_4\n  Current Mode   : LIST\n"
            "  Memory         : false\n  LB             : 3.0\n  Estimate       : 3.000000014901161\n"
            "  UB             : 3.0001498026537594\n  OutOfOrder Flag: false\n  Coupon Count   : 3\n");
}

TEST(Hll, BoundsItsEstimate) {
  Hll sketch(8);
  for (std::int64_t i = 0; i < 5000; ++i) sketch.update(i);
  EXPECT_EQ(sketch.lower_bound(1), sketch.estimate() / 1.05205248);
  EXPECT_EQ(sketch.upper_bound(3), sketch.estimate() / (1 - 0.144128618));
  Hll tiny(3);
  for (std::int64_t i = 0; i < 100; ++i) tiny.update(i);
  EXPECT_GT(tiny.estimate(), 20);
  Hll merged(3);
  merged.merge(tiny);
  EXPECT_EQ(merged.estimate(), tiny.estimate());
  merged.merge(tiny);
  EXPECT_GT(merged.estimate(), 0);
}

TEST(Theta, IntersectsAndSubtracts) {
  const auto upto = [](std::int64_t begin, std::int64_t end) {
    ThetaUnion sketch(1024);
    for (std::int64_t i = begin; i < end; ++i) sketch.update(i);
    return sketch.result();
  };
  EXPECT_EQ(upto(0, 100).intersected(upto(50, 150)).estimate(), 50);
  EXPECT_EQ(upto(0, 100).without(upto(50, 150)).estimate(), 50);
  EXPECT_TRUE(upto(0, 100).intersected(upto(200, 300)).empty);
  EXPECT_TRUE(upto(0, 100).intersected(CompactTheta()).empty);
  EXPECT_EQ(upto(0, 100).without(CompactTheta()).estimate(), 100);
  const CompactTheta both = upto(0, 50'000).intersected(upto(25'000, 75'000));
  EXPECT_NEAR(both.estimate(), 25'000, 2'500);
  EXPECT_LT(both.lower_bound(2), both.estimate());
  EXPECT_GT(both.upper_bound(2), both.estimate());
  EXPECT_NE(upto(0, 1).summary().find("### SingleItemSketch SUMMARY: \n"), std::string::npos);
  EXPECT_NE(upto(0, 3).summary().find("### DirectCompactSketch SUMMARY: \n"), std::string::npos);
}

TEST(Quantiles, SummarisesItselfAsJavaDoes) {
  Quantiles sketch(4);
  for (int i = 1; i <= 100; ++i) sketch.update(i);
  EXPECT_EQ(sketch.summary(),
            "\n### Quantiles DirectCompactDoublesSketch SUMMARY: \n   Empty                        : false\n"
            "   Memory, Capacity bytes       : true, 128\n   Estimation Mode              : true\n"
            "   K                            : 4\n   N                            : 100\n"
            "   Levels (Needed, Total, Valid): 4, 4, 2\n   Level Bit Pattern            : 1100\n"
            "   BaseBufferCount              : 4\n   Combined Buffer Capacity     : 12\n"
            "   Retained Items               : 12\n   Compact Storage Bytes        : 128\n"
            "   Updatable Storage Bytes      : 224\n   Normalized Rank Error        : 40.925%\n"
            "   Normalized Rank Error (PMF)  : 48.607%\n   Min Item                     : 1.000000e+00\n"
            "   Max Item                     : 1.000000e+02\n### END SKETCH SUMMARY\n");
}

TEST(BloomKFilter, KnowsWhatWentIn) {
  BloomKFilter filter(1500);
  for (std::int64_t i = 0; i < 1500; ++i) filter.add(BloomKFilter::hash(i));
  filter.add(BloomKFilter::hash("Berlin"));
  for (std::int64_t i = 0; i < 1500; ++i) EXPECT_TRUE(filter.test(BloomKFilter::hash(i)));
  EXPECT_TRUE(filter.test(BloomKFilter::hash("Berlin")));
  int wrong = 0;
  for (std::int64_t i = 10'000; i < 20'000; ++i) wrong += filter.test(BloomKFilter::hash(i)) ? 1 : 0;
  EXPECT_LT(wrong, 1500);  // a twentieth, and more because bits lie together
  EXPECT_EQ(hex(filter.bytes()).substr(0, 10), "0400000098");
  EXPECT_EQ(BloomKFilter::parse(bytes_of(filter.bytes())).bytes(), filter.bytes());
  BloomKFilter other(1500);
  other.add(BloomKFilter::hash(2.5));
  other.merge(filter);
  EXPECT_TRUE(other.test(BloomKFilter::hash(2.5)) && other.test(BloomKFilter::hash("Berlin")));
  EXPECT_THROW(other.merge(BloomKFilter(10)), Error);
  EXPECT_THROW(BloomKFilter::parse(bytes_of(filter.bytes().substr(0, 100))), Error);
}

TEST(Variance, FollowsTheWorkedExample) {
  Variance variance;
  EXPECT_EQ(variance.result(false), std::nullopt);
  for (const double value : {1.0, 2.0, 4.0}) variance.add(value);
  EXPECT_NEAR(*variance.result(false), 7.0 / 3, 1e-12);
  EXPECT_NEAR(*variance.result(true), 14.0 / 9, 1e-12);
  Variance left;
  left.add(std::int64_t{1});
  EXPECT_EQ(left.result(false), 0.0);
  Variance right;
  right.add(2.0F);
  right.add(4.0F);
  left.fold(right);
  left.fold(Variance());
  EXPECT_NEAR(*left.result(false), 7.0 / 3, 1e-12);
  EXPECT_EQ(Variance::parse(bytes_of(left.bytes())).bytes(), left.bytes());
  EXPECT_THROW(Variance::parse(bytes_of("short")), Error);
}

}  // namespace
}  // namespace sarsen::engine::sketch
