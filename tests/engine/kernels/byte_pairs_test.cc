#include "engine/kernels/byte_pairs.h"

#include "engine/kernels/byte_pairs.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

std::vector<std::uint64_t> expected_places(const std::vector<char>& text, std::size_t count, const BytePair& pair) {
  const auto is_one_of = [&](std::size_t place, const unsigned char* two) {
    const auto byte = static_cast<unsigned char>(text[place]);
    return byte == two[0] || byte == two[1];
  };
  std::vector<std::uint64_t> mask((count + 63) / 64);
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_pair =
        i + pair.distance < text.size() && is_one_of(i, pair.first) && is_one_of(i + pair.distance, pair.second);
    const bool is_high = pair.or_high && (text[i] & 0x80) != 0;
    if (is_pair || is_high) mask[i / 64] |= std::uint64_t{1} << i % 64;
  }
  return mask;
}

void expect_places(const std::vector<char>& text, std::size_t count, const BytePair& pair) {
  const GuardedArray<char> guarded(text);
  const std::vector<std::uint64_t> expected = expected_places(text, count, pair);
  const GuardedArray<std::uint64_t> mask(expected.size());
  on_every_arch([&](auto arch) {
    std::fill_n(mask.data(), mask.size(), ~std::uint64_t{0});
    FindBytePairs{}(arch, guarded.data(), count, text.size(), &pair, mask.data());
    EXPECT_EQ(mask.copy(), expected) << count << " of " << text.size() << ", " << pair.distance << " apart";
  });
  find_byte_pairs(guarded.data(), count, text.size(), pair, mask.data());
  EXPECT_EQ(mask.copy(), expected);
}

TEST(BytePairsTest, FindsEveryPlaceAndNoOther) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes)
    for (const std::uint32_t distance : {0U, 1U, 3U, 31U, 64U, 200U})
      for (const bool or_high : {false, true}) {
        std::vector<char> text(size);
        for (char& byte : text) byte = "abAB\x80\xff"[random() % 6];
        const BytePair pair{{'a', 'A'}, {'b', 'b'}, distance, or_high};
        expect_places(text, size, pair);
        expect_places(text, size / 2, pair);  // of which pairs reach into the other half
      }
}

TEST(BytePairsTest, TakesBytesFrom0x80OnAsBytes) {
  const std::vector<char> text(130, '\xe9');
  expect_places(text, text.size(), {{0xe9, 0xe9}, {0xe9, 0xe9}, 1, false});
  expect_places(text, text.size(), {{0x69, 0x69}, {0x69, 0x69}, 1, false});
}

}  // namespace
}  // namespace sarsen::engine::kernels
