#include "engine/kernels/mask.h"

#include <bit>

#include "engine/kernels/mask.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::engine::kernels {
namespace {

using Words = std::vector<std::uint64_t>;

template <class Kernel, class Twin>
void expect_combination(Twin combine) {
  std::mt19937_64 random(1);
  for (const std::size_t words : kSizes) {
    const GuardedArray left(random_values<std::uint64_t>(words, Mix::kPlain, random));
    const GuardedArray right(random_values<std::uint64_t>(words, Mix::kPlain, random));
    Words expected(words);
    for (std::size_t i = 0; i < words; ++i) expected[i] = combine(left[i], right[i]);
    on_every_arch([&](auto arch) {
      const GuardedArray into(left.copy());
      Kernel{}(arch, into.data(), right.data(), words);
      EXPECT_EQ(into.copy(), expected) << words;
    });
  }
}

TEST(MaskTest, CombinesWordByWord) {
  expect_combination<MaskAnd>([](std::uint64_t left, std::uint64_t right) { return left & right; });
  expect_combination<MaskOr>([](std::uint64_t left, std::uint64_t right) { return left | right; });
  expect_combination<MaskAndNot>([](std::uint64_t left, std::uint64_t right) { return left & ~right; });
}

TEST(MaskTest, ChangesTheFirstMaskOnly) {
  Words into = {0b1100};
  const Words other = {0b1010};
  mask_and(into.data(), other.data(), 1);
  EXPECT_EQ(into, Words{0b1000});
  mask_or(into.data(), other.data(), 1);
  EXPECT_EQ(into, Words{0b1010});
  into = {0b1100};
  mask_and_not(into.data(), other.data(), 1);
  EXPECT_EQ(into, Words{0b0100});
  EXPECT_EQ(other, Words{0b1010});
}

TEST(MaskTest, CountsTheSetBits) {
  std::mt19937_64 random(2);
  for (const std::size_t words : kSizes) {
    auto bits = random_values<std::uint64_t>(words, Mix::kPlain, random);
    if (words > 0) bits[random() % words] = ~std::uint64_t{0};
    const GuardedArray mask(bits);
    std::uint64_t expected = 0;
    for (const std::uint64_t word : bits) expected += static_cast<std::uint64_t>(std::popcount(word));
    on_every_arch([&](auto arch) { EXPECT_EQ(MaskCount{}(arch, mask.data(), words), expected); });
    EXPECT_EQ(mask_count(mask.data(), words), expected);
  }
}

TEST(MaskTest, ListsTheSetPositionsInTheRoomItWasPromised) {
  std::mt19937_64 random(3);
  for (const std::size_t size : kSizes) {
    for (const unsigned percent : {0U, 1U, 10U, 50U, 99U, 100U}) {
      const GuardedArray mask(random_mask(size, percent, random));
      const auto expected = twin::positions(mask.data(), size);
      const GuardedArray<std::uint32_t> positions((size + 63) / 64 * 64);
      on_every_arch([&](auto arch) {
        const std::size_t found = MaskToPositions{}(arch, mask.data(), size, positions.data());
        EXPECT_EQ(std::vector(positions.data(), positions.data() + found), expected) << size << " " << percent;
      });
      const std::size_t found = mask_to_positions(mask.data(), size, positions.data());
      EXPECT_EQ(std::vector(positions.data(), positions.data() + found), expected);
    }
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
