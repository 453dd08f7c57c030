#include "engine/sketch/ordered_doubles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <random>

namespace sarsen::engine::sketch {
namespace {

/// Sizes below, within and beyond what kernels take, and such as they do not take.
constexpr std::size_t kSizes[] = {0, 2, 4, 64, 126, 128, 130, 256, 1024, 3000, 32768};

std::vector<double> numbers(std::size_t size) {
  std::mt19937 random(static_cast<std::uint32_t>(size));
  std::vector<double> values(size);
  for (double& value : values) value = static_cast<double>(random() % 1000) - 500;
  for (std::size_t i = 0; i + 1 < size; i += 7) values[i] = i % 2 == 0 ? -0.0 : 0.0;
  if (size > 0) values[0] = std::numeric_limits<double>::infinity();
  if (size > 1) values[1] = -std::numeric_limits<double>::infinity();
  return values;
}

std::vector<std::uint64_t> bits_of(const std::vector<double>& values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

TEST(OrderedDoubles, PutsTheNegativeZeroFirst) {
  EXPECT_TRUE(is_before(-0.0, 0.0));
  EXPECT_FALSE(is_before(0.0, -0.0));
  EXPECT_FALSE(is_before(0.0, 0.0));
  EXPECT_TRUE(is_before(-1.0, -0.0));
}

TEST(OrderedDoubles, AreSortedWhateverTheirNumber) {
  for (const std::size_t size : kSizes) {
    std::vector<double> values = numbers(size);
    std::vector<double> expected = values;
    std::ranges::sort(expected, is_before);
    sort_doubles(values);
    EXPECT_EQ(bits_of(values), bits_of(expected)) << size;
  }
}

TEST(OrderedDoubles, MergeByHalves) {
  for (const std::size_t size : kSizes) {
    std::vector<double> values = numbers(size);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(size / 2);
    std::sort(values.begin(), middle, is_before);
    std::sort(middle, values.end(), is_before);
    std::vector<double> expected = values;
    std::ranges::sort(expected, is_before);
    merge_sorted_halves(values);
    EXPECT_EQ(bits_of(values), bits_of(expected)) << size;
  }
}

}  // namespace
}  // namespace sarsen::engine::sketch
