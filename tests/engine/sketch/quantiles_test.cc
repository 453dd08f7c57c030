#include "engine/sketch/quantiles.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "storage/base/error.h"
#include "tests/engine/sketch/sketch_bytes.h"

namespace sarsen::engine::sketch {
namespace {

constexpr double kRankError = 0.035;  // twice what is published for k = 128

/// The numbers begin … end - 1 in an order that is neither rising nor falling.
Quantiles of_numbers(int begin, int end, std::uint32_t k = 128) {
  Quantiles sketch(k);
  const int count = end - begin;
  constexpr std::int64_t kStep = 7919;  // a prime that divides no count used here
  for (std::int64_t i = 0; i < count; ++i) sketch.update(static_cast<double>(begin + i * kStep % count));
  return sketch;
}

TEST(Quantiles, WritesTheBytesOfDruid) {
  EXPECT_EQ(hex(Quantiles(128).bytes()), "0103081e80000000");
  Quantiles sketch(128);
  sketch.update(136.82);
  sketch.update(203.3);
  EXPECT_EQ(hex(sketch.bytes()),
            "0203081a80000000"
            "0200000000000000"
            "0ad7a3703d1a6140"
            "9a99999999696940"
            "0ad7a3703d1a6140"
            "9a99999999696940");
}

TEST(Quantiles, OrdersNumbersOfEitherSign) {
  Quantiles sketch(16);
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> ordered = {-infinity, -1e300, -2.5, -1e-310, -0.0, 0.0, 1e-310, 2.5, 1e300, infinity};
  for (int i = 0; i < 320; ++i) sketch.update(ordered[static_cast<std::size_t>(i * 7 % 10)]);
  double before = -infinity;
  for (int i = 0; i <= 100; ++i) {
    const double value = sketch.quantile(i / 100.0);
    EXPECT_GE(value, before);
    before = value;
  }
  EXPECT_EQ(sketch.quantile(0.5), 0.0);
}

TEST(Quantiles, IsExactBelowTwiceK) {
  const Quantiles sketch = of_numbers(1, 11);
  EXPECT_EQ(sketch.n(), 10U);
  EXPECT_EQ(sketch.quantile(0), 1);
  EXPECT_EQ(sketch.quantile(0.5), 5);
  EXPECT_EQ(sketch.quantile(0.51), 6);
  EXPECT_EQ(sketch.quantile(1), 10);
  EXPECT_EQ(sketch.rank(5), 0.5);
  EXPECT_EQ(sketch.rank(0), 0);
}

TEST(Quantiles, StaysWithinItsErrorBeyond) {
  const Quantiles sketch = of_numbers(0, 100000);
  EXPECT_EQ(sketch.n(), 100000U);
  EXPECT_EQ(sketch.min(), 0);
  EXPECT_EQ(sketch.max(), 99999);
  for (const double fraction : {0.01, 0.25, 0.5, 0.75, 0.99})
    EXPECT_NEAR(sketch.quantile(fraction) / 100000, fraction, kRankError);
}

TEST(Quantiles, MergesSketchesOfAnySize) {
  for (const std::uint32_t k : {64U, 128U, 256U}) {
    Quantiles merged = of_numbers(0, 30000);
    merged.merge(of_numbers(30000, 60000, k));
    merged.merge(of_numbers(60000, 60010, k));
    EXPECT_EQ(merged.k(), std::min(k, 128U));
    EXPECT_EQ(merged.n(), 60010U);
    EXPECT_EQ(merged.max(), 60009);
    EXPECT_NEAR(merged.rank(30000), 0.5, 2 * kRankError);
  }
}

TEST(Quantiles, KeepsTheWeightOfAllValues) {
  for (const int count : {1, 255, 256, 257, 1000, 12345}) {
    Quantiles merged = of_numbers(0, count);
    merged.merge(of_numbers(0, count / 2));
    EXPECT_EQ(merged.rank(std::numeric_limits<double>::infinity()), 1.0) << count;
    EXPECT_EQ(Quantiles::parse(bytes_of(merged.bytes())).rank(1e9), 1.0) << count;
  }
}

TEST(Quantiles, GivesTheSameBytesForTheSameInput) {
  EXPECT_EQ(of_numbers(0, 100000).bytes(), of_numbers(0, 100000).bytes());
}

TEST(Quantiles, ComesBackFromItsBytes) {
  for (const int count : {0, 1, 255, 256, 300, 5000}) {
    const std::string bytes = of_numbers(0, count).bytes();
    EXPECT_EQ(hex(Quantiles::parse(bytes_of(bytes)).bytes()), hex(bytes));
  }
}

TEST(Quantiles, IgnoresNotANumber) {
  Quantiles sketch(16);
  sketch.update(std::nan(""));
  EXPECT_TRUE(sketch.empty());
  EXPECT_TRUE(std::isnan(sketch.quantile(0.5)));
}

TEST(Quantiles, RefusesBrokenBytes) {
  const std::string good = of_numbers(0, 1000).bytes();
  EXPECT_THROW(Quantiles::parse(bytes_of(std::string_view(good).substr(0, good.size() - 1))), Error);
  for (const char* bytes : {"02", "0203081a81000000", "0203071a80000000", "0203081a80000000ffffffffffffffff"})
    EXPECT_THROW(Quantiles::parse(bytes_of(unhex(bytes))), Error) << bytes;
}

}  // namespace
}  // namespace sarsen::engine::sketch
