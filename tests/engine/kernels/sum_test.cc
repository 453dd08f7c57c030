#include "engine/kernels/sum.h"

#include "engine/kernels/sum.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

template <class Value>
class SumTest : public testing::Test {};
using Values = testing::Types<std::int64_t, double>;
TYPED_TEST_SUITE(SumTest, Values);

TYPED_TEST(SumTest, GivesTheBitsOfTheScalarLoopOnEveryInstructionSet) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    for (const Mix mix : {Mix::kPlain, Mix::kSmall, Mix::kSpecial}) {
      const GuardedArray values(random_values<TypeParam>(size, mix, random));
      const auto expected = bits_of(twin::sum(values.data(), size));
      on_every_arch([&](auto arch) { EXPECT_EQ(bits_of(Sum{}(arch, values.data(), size)), expected) << size; });
      EXPECT_EQ(bits_of(sum(values.data(), size)), expected);
    }
  }
}

TYPED_TEST(SumTest, AddsOnlyWhatTheMaskTakes) {
  std::mt19937_64 random(2);
  for (const std::size_t size : kSizes) {
    for (const unsigned percent : {0U, 1U, 50U, 99U, 100U}) {
      const GuardedArray values(random_values<TypeParam>(size, percent == 50 ? Mix::kSpecial : Mix::kPlain, random));
      const GuardedArray mask(random_mask(size, percent, random));
      const auto expected = bits_of(twin::sum_masked(values.data(), mask.data(), size));
      on_every_arch([&](auto arch) {
        EXPECT_EQ(bits_of(SumMasked{}(arch, values.data(), mask.data(), size)), expected) << size << " " << percent;
      });
      EXPECT_EQ(bits_of(sum_masked(values.data(), mask.data(), size)), expected);
    }
  }
}

TYPED_TEST(SumTest, GivesTheSameForAFullMaskAsForAllRows) {
  std::mt19937_64 random(3);
  for (const std::size_t size : kSizes) {
    const auto values = random_values<TypeParam>(size, Mix::kPlain, random);
    const auto mask = random_mask(size, 100, random);
    EXPECT_EQ(bits_of(sum_masked(values.data(), mask.data(), size)), bits_of(sum(values.data(), size)));
  }
}

TYPED_TEST(SumTest, AddsListedRowsAsOftenAsTheyAreListed) {
  std::mt19937_64 random(4);
  const GuardedArray values(random_values<TypeParam>(2049, Mix::kPlain, random));
  for (const std::size_t size : kSizes) {
    GuardedArray<std::uint32_t> positions(size);
    for (std::size_t i = 0; i < size; ++i) positions[i] = static_cast<std::uint32_t>(random() % values.size());
    const auto expected = bits_of(twin::sum_at(values.data(), positions.data(), size));
    on_every_arch(
        [&](auto arch) { EXPECT_EQ(bits_of(SumAt{}(arch, values.data(), positions.data(), size)), expected) << size; });
    EXPECT_EQ(bits_of(sum_at(values.data(), positions.data(), size)), expected);
  }
}

TYPED_TEST(SumTest, IgnoresWhatMaskedOutRowsHold) {
  if constexpr (std::is_floating_point_v<TypeParam>) {
    const std::vector<TypeParam> values(65, std::numeric_limits<TypeParam>::quiet_NaN());
    const std::vector<std::uint64_t> mask(2);
    on_every_arch([&](auto arch) {
      EXPECT_EQ(bits_of(SumMasked{}(arch, values.data(), mask.data(), values.size())), bits_of(TypeParam(0)));
    });
  }
}

TYPED_TEST(SumTest, AnswersPositiveZeroForNegativeZeros) {
  const std::vector<TypeParam> values(100, static_cast<TypeParam>(-0.0));
  on_every_arch(
      [&](auto arch) { EXPECT_EQ(bits_of(Sum{}(arch, values.data(), values.size())), bits_of(Total<TypeParam>(0))); });
}

TEST(LongSumTest, WrapsAsJavasLongDoes) {
  const std::vector<std::int64_t> values(3, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(static_cast<std::int64_t>(sum(values.data(), values.size())), std::numeric_limits<std::int64_t>::max() - 2);
}

}  // namespace
}  // namespace sarsen::engine::kernels
