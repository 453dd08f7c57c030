#include "engine/kernels/narrow_extreme.h"

#include "engine/kernels/narrow_extreme.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

template <class Code>
class NarrowExtremeTest : public testing::Test {};
using Codes = testing::Types<std::uint8_t, std::uint16_t, std::uint32_t>;
TYPED_TEST_SUITE(NarrowExtremeTest, Codes);

TYPED_TEST(NarrowExtremeTest, IsThatOfALoop) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes)
    for (const unsigned percent : {1U, 50U, 100U}) {
      // Ends that are taken, that are not, and codes in whose middle the sign would change.
      GuardedArray<TypeParam> codes(size);
      for (std::size_t i = 0; i < size; ++i) codes[i] = static_cast<TypeParam>(random() >> (size + i) % 3);
      const GuardedArray mask(random_mask(size, percent, random));
      TypeParam least = static_cast<TypeParam>(-1), greatest = 0;
      std::size_t taken = 0;
      for (std::size_t i = 0; i < size; ++i) {
        if (!is_set(mask.data(), i)) continue;
        least = std::min(least, codes[i]), greatest = std::max(greatest, codes[i]);
        ++taken;
      }
      if (taken == 0) continue;
      const storage::NarrowCodes narrow{reinterpret_cast<const std::byte*>(codes.data()), {sizeof(TypeParam), 0, 1}};
      const std::uint64_t* const rows = taken == size ? nullptr : mask.data();
      on_every_arch([&](auto arch) {
        EXPECT_EQ(LeastCode{}(arch, &narrow, mask.data(), size), least) << size;
        EXPECT_EQ(GreatestCode{}(arch, &narrow, mask.data(), size), greatest) << size;
        EXPECT_EQ(LeastCode{}(arch, &narrow, rows, size), least) << size;
        EXPECT_EQ(GreatestCode{}(arch, &narrow, rows, size), greatest) << size;
      });
      EXPECT_EQ(least_code(narrow, rows, size), least);
      EXPECT_EQ(greatest_code(narrow, rows, size), greatest);
    }
}

}  // namespace
}  // namespace sarsen::engine::kernels
