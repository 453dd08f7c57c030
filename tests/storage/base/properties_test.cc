#include "storage/base/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "storage/base/error.h"

namespace sarsen {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Case {
  const char* text;
  Pairs expected;
};

// What java.util.Properties makes of each text.
const Case kCases[] = {
    {"a=b", {{"a", "b"}}},
    {"a = b ", {{"a", "b "}}},
    {"a:b", {{"a", "b"}}},
    {"a b", {{"a", "b"}}},
    {"a   b c", {{"a", "b c"}}},
    {"  a=b", {{"a", "b"}}},
    {"a", {{"a", ""}}},
    {"a=", {{"a", ""}}},
    {"=b", {{"", "b"}}},
    {"a==b", {{"a", "=b"}}},
    {"a= =b", {{"a", "=b"}}},
    {"a=:b", {{"a", ":b"}}},
    {"a : = b", {{"a", "= b"}}},
    {"# c\012a=1\012! d\012b=2", {{"a", "1"}, {"b", "2"}}},
    {"a=b\\\012   c", {{"a", "bc"}}},
    {"a=b\\\\\012c=d", {{"a", "b\\"}, {"c", "d"}}},
    {"a\\=x=1", {{"a=x", "1"}}},
    {"a\\ b=1", {{"a b", "1"}}},
    {"a\\:b:c", {{"a:b", "c"}}},
    {"a=\\u0041\\t\\n\\z", {{"a", "A\011\012z"}}},
    {"a=1\015\012b=2\015c=3\012\012\012", {{"a", "1"}, {"b", "2"}, {"c", "3"}}},
    {"a=b\\", {{"a", "b"}}},
    {"a\\\012 b=c", {{"ab", "c"}}},
    {"a=1\012a=2", {{"a", "1"}, {"a", "2"}}},
    {"\303\251=\303\274", {{"\303\251", "\303\274"}}},
    {"a=\\ud83d\\ude00", {{"a", "\360\237\230\200"}}},
    {"a=b\\\012#c", {{"a", "b#c"}}},
    {"a=b\\\015\012c", {{"a", "bc"}}},
    {"   \012\011\014\012", {}},
    {"a\011b", {{"a", "b"}}},
    {"a=\\\012\012 b=1", {{"a", ""}, {"b", "1"}}},
    {"a\\u003d=1", {{"a=", "1"}}},
    {"#x\\\012a=1", {{"a", "1"}}},
    {"a=b \\\012  c \\\012  d", {{"a", "b c d"}}},
    {"druid.x.y=[\"a\", \"b\"]", {{"druid.x.y", "[\"a\", \"b\"]"}}},
    {"\\", {{"", ""}}},
    {"a=b\\\012\\\012c=d", {{"a", "bc=d"}}},
    {"\\\012 a=1", {{"a", "1"}}},
};

TEST(Properties, ReadsFilesAsJava) {
  for (const Case& expected : kCases) {
    Pairs pairs;
    for (Property& property : parse_properties(expected.text)) pairs.emplace_back(property.name, property.value);
    EXPECT_EQ(pairs, expected.expected) << expected.text;
  }
}

TEST(Properties, KnowsTheLineOfEachProperty) {
  const std::vector<Property> properties = parse_properties("# first\n\na=1\\\n  2\r\nb=3\n");
  ASSERT_EQ(properties.size(), 2u);
  EXPECT_EQ(properties[0], (Property{"a", "12", 3}));
  EXPECT_EQ(properties[1], (Property{"b", "3", 5}));
}

TEST(Properties, ReplacesHalfASurrogatePair) {
  EXPECT_EQ(parse_properties("a=\\ud83dx")[0].value, "\uFFFDx");
  EXPECT_EQ(parse_properties("a=\\ude00")[0].value, "\uFFFD");
}

TEST(Properties, NamesTheLineOfAMalformedEscape) {
  for (const char* text : {"a=1\nb=\\u12", "a=1\nb=\\u12x4", "a=1\nb=\\u"}) {
    try {
      parse_properties(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
      EXPECT_THAT(error.what(), testing::HasSubstr("line 2"));
    }
  }
}

TEST(Properties, SkipsAByteOrderMark) {
  EXPECT_EQ(parse_properties("\xEF\xBB\xBF"
                             "a=1")[0]
                .name,
            "a");
}

}  // namespace
}  // namespace sarsen
