// Sums of codes are, to the last bit, those of the numbers that they stand for.

#include "engine/kernels/narrow_sum.h"

#include "engine/kernels/narrow_sum.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

using storage::NarrowCodes;
using storage::NarrowForm;

constexpr std::int64_t kBases[] = {0, 90100, -12345, std::int64_t{1} << 50};

template <class Code>
class NarrowSumTest : public testing::Test {
 protected:
  /// Calls check(codes, size) for columns of many kinds.
  template <class Check>
  static void each_column(Check check) {
    std::mt19937_64 random(1);
    for (const std::size_t size : kSizes)
      for (const std::int64_t base : kBases)
        for (const double divisor : {1.0, 10.0, 100.0, 10000.0}) {
          GuardedArray<Code> codes(size);
          for (std::size_t i = 0; i < size; ++i) codes[i] = static_cast<Code>(random());
          // Of a few different codes each set may know the numbers beforehand.
          GuardedArray<Code> few(size);
          for (std::size_t i = 0; i < size; ++i) few[i] = static_cast<Code>(random() % 16);
          check(
              NarrowCodes{reinterpret_cast<const std::byte*>(few.data()), NarrowForm{sizeof(Code), base, divisor, 15}},
              few.data(), size);
          check(NarrowCodes{reinterpret_cast<const std::byte*>(codes.data()), NarrowForm{sizeof(Code), base, divisor}},
                codes.data(), size);
        }
  }

  static std::vector<double> doubles(const NarrowForm& form, const Code* codes, std::size_t size) {
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i)
      values[i] = static_cast<double>(form.base + static_cast<std::int64_t>(codes[i])) / form.divisor;
    return values;
  }
};
using Codes = testing::Types<std::uint8_t, std::uint16_t, std::uint32_t>;
TYPED_TEST_SUITE(NarrowSumTest, Codes);

TYPED_TEST(NarrowSumTest, OfDoublesIsThatOfTheNumbers) {
  std::mt19937_64 random(2);
  this->each_column([&](const NarrowCodes& codes, const TypeParam* raw, std::size_t size) {
    const std::vector<double> values = this->doubles(codes.form, raw, size);
    const auto expected = bits_of(twin::sum(values.data(), size));
    on_every_arch([&](auto arch) {
      EXPECT_EQ(bits_of(NarrowSum{}(arch, &codes, nullptr, size)), expected) << size << " / " << codes.form.divisor;
    });
    EXPECT_EQ(bits_of(narrow_sum<double>(codes, nullptr, size)), expected);
    for (const unsigned percent : {0U, 1U, 50U, 100U}) {
      const GuardedArray mask(random_mask(size, percent, random));
      const auto masked = bits_of(twin::sum_masked(values.data(), mask.data(), size));
      on_every_arch([&](auto arch) {
        EXPECT_EQ(bits_of(NarrowSum{}(arch, &codes, mask.data(), size)), masked) << size << " " << percent;
      });
      EXPECT_EQ(bits_of(narrow_sum<double>(codes, mask.data(), size)), masked);
    }
  });
}

TYPED_TEST(NarrowSumTest, OfLongsIsThatOfTheNumbers) {
  std::mt19937_64 random(3);
  this->each_column([&](const NarrowCodes& codes, const TypeParam* raw, std::size_t size) {
    if (codes.form.divisor != 1) return;
    std::vector<std::int64_t> values(size);
    std::uint64_t code_sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
      values[i] = codes.form.base + static_cast<std::int64_t>(raw[i]);
      code_sum += raw[i];
    }
    on_every_arch([&](auto arch) { EXPECT_EQ(CodeSum{}(arch, &codes, size), code_sum); });
    EXPECT_EQ(narrow_sum<std::int64_t>(codes, nullptr, size), twin::sum(values.data(), size));
    for (const unsigned percent : {0U, 1U, 50U, 100U}) {
      const GuardedArray mask(random_mask(size, percent, random));
      EXPECT_EQ(narrow_sum<std::int64_t>(codes, mask.data(), size), twin::sum_masked(values.data(), mask.data(), size));
    }
  });
}

TYPED_TEST(NarrowSumTest, OfARunAreThoseOfEachVector) {
  this->each_column([&](const NarrowCodes& codes, const TypeParam* raw, std::size_t size) {
    const std::vector<double> values = this->doubles(codes.form, raw, size);
    for (const std::size_t vectors : {std::size_t{1}, std::size_t{3}, std::size_t{4}}) {
      const std::size_t rows = size / vectors;
      std::vector<std::uint64_t> expected;
      for (std::size_t i = 0; i < vectors; ++i) expected.push_back(bits_of(twin::sum(values.data() + i * rows, rows)));
      std::vector<double> sums(vectors);
      const auto expect_same = [&] {
        for (std::size_t i = 0; i < vectors; ++i) EXPECT_EQ(bits_of(sums[i]), expected[i]) << size << " " << i;
      };
      on_every_arch([&](auto arch) {
        NarrowSumRun{}(arch, &codes, vectors, rows, sums.data());
        expect_same();
      });
      narrow_sum_run<double>(codes, vectors, rows, sums.data());
      expect_same();
    }
  });
}

TYPED_TEST(NarrowSumTest, OfSeveralMasksAreThoseOfEach) {
  std::mt19937_64 random(4);
  this->each_column([&](const NarrowCodes& codes, const TypeParam* raw, std::size_t size) {
    const std::vector<double> values = this->doubles(codes.form, raw, size);
    const std::size_t words = (size + 63) / 64;
    for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, kMasksMax}) {
      std::vector<std::uint64_t> all;
      std::vector<std::uint64_t> sums(count), code_sums(count);
      std::vector<std::uint32_t> rows(count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto mask = random_mask(size, static_cast<unsigned>(100 * i / count), random);
        all.insert(all.end(), mask.begin(), mask.end());
        sums[i] = bits_of(twin::sum_masked(values.data(), mask.data(), size));
        for (std::size_t row = 0; row < size; ++row)
          if (is_set(mask.data(), row)) code_sums[i] += raw[row], ++rows[i];
      }
      const GuardedArray masks(all);
      const MaskList list{masks.data(), words, count};
      on_every_arch([&](auto arch) {
        std::vector<double> numbers(count);
        std::vector<std::uint64_t> wholes(count);
        NarrowSums{}(arch, &codes, &list, size, numbers.data());
        CodeSums{}(arch, &codes, &list, size, wholes.data());
        for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(bits_of(numbers[i]), sums[i]) << size << " " << i;
        EXPECT_EQ(wholes, code_sums) << size;
      });
      std::vector<double> numbers(count);
      narrow_sums<double>(codes, list, rows.data(), size, numbers.data());
      for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(bits_of(numbers[i]), sums[i]);
    }
  });
}

TEST(CodeSums, OfManyOfTheGreatestCodes) {
  constexpr std::size_t kMany = 300'000;
  const std::vector<std::uint16_t> raw(kMany, 0xffff);
  const NarrowCodes codes{reinterpret_cast<const std::byte*>(raw.data()), NarrowForm{2, 0, 1}};
  std::vector<std::uint64_t> full((kMany + 63) / 64, ~std::uint64_t{0});
  full.back() = (std::uint64_t{1} << kMany % 64) - 1;
  const MaskList list{full.data(), full.size(), 1};
  on_every_arch([&](auto arch) {
    std::uint64_t sum = 0;
    CodeSums{}(arch, &codes, &list, kMany, &sum);
    EXPECT_EQ(sum, std::uint64_t{kMany} * 0xffff);
  });
}

}  // namespace
}  // namespace sarsen::engine::kernels
