#include "engine/kernels/compare.h"

#include "engine/kernels/compare.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

template <class Value>
class InRangeTest : public testing::Test {
 protected:
  static void expect_range(const GuardedArray<Value>& values, Value low, Value high) {
    const std::size_t size = values.size();
    const auto expected = twin::in_range(values.data(), size, low, high);
    const GuardedArray<std::uint64_t> mask(expected.size());
    on_every_arch([&](auto arch) {
      std::fill_n(mask.data(), mask.size(), ~std::uint64_t{0});
      InRange{}(arch, values.data(), size, low, high, mask.data());
      EXPECT_EQ(mask.copy(), expected) << size << " values in " << low << " to " << high;
    });
    in_range(values.data(), size, low, high, mask.data());
    EXPECT_EQ(mask.copy(), expected);
  }
};
using Values = testing::Types<std::int64_t, std::uint32_t, double, float>;
TYPED_TEST_SUITE(InRangeTest, Values);

TYPED_TEST(InRangeTest, FindsTheRowsBetweenTwoOfThem) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    for (const Mix mix : {Mix::kPlain, Mix::kSmall, Mix::kSpecial}) {
      const auto column = random_values<TypeParam>(size, mix, random);
      const GuardedArray values(column);
      for (int trial = 0; trial < 10; ++trial) {
        const auto ends = size == 0 ? random_values<TypeParam>(2, mix, random)
                                    : std::vector{column[random() % size], column[random() % size]};
        this->expect_range(values, ends[0], ends[1]);
      }
    }
  }
}

TYPED_TEST(InRangeTest, TakesEveryPairOfSpecialValuesAsEnds) {
  std::mt19937_64 random(2);
  const GuardedArray values(random_values<TypeParam>(200, Mix::kSpecial, random));
  for (const TypeParam low : special_values<TypeParam>())
    for (const TypeParam high : special_values<TypeParam>()) this->expect_range(values, low, high);
}

template <class Code>
void expect_code_range(std::size_t size, std::mt19937_64& random) {
  GuardedArray<Code> codes(size);
  for (std::size_t i = 0; i < size; ++i) codes[i] = static_cast<Code>(random());
  for (int trial = 0; trial < 10; ++trial) {
    const auto low = static_cast<Code>(trial == 0 ? 0 : random());
    const Code high = trial == 1 ? std::numeric_limits<Code>::max() : static_cast<Code>(random());
    const auto expected = twin::in_range(codes.data(), size, low, high);
    const GuardedArray<std::uint64_t> mask(expected.size());
    on_every_arch([&](auto arch) {
      InRange{}(arch, codes.data(), size, low, high, mask.data());
      EXPECT_EQ(mask.copy(), expected) << size << " codes";
    });
    codes_in_range(reinterpret_cast<const std::byte*>(codes.data()), sizeof(Code), size, low, high, mask.data());
    EXPECT_EQ(mask.copy(), expected);
  }
}

TEST(CodesInRange, AreFoundInEveryWidth) {
  std::mt19937_64 random(3);
  for (const std::size_t size : kSizes) {
    expect_code_range<std::uint8_t>(size, random);
    expect_code_range<std::uint16_t>(size, random);
    expect_code_range<std::uint32_t>(size, random);
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
