#include "engine/sketch/murmur3.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/sketch/utf16.h"

namespace sarsen::engine::sketch {
namespace {

Hash128 of_utf16(std::string_view text, std::uint64_t seed) {
  std::vector<std::byte> bytes;
  to_utf16_le(text, bytes);
  return murmur3(bytes, seed);
}

TEST(Murmur3, HashesTextAsGuava) {
  EXPECT_EQ(murmur3("foo", kGuavaSeed).low, 0xe271865701f54561);
  EXPECT_EQ(murmur3("foo", kGuavaSeed).high, 0x7eaf87e42bba7d87);
  EXPECT_EQ(murmur3("druid", kGuavaSeed).low, 0x37c5b022d22796a3);
  EXPECT_EQ(of_utf16("foo", kGuavaSeed).low, 0x4847d999b02c5b2c);
  EXPECT_EQ(of_utf16("druid", kGuavaSeed).high, 0x95dcf5532f02d6fd);
  EXPECT_EQ(murmur3("", kGuavaSeed).low, 0);
  EXPECT_EQ(murmur3("", kGuavaSeed).high, 0);
}

TEST(Murmur3, HashesNumbersAsGuava) {
  EXPECT_EQ(murmur3(std::int64_t{0}, kGuavaSeed).low, 0x28df63b7cc57c3cb);
  EXPECT_EQ(murmur3(std::int64_t{1}, kGuavaSeed).high, 0x3d8acdb4d36d9c06);
  EXPECT_EQ(murmur3(std::int64_t{-1}, kGuavaSeed).low, 0xa0e4b27a1abaed73);
}

TEST(Murmur3, HashesAsDataSketches) {
  EXPECT_EQ(murmur3("foo", kDataSketchesSeed).low, 0x60b40bb91e660e3f);
  EXPECT_EQ(murmur3("foo", kDataSketchesSeed).high, 0x46ebfe1d11b1981c);
  EXPECT_EQ(of_utf16("foo", kDataSketchesSeed).low, 0x168118e1befc29bc);
  EXPECT_EQ(murmur3(std::int64_t{1}, kDataSketchesSeed).high, 0xe8ea0960d4246765);
  EXPECT_EQ(murmur3(static_cast<std::int64_t>(kDataSketchesSeed), 0).low & 0xffff, kDataSketchesSeedHash);
}

TEST(Murmur3, HashesMoreThanOneBlockAndEveryTail) {
  // Of the reference implementation: the text "The quick brown fox jumps over the lazy dog".
  const Hash128 hash = murmur3("The quick brown fox jumps over the lazy dog", 0);
  EXPECT_EQ(hash.low, 0xe34bbc7bbc071b6c);
  EXPECT_EQ(hash.high, 0x7a433ca9c49a9347);
}

TEST(Murmur3, TakesOneBitPatternForZeroAndOneForNotANumber) {
  EXPECT_EQ(canonical_bits(-0.0), canonical_bits(0.0));
  EXPECT_EQ(canonical_bits(-std::numeric_limits<double>::quiet_NaN()), 0x7ff8000000000000);
}

TEST(Utf16, SplitsWhatLiesOutsideTheBasicPlane) {
  std::vector<std::byte> bytes;
  to_utf16_le("a\xF0\x9F\x98\x80", bytes);
  const std::vector<std::byte> wanted = {std::byte{'a'},  std::byte{0},    std::byte{0x3d},
                                         std::byte{0xd8}, std::byte{0x00}, std::byte{0xde}};
  EXPECT_EQ(bytes, wanted);
}

}  // namespace
}  // namespace sarsen::engine::sketch
