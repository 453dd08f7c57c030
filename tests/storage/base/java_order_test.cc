#include "storage/base/java_order.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sarsen {
namespace {

/// UTF-16 code units of a code point.
std::u16string utf16(char32_t code_point) {
  if (code_point <= 0xFFFF) return {static_cast<char16_t>(code_point)};
  return {static_cast<char16_t>(0xD800 + ((code_point - 0x10000) >> 10)),
          static_cast<char16_t>(0xDC00 + ((code_point - 0x10000) & 0x3FF))};
}

std::string utf8(char32_t code_point) {
  const auto part = [code_point](int shift) { return static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  if (code_point < 0x800) return {static_cast<char>(0xC0 | code_point >> 6), part(0)};
  if (code_point < 0x10000) return {static_cast<char>(0xE0 | code_point >> 12), part(6), part(0)};
  return {static_cast<char>(0xF0 | code_point >> 18), part(12), part(6), part(0)};
}

TEST(JavaOrder, PutsSurrogatesBeforeThePrivateUseArea) {
  EXPECT_TRUE(java_compare("\U0001F600", "\uFF01") < 0);
  EXPECT_TRUE(java_compare("\uE000", "\U0010FFFF") > 0);
  EXPECT_TRUE(java_compare("\uD7FF", "\U00010000") < 0);
  EXPECT_TRUE(java_compare("\uE000", "\uFFFD") < 0);
}

TEST(JavaOrder, PutsAPrefixFirst) {
  EXPECT_TRUE(java_compare("", "a") < 0);
  EXPECT_TRUE(java_compare("abcdefghij", "abcdefghijk") < 0);
  EXPECT_TRUE(java_compare("abcdefghij", "abcdefghij") == 0);
}

TEST(JavaOrder, PutsNullFirst) {
  EXPECT_TRUE(java_compare_nullable(std::nullopt, std::optional<std::string_view>("")) < 0);
  EXPECT_TRUE(java_compare_nullable(std::optional<std::string_view>(), std::nullopt) == 0);
}

TEST(JavaOrder, AgreesWithUtf16ForRandomStrings) {
  constexpr char32_t kPoints[] = {'a',    'b',    0x7F,   0x80,   0x7FF,   0x800,   0xD7FF,
                                  0xE000, 0xEFFF, 0xF000, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF};
  std::mt19937 random(7);
  const auto pick = [&random, &kPoints] { return kPoints[random() % std::size(kPoints)]; };
  for (int round = 0; round < 20000; ++round) {
    std::string left8, right8;
    std::u16string left16, right16;
    for (std::size_t shared = random() % 12; shared > 0; --shared) {
      const char32_t point = pick();
      left8 += utf8(point), right8 += utf8(point), left16 += utf16(point), right16 += utf16(point);
    }
    for (std::size_t own = random() % 3; own > 0; --own) {
      const char32_t left = pick(), right = pick();
      left8 += utf8(left), left16 += utf16(left), right8 += utf8(right), right16 += utf16(right);
    }
    EXPECT_TRUE(java_compare(left8, right8) == (left16 <=> right16));
  }
}

}  // namespace
}  // namespace sarsen
