// Approximate histograms and histograms with fixed buckets: values worked out by hand, and bytes that stock Druid 33
// answered.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/sketch/approximate_histogram.h"
#include "engine/sketch/fixed_buckets_histogram.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

ApproximateHistogram of(std::uint32_t size, const std::vector<float>& values) {
  ApproximateHistogram histogram(size);
  for (const float value : values) histogram.offer(value);
  return histogram;
}

std::vector<std::byte> decoded(std::string_view text) { return sketch_from_base64(text, "a test"); }

TEST(ApproximateHistogram, IsExactWhileBinsSuffice) {
  const ApproximateHistogram histogram = of(10, {3, 1, 2, 2});
  EXPECT_EQ(histogram.count(), 4u);
  EXPECT_EQ(histogram.min(), 1);
  EXPECT_EQ(histogram.max(), 3);
  EXPECT_EQ(histogram.sum(0.5F), 0);
  EXPECT_EQ(histogram.sum(2), 3);
  EXPECT_EQ(histogram.sum(2.5F), 3);
  EXPECT_EQ(histogram.sum(3), 4);
  EXPECT_EQ(histogram.counts_between({0, 1, 2, 3}), (std::vector<double>{1, 2, 1}));
}

TEST(ApproximateHistogram, MergesTheNearestBins) {
  // 1 and 2 are nearer to each other than 10 is to 5: they become 1.5.
  EXPECT_EQ(hex(of(3, {1, 2, 5, 10}).bytes()),
            "fffdfe3fc000003fc000003f8000004120000002"
            "40a0000041200000");
  // 5.5 is nearest to 5, which moves half way.
  EXPECT_EQ(hex(of(3, {1, 3, 5, 5.5F}).bytes()), "fffdfe40a8000040a800003f80000040b00000023f80000040400000");
}

TEST(ApproximateHistogram, WritesAndReadsTheBytesOfDruid) {
  for (const char* text :
       {"/zgEQAAAAEELrhRB0lHsQu9XCg==",
        "/zgQQEZmZkBRR65BTuFIQVRR7EF3MzNBiR64QaEzM0Iv4UhCMIUfQlNwpEJZwo9CYFHsQneZmkJ74UhCtYAAQsQeuA=="}) {
    const ApproximateHistogram read = ApproximateHistogram::parse(decoded(text));
    EXPECT_EQ(base64(read.bytes()), text);
    ApproximateHistogram folded(200);
    folded.fold(read);
    EXPECT_EQ(base64(folded.bytes()), text);
  }
}

TEST(ApproximateHistogram, ReadsItsSparseForm) {
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i) values.push_back(static_cast<float>(i % 37));
  const ApproximateHistogram histogram = of(50, values);
  const std::string bytes = histogram.bytes();
  EXPECT_EQ(hex(bytes).substr(0, 16), "00000032ffffffdb");
  const ApproximateHistogram read = ApproximateHistogram::parse(bytes_of(bytes));
  EXPECT_EQ(read.count(), 1000u);
  EXPECT_EQ(read.bytes(), bytes);
  EXPECT_EQ(read.quantile(0.5F), histogram.quantile(0.5F));
}

TEST(ApproximateHistogram, IsNotANumberWhileEmpty) {
  const ApproximateHistogram empty(50);
  EXPECT_TRUE(std::isnan(empty.quantile(0.5F)));
  const std::vector<float> breaks = empty.equal_breaks(7);
  EXPECT_EQ(breaks.front(), std::numeric_limits<float>::infinity());
  EXPECT_EQ(breaks.back(), -std::numeric_limits<float>::infinity());
  for (const double count : empty.counts_between(breaks)) EXPECT_TRUE(std::isnan(count));
  EXPECT_THROW(empty.breaks_of_width(1, 0), Error);
}

TEST(ApproximateHistogram, RefusesTooManyBucketsAndBrokenBytes) {
  EXPECT_THROW(of(10, {0, 1e30F}).breaks_of_width(1, 0), Error);
  for (const char* broken : {"", "00", "ff", "fffd05", "00000032ffffffff", "0000003200000032", "7fffffffffffffff",
                             "00000002fffffffe4000000040000000000000000000000100000000"})
    EXPECT_THROW(ApproximateHistogram::parse(bytes_of(unhex(broken))), Error) << broken;
}

