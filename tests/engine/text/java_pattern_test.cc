// Java's regular expressions: what find, matches, groups, replaceAll and split answer, and what is refused.

#include "engine/text/java_pattern.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

bool find(std::string_view pattern, std::string_view text) { return JavaPattern(pattern).find(text); }
bool matches(std::string_view pattern, std::string_view text) { return JavaPattern(pattern).matches(text); }

TEST(JavaPattern, FindsAnywhereAndMatchesTheWhole) {
  EXPECT_TRUE(find("b", "abc"));
  EXPECT_FALSE(matches("b", "abc"));
  EXPECT_TRUE(matches("a|ab", "ab"));  // tries on until the end is reached
  EXPECT_TRUE(matches("", ""));
  EXPECT_TRUE(find("", "abc"));
  EXPECT_FALSE(find("B", "abc"));
  EXPECT_TRUE(find(R"((.)\1)", "hello"));
  EXPECT_TRUE(find(R"(^(?<c>.)\k<c>$)", "aa"));
  EXPECT_TRUE(find(R"(\Qa.b\E+)", "a.bbb"));
  EXPECT_FALSE(find(R"(\Qa.b\E)", "axb"));
}

TEST(JavaPattern, LinesEndAsInJava) {
  EXPECT_TRUE(find("a$", "a\n"));
  EXPECT_TRUE(find("a$", "a\r\n"));
  EXPECT_TRUE(find("a$", "a\u2028"));
  EXPECT_FALSE(find("a$", "a\n\n"));
  EXPECT_FALSE(find("a.b", "a\nb"));
  EXPECT_FALSE(find("a.b", "a\u0085b"));
  EXPECT_TRUE(find("a.b", "a\vb"));
  EXPECT_TRUE(find("(?s)a.b", "a\nb"));
  EXPECT_TRUE(find("(?m)^b$", "a\nb\r\nc"));
  EXPECT_FALSE(find("^b", "a\nb"));
  EXPECT_FALSE(find("(?m)^$", "a\n"));
  EXPECT_TRUE(find("(?d)a.b", "a\rb"));
  EXPECT_TRUE(find("a\\Z", "a\n"));
  EXPECT_FALSE(find("a\\z", "a\n"));
}

TEST(JavaPattern, CaseIsThatOfAsciiUnlessAskedOtherwise) {
  EXPECT_TRUE(find("(?i)BERLIN", "berlin"));
  EXPECT_FALSE(find("(?i)\u00c9", "\u00e9"));
  EXPECT_TRUE(find("(?iu)\u00c9", "\u00e9"));
  EXPECT_TRUE(find("(?i)[a-c]+$", "ABC"));
  EXPECT_TRUE(find("(?i:a)b", "Ab"));
  EXPECT_FALSE(find("(?i:a)b", "AB"));
  EXPECT_TRUE(find("(?i)a(?-i)b", "Ab"));
  EXPECT_FALSE(find("(?i)a(?-i)b", "AB"));
}

TEST(JavaPattern, ClassesNestAndIntersect) {
  EXPECT_TRUE(matches("[a-d[m-p]]+", "adm"));
  EXPECT_TRUE(matches("[a-z&&[^aeiou]]+", "xyz"));
  EXPECT_FALSE(find("[a-z&&[^aeiou]]", "aeiou"));
  EXPECT_TRUE(matches("[a-z&&def]+", "fed"));
  EXPECT_TRUE(matches("[^a-c[x]]", "d"));
  EXPECT_FALSE(matches("[^a-c[x]]", "x"));
  EXPECT_TRUE(matches(R"([\d\-x]+)", "1-x"));
  EXPECT_TRUE(matches(R"([^\W\d]+)", "ab"));
  EXPECT_TRUE(matches("[a-]+", "-a"));
  EXPECT_TRUE(find(R"([^\x00-\x7F])", "M\u00fcnchen"));
}

