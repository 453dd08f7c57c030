#include "engine/kernels/in_set.h"

#include "engine/kernels/in_set.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

TEST(InSetTest, FindsTheRowsWhoseIdIsInTheSet) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    for (const std::uint32_t cardinality : {1U, 2U, 31U, 32U, 33U, 64U, 65U, 5000U, 300000U}) {
      const GuardedArray set(random_mask(cardinality, 40, random));
      GuardedArray<std::uint32_t> ids(size);
      for (std::size_t i = 0; i < size; ++i) ids[i] = static_cast<std::uint32_t>(random() % cardinality);
      const auto expected = twin::in_set(ids.data(), size, set.data());
      const GuardedArray<std::uint64_t> mask(expected.size());
      on_every_arch([&](auto arch) {
        std::fill_n(mask.data(), mask.size(), ~std::uint64_t{0});
        InSet{}(arch, ids.data(), size, set.data(), mask.data());
        EXPECT_EQ(mask.copy(), expected) << size << " ids below " << cardinality;
      });
      in_set(ids.data(), size, set.data(), mask.data());
      EXPECT_EQ(mask.copy(), expected);
    }
  }
}

TEST(InSmallSetTest, FindsTheIdsOfTheSet) {
  std::mt19937_64 random(5);
  for (const std::size_t size : kSizes) {
    const auto set = static_cast<std::uint32_t>(random());
    GuardedArray<std::uint32_t> ids(size);
    std::vector<std::uint64_t> expected((size + 63) / 64);
    for (std::size_t i = 0; i < size; ++i) {
      ids[i] = static_cast<std::uint32_t>(random() % 32);
      expected[i / 64] |= std::uint64_t{set >> ids[i] & 1} << i % 64;
    }
    const GuardedArray<std::uint64_t> mask(expected.size());
    on_every_arch([&](auto arch) {
      std::fill_n(mask.data(), mask.size(), ~std::uint64_t{0});
      InSmallSet{}(arch, ids.data(), size, set, mask.data());
      EXPECT_EQ(mask.copy(), expected) << size;
    });
    in_small_set(ids.data(), size, set, mask.data());
    EXPECT_EQ(mask.copy(), expected);
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
