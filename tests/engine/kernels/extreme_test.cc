#include "engine/kernels/extreme.h"

#include "engine/kernels/extreme.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

template <class Value>
class ExtremeTest : public testing::Test {
 protected:
  using Limits = std::numeric_limits<Value>;
  static constexpr Value kNoMin = Limits::has_infinity ? Limits::infinity() : Limits::max();
  static constexpr Value kNoMax = Limits::has_infinity ? -Limits::infinity() : Limits::min();

  static void expect_extremes(const std::vector<Value>& column) {
    const GuardedArray values(column);
    const std::size_t size = values.size();
    const auto all = [](std::size_t) { return true; };
    const auto least = bits_of(twin::extreme(values.data(), size, false, kNoMin, all));
    const auto greatest = bits_of(twin::extreme(values.data(), size, true, kNoMax, all));
    on_every_arch([&](auto arch) {
      EXPECT_EQ(bits_of(Min{}(arch, values.data(), size)), least) << size;
      EXPECT_EQ(bits_of(Max{}(arch, values.data(), size)), greatest) << size;
    });
    EXPECT_EQ(bits_of(min(values.data(), size)), least);
    EXPECT_EQ(bits_of(max(values.data(), size)), greatest);
  }

  static void expect_masked_extremes(const std::vector<Value>& column, const std::vector<std::uint64_t>& bits) {
    const GuardedArray values(column);
    const GuardedArray mask(bits);
    const std::size_t size = values.size();
    const auto taken = [&](std::size_t i) { return is_set(mask.data(), i); };
    const auto least = bits_of(twin::extreme(values.data(), size, false, kNoMin, taken));
    const auto greatest = bits_of(twin::extreme(values.data(), size, true, kNoMax, taken));
    on_every_arch([&](auto arch) {
      EXPECT_EQ(bits_of(MinMasked{}(arch, values.data(), mask.data(), size)), least) << size;
      EXPECT_EQ(bits_of(MaxMasked{}(arch, values.data(), mask.data(), size)), greatest) << size;
    });
    EXPECT_EQ(bits_of(min_masked(values.data(), mask.data(), size)), least);
    EXPECT_EQ(bits_of(max_masked(values.data(), mask.data(), size)), greatest);
  }
};
using Values = testing::Types<std::int64_t, double, float>;
TYPED_TEST_SUITE(ExtremeTest, Values);

TYPED_TEST(ExtremeTest, FindsTheExtremesOfAllRows) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes)
    for (const Mix mix : {Mix::kPlain, Mix::kSmall, Mix::kSpecial})
      this->expect_extremes(random_values<TypeParam>(size, mix, random));
}

TYPED_TEST(ExtremeTest, LooksOnlyAtWhatTheMaskTakes) {
  std::mt19937_64 random(2);
  for (const std::size_t size : kSizes)
    for (const unsigned percent : {1U, 50U, 100U})
      for (const Mix mix : {Mix::kPlain, Mix::kSmall, Mix::kSpecial})
        this->expect_masked_extremes(random_values<TypeParam>(size, mix, random), random_mask(size, percent, random));
}

TYPED_TEST(ExtremeTest, FindsEverySpecialValueInEveryPlace) {
  for (const TypeParam special : special_values<TypeParam>()) {
    for (const TypeParam other : special_values<TypeParam>()) {
      for (std::size_t place = 0; place < 130; place += 3) {
        std::vector<TypeParam> values(130, other);
        values[place] = special;
        this->expect_extremes(values);
        std::vector<std::uint64_t> mask(3);
        mask[place / 64] |= std::uint64_t{1} << place % 64;
        this->expect_masked_extremes(values, mask);
      }
    }
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