TEST(JavaPattern, ClassesHaveJavasNames) {
  EXPECT_FALSE(find(R"(\d)", "\u0663"));
  EXPECT_TRUE(find(R"(\p{Nd})", "\u0663"));
  EXPECT_TRUE(find(R"(\p{IsCyrillic})", "\u041c"));
  EXPECT_TRUE(find(R"(\p{script=Greek})", "\u0391"));
  EXPECT_TRUE(find(R"(\p{Lower}\p{Punct}\pL)", "a!\u00e9"));
  EXPECT_FALSE(find(R"(\p{Alpha})", "\u00e9"));
  EXPECT_TRUE(find(R"(\P{Alpha})", "\u00e9"));
  EXPECT_TRUE(find(R"(\p{IsAlphabetic})", "\u00e9"));
  EXPECT_TRUE(find(R"(\bb)", "a b"));
  EXPECT_FALSE(find(R"(\bb)", "\u00e9b"));
  EXPECT_TRUE(find(R"(\u0041\x{1D4B3}\t)", "A\U0001d4b3\t"));
  EXPECT_TRUE(find(R"(\uD835\uDCB3)", "\U0001d4b3"));
  EXPECT_TRUE(find(R"(\0101)", "A"));
  EXPECT_TRUE(find("(?x) a b # c\n c", "abc"));
}

TEST(JavaPattern, GivesWhatGroupsHold) {
  const auto groups = JavaPattern("(a)|(b)").find_groups("xb");
  ASSERT_TRUE(groups);
  EXPECT_EQ(*groups, (JavaPattern::Groups{"b", std::nullopt, "b"}));
  EXPECT_FALSE(JavaPattern("(a)").find_groups("x"));
  EXPECT_EQ(JavaPattern("(a)(?:b)(c)").group_count(), 2U);
}

TEST(JavaPattern, Replaces) {
  const auto replace = [](std::string_view pattern, std::string_view text, std::string_view with) {
    return JavaPattern(pattern).replace_all(text, with);
  };
  EXPECT_EQ(replace("a*", "aab", "x"), "xxbx");
  EXPECT_EQ(replace("(a)(b)?", "ab a", "[$2$1]"), "[ba] [a]");
  EXPECT_EQ(replace("a", "aa", R"(\$1\\)"), R"($1\$1\)");
  EXPECT_EQ(replace("(?<x>a)", "ba", "${x}${x}"), "baa");
  EXPECT_EQ(replace("(a)", "a", "$12"), "a2");
  EXPECT_EQ(replace("z", "a", "$9"), "a");
  EXPECT_EQ(replace("", "\u00e9a", "-"), "-\u00e9-a-");
  EXPECT_THROW(replace("a", "a", "$1"), Error);
  EXPECT_THROW(replace("a", "a", "$"), Error);
  EXPECT_EQ(quoted_replacement("a$1\\"), "a\\$1\\\\");
  EXPECT_TRUE(matches(quoted_pattern("a.\\Eb"), "a.\\Eb"));
}

TEST(JavaPattern, Splits) {
  using Pieces = std::vector<std::string>;
  EXPECT_EQ(JavaPattern(",").split("a,b,,"), (Pieces{"a", "b"}));
  EXPECT_EQ(JavaPattern(",").split(",a"), (Pieces{"", "a"}));
  EXPECT_EQ(JavaPattern("").split("ab"), (Pieces{"a", "b"}));
  EXPECT_EQ(JavaPattern(",").split(""), (Pieces{""}));
  EXPECT_EQ(JavaPattern(",").split(",,"), (Pieces{}));
}

TEST(JavaPattern, RefusesWhatJavaRefuses) {
  for (const std::string_view pattern : {"(", ")", "[", "*a", "a{", "a{,2}", "a{3,2}", R"(\y)", "[b-a]", "(?q)",
                                         R"(\p{Nonsense})", R"(\)", "(?<1>a)", "[]"})
    EXPECT_THROW(JavaPattern{pattern}, Error) << pattern;
}

TEST(JavaPattern, SaysWhatItCannotDo) {
  for (const std::string_view pattern : {R"(\p{InGreek})", R"(\N{LATIN SMALL LETTER A})", "(?<=a{1,3})b"}) {
    try {
      JavaPattern{pattern};
      ADD_FAILURE() << pattern;
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kUnsupported) << pattern << ": " << error.what();
    }
  }
}

TEST(JavaPattern, EndsCatastrophicSearches) {
  const std::string text(64, 'a');
  EXPECT_THROW(find("(a|aa)+$", text + "b"), Error);
  EXPECT_FALSE(find("(x+x+)+y", std::string(64, 'x')));  // no y anywhere
}

TEST(JavaPattern, ReadsMalformedTextAsJavaDecodesIt) {
  EXPECT_TRUE(find("a\uFFFD", "a\xff"));
  EXPECT_EQ(JavaPattern("a").replace_all("a\xff", "b"), "b\uFFFD");
}

}  // namespace
}  // namespace sarsen::engine
