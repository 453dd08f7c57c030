#include "engine/text/like_pattern.h"

#include <gtest/gtest.h>

namespace sarsen::engine {
namespace {

bool like(std::string_view text, std::string_view pattern, std::string_view escape = {}) {
  return LikePattern(pattern, escape).matches(text);
}

TEST(LikePattern, MatchesTheWholeText) {
  EXPECT_TRUE(like("", ""));
  EXPECT_TRUE(like("", "%"));
  EXPECT_FALSE(like("a", ""));
  EXPECT_TRUE(like("abc", "a%"));
  EXPECT_TRUE(like("abc", "%c"));
  EXPECT_TRUE(like("abc", "%b%"));
  EXPECT_TRUE(like("abcabc", "a%c"));
  EXPECT_TRUE(like("ab", "ab%%"));
  EXPECT_FALSE(like("ab", "ab%b"));
  EXPECT_FALSE(like("abc", "A%"));
  EXPECT_TRUE(like("aXbXc", "a%X%c"));
  EXPECT_TRUE(like("line\nbreak", "line_break"));
}

TEST(LikePattern, OneCharacterIsACodePoint) {
  EXPECT_TRUE(like("\U0001d4b3-town", "_-town"));
  EXPECT_FALSE(like("\U0001d4b3-town", "__-town"));
  EXPECT_TRUE(like("M\u00fcnchen", "M_nchen"));
  EXPECT_TRUE(like("\u00e9", "%_"));
  EXPECT_FALSE(like("", "_"));
  EXPECT_TRUE(like("abcd", "%b_%"));
  EXPECT_TRUE(like("xaybz", "%a_b_"));
  EXPECT_FALSE(like("ab", "%a_b"));
}

TEST(LikePattern, TheEscapeMakesTheNextLiteral) {
  EXPECT_TRUE(like("50%", "50!%", "!"));
  EXPECT_FALSE(like("500", "50!%", "!"));
  EXPECT_TRUE(like("a!b", "a!!b", "!"));
  EXPECT_TRUE(like("/shop", "/\\shop", "\\"));
  EXPECT_TRUE(like("a", "a!", "!"));
  EXPECT_TRUE(like("back\\slash", "back\\slash"));
}

TEST(LikePattern, KnowsItsPrefix) {
  EXPECT_EQ(LikePattern("ab%c").prefix(), "ab");
  EXPECT_EQ(LikePattern("a!%b_", "!").prefix(), "a%b");
  EXPECT_TRUE(LikePattern("ab").is_literal());
  EXPECT_TRUE(LikePattern("ab%").is_prefix());
  EXPECT_TRUE(LikePattern("ab%%").is_prefix());
  EXPECT_FALSE(LikePattern("ab%c").is_prefix());
  EXPECT_FALSE(LikePattern("a_%").is_prefix());
}

}  // namespace
}  // namespace sarsen::engine
