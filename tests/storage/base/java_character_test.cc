#include "storage/base/java_character.h"

#include <gtest/gtest.h>

namespace sarsen {
namespace {

TEST(JavaCharacter, KnowsDigitsOfAllScripts) {
  EXPECT_EQ(java_digit('0'), 0);
  EXPECT_EQ(java_digit('9'), 9);
  EXPECT_EQ(java_digit('/'), -1);
  EXPECT_EQ(java_digit(':'), -1);
  EXPECT_EQ(java_digit(0x0665), 5);
  EXPECT_EQ(java_digit(0xFF19), 9);
  EXPECT_EQ(java_digit(0xFF1A), -1);
  EXPECT_EQ(java_digit(0), -1);
  EXPECT_EQ(with_ascii_digits("a\u0661b\u0967"), "a1b1");
  EXPECT_EQ(with_ascii_digits("plain 7"), "plain 7");
}

TEST(JavaCharacter, FoldsCaseAsJava) {
  EXPECT_EQ(ignoring_case("AZaz[@"), "azaz[@");
  EXPECT_EQ(ignoring_case("\u00C9\u00D7\u00DF\u1E9E"), "\u00E9\u00D7\u00DF\u00DF");
  EXPECT_EQ(ignoring_case("\u0130\u0131\u212A\u017F"), "iiks");
  EXPECT_EQ(ignoring_case("\u0100\u0101\u0391\u03C2\u03A3"), "\u0101\u0101\u03B1\u03C3\u03C3");
  EXPECT_EQ(ignoring_case("\U00010400"), "\U00010400");
  EXPECT_EQ(ignoring_case("\xFF"), "\uFFFD");
}

}  // namespace
}  // namespace sarsen