FixedBucketsHistogram::Scheme scheme(double lower, double upper, std::uint32_t buckets,
                                     FixedBucketsHistogram::Outliers outliers) {
  return {.lower = lower, .upper = upper, .buckets = buckets, .outliers = outliers};
}

using Outliers = FixedBucketsHistogram::Outliers;

TEST(FixedBucketsHistogram, CountsOutliersByMode) {
  const auto text = [](Outliers mode) {
    FixedBucketsHistogram histogram(scheme(0, 10, 2, mode));
    for (const double value : {-1.0, 0.0, 4.9, 5.0, 10.0, 11.0}) histogram.add(value);
    histogram.add_missing();
    return histogram.text();
  };
  EXPECT_EQ(text(Outliers::kIgnore),
            "{lowerLimit=0.0, upperLimit=10.0, numBuckets=2, upperOutlierCount=0, lowerOutlierCount=0, "
            "missingValueCount=1, histogram=[2, 1], outlierHandlingMode=ignore, count=3, max=5.0, min=0.0}");
  EXPECT_EQ(text(Outliers::kOverflow),
            "{lowerLimit=0.0, upperLimit=10.0, numBuckets=2, upperOutlierCount=2, lowerOutlierCount=1, "
            "missingValueCount=1, histogram=[2, 1], outlierHandlingMode=overflow, count=3, max=5.0, min=0.0}");
  EXPECT_EQ(text(Outliers::kClip),
            "{lowerLimit=0.0, upperLimit=10.0, numBuckets=2, upperOutlierCount=0, lowerOutlierCount=0, "
            "missingValueCount=1, histogram=[3, 3], outlierHandlingMode=clip, count=6, max=10.0, min=0.0}");
}

TEST(FixedBucketsHistogram, EstimatesPercentiles) {
  FixedBucketsHistogram histogram(scheme(0, 10, 5, Outliers::kIgnore));
  for (const double value : {2.5, 4.1, 4.2, 6.1, 6.2, 6.3, 6.4}) histogram.add(value);
  EXPECT_EQ(histogram.percentiles({75}), (std::vector<float>{7.125F}));
  EXPECT_TRUE(FixedBucketsHistogram(scheme(0, 1, 2, Outliers::kIgnore)).percentiles({50})[0] == 0);
}

TEST(FixedBucketsHistogram, SpreadsAnotherScheme) {
  FixedBucketsHistogram mine(scheme(0, 6, 6, Outliers::kOverflow));
  FixedBucketsHistogram other(scheme(0, 12, 4, Outliers::kOverflow));
  for (const double value : {0.5, 1.0, 1.5, 2.0, 3.5, 4.0, 4.5, 5.0, 7.0}) other.add(value);
  mine.combine(other);
  EXPECT_NE(mine.text().find("histogram=[1, 1, 1, 1, 1, 1]"), std::string::npos) << mine.text();
  EXPECT_NE(mine.text().find("upperOutlierCount=1, lowerOutlierCount=0"), std::string::npos) << mine.text();
}

TEST(FixedBucketsHistogram, WritesAndReadsTheBytesOfDruid) {
  const std::string full =
      "AQEAAAAAAAAAAEBZAAAAAAAAAAAACgAAAAAAAAAGwwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgUBY5R64UeuFP4R64UeuFHsAAAAA"
      "AAABmAAAAAAAAAEaAAAAAAAAAQwAAAAAAAAAyQAAAAAAAACjAAAAAAAAAIUAAAAAAAAAagAAAAAAAABEAAAAAAAAAD8AAAAAAAAA"
      "Jw==";
  EXPECT_EQ(base64(FixedBucketsHistogram::parse(decoded(full)).bytes()), full);
  FixedBucketsHistogram sparse(scheme(0, 1, 10, Outliers::kIgnore));
  sparse.add(0.55);
  EXPECT_EQ(hex(sparse.bytes()).substr(0, 4), "0102");
  EXPECT_EQ(FixedBucketsHistogram::parse(bytes_of(sparse.bytes())).bytes(), sparse.bytes());
  for (const std::size_t cut : {0U, 1U, 2U, 30U, 60U, 75U})
    EXPECT_THROW(FixedBucketsHistogram::parse(bytes_of(sparse.bytes().substr(0, cut))), Error) << cut;
}

}  // namespace
}  // namespace sarsen::engine::sketch
