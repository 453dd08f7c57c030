#include "engine/kernels/sort_doubles.h"

#include <algorithm>
#include <cmath>

#include "engine/kernels/sort_doubles.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

/// Those that are numbers.
std::vector<double> random_numbers(std::size_t size, Mix mix, std::mt19937_64& random) {
  std::vector<double> values = random_values<double>(size, mix, random);
  std::ranges::replace_if(values, [](double value) { return std::isnan(value); }, -0.0);
  return values;
}

void sort_as_java(std::vector<double>& values) {
  std::ranges::sort(values, [](double left, double right) {
    return left < right || (left == right && std::signbit(left) && !std::signbit(right));
  });
}

void expect_same_bits(const std::vector<double>& actual, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_EQ(bits_of(actual[i]), bits_of(expected[i])) << i << " of " << expected.size();
}

/// `kernel` of `values`, by each instruction set that has an answer.
template <class Kernel>
void expect_sorted(Kernel kernel, const std::vector<double>& values) {
  std::vector<double> expected = values;
  sort_as_java(expected);
  on_every_arch([&](auto arch) {
    const GuardedArray<double> sorted(values);
    if (kernel(arch, sorted.data(), sorted.size()))
      expect_same_bits(sorted.copy(), expected);
    else
      expect_same_bits(sorted.copy(), values);
  });
}

TEST(SortDoublesTest, SortsAsJavaOrdersDoubles) {
  std::mt19937_64 random(1);
  for (std::size_t size = kSortedTogetherMin; size <= 4096; size *= 2)
    for (const Mix mix : {Mix::kPlain, Mix::kSmall, Mix::kSpecial})
      expect_sorted(SortDoubles{}, random_numbers(size, mix, random));
}

TEST(SortDoublesTest, SortsWhatAscendsAndDescends) {
  std::vector<double> values(256);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) - 100;
  expect_sorted(SortDoubles{}, values);
  std::ranges::reverse(values);
  expect_sorted(SortDoubles{}, values);
}

/// A network that sorts all zeros and ones sorts everything: here, those with a single step and a single one.
TEST(SortDoublesTest, SortsZerosAndOnes) {
  for (std::size_t ones = 0; ones <= 128; ++ones) {
    std::vector<double> values(128);
    std::fill_n(values.begin(), ones, 1);
    expect_sorted(SortDoubles{}, values);
    std::ranges::fill(values, 0);
    values[ones % 128] = 1;
    expect_sorted(SortDoubles{}, values);
  }
}

TEST(MergeSortedHalvesTest, MergesWhateverTheHalvesHold) {
  std::mt19937_64 random(2);
  for (std::size_t size = kSortedTogetherMin; size <= 4096; size *= 2)
    for (const Mix mix : {Mix::kPlain, Mix::kSmall, Mix::kSpecial}) {
      std::vector<double> first = random_numbers(size / 2, mix, random);
      std::vector<double> second = random_numbers(size / 2, mix, random);
      sort_as_java(first);
      sort_as_java(second);
      std::vector<double> both = first;
      both.insert(both.end(), second.begin(), second.end());
      expect_sorted(MergeSortedHalves{}, both);
      std::ranges::copy(first, std::ranges::copy(second, both.begin()).out);
      expect_sorted(MergeSortedHalves{}, both);
    }
}

TEST(MergeSortedHalvesTest, MergesHalvesOfWhichOneIsLess) {
  for (const double offset : {0.0, 64.0, -64.0, 1000.0, -1000.0}) {
    std::vector<double> values(128);
    for (std::size_t i = 0; i < 64; ++i) {
      values[i] = static_cast<double>(i);
      values[64 + i] = static_cast<double>(i) + offset;
    }
    expect_sorted(MergeSortedHalves{}, values);
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
