#include "storage/narrow/unnarrow.h"

#include "storage/narrow/unnarrow.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::storage {
namespace {

using engine::kernels::GuardedArray;
using engine::kernels::kSizes;
using engine::kernels::on_every_arch;

template <class Code>
class UnnarrowTest : public testing::Test {};
using Codes = testing::Types<std::uint8_t, std::uint16_t, std::uint32_t>;
TYPED_TEST_SUITE(UnnarrowTest, Codes);

template <class Value, class Code>
void expect_numbers(const GuardedArray<Code>& codes, const NarrowForm& form) {
  const NarrowCodes all{reinterpret_cast<const std::byte*>(codes.data()), form};
  std::vector<Value> expected;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::int64_t integer = form.base + static_cast<std::int64_t>(codes[i]);
    expected.push_back(std::is_same_v<Value, double> ? static_cast<Value>(static_cast<double>(integer) / form.divisor)
                                                     : static_cast<Value>(integer));
  }
  const GuardedArray<Value> values(codes.size());
  on_every_arch([&](auto arch) {
    std::fill_n(values.data(), values.size(), Value{77});
    Unnarrow{}(arch, &all, codes.size(), values.data());
    EXPECT_EQ(values.copy(), expected) << codes.size() << " / " << form.divisor;
  });
  unnarrow(all, codes.size(), values.data());
  EXPECT_EQ(values.copy(), expected);
}

TYPED_TEST(UnnarrowTest, GivesTheNumbersOnEveryInstructionSet) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    GuardedArray<TypeParam> codes(size);
    for (std::size_t i = 0; i < size; ++i) codes[i] = static_cast<TypeParam>(random());
    for (const std::int64_t base : {std::int64_t{0}, std::int64_t{-77}, kNarrowBaseMax, -kNarrowBaseMax}) {
      expect_numbers<std::int64_t>(codes, {sizeof(TypeParam), base, 1});
      for (const double divisor : {1.0, 10.0, 100.0, 1000.0, 10000.0})
        expect_numbers<double>(codes, {sizeof(TypeParam), base, divisor});
    }
  }
}

}  // namespace
}  // namespace sarsen::storage
