#include "ingest/s3/object_glob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

bool matches(std::string_view glob, std::string_view key) { return ObjectGlob(glob).matches(key); }

std::string problem_of(std::string_view glob) {
  try {
    const ObjectGlob tried(glob);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(ObjectGlobTest, StarsStopAtSlashesAndTwoDoNot) {
  EXPECT_TRUE(matches("*.json", "a.json"));
  EXPECT_FALSE(matches("*.json", "folder/a.json"));
  EXPECT_TRUE(matches("**.json", "folder/sub/a.json"));
  EXPECT_TRUE(matches("folder/*/a.json", "folder/sub/a.json"));
  EXPECT_FALSE(matches("folder/*/a.json", "folder/sub/more/a.json"));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("a?c", "a/c"));
  EXPECT_TRUE(matches("a.b", "a.b"));
  EXPECT_FALSE(matches("a.b", "axb")) << "a point is a point";
}

TEST(ObjectGlobTest, KnowsClassesAndAlternatives) {
  EXPECT_TRUE(matches("part-[0-3].gz", "part-2.gz"));
  EXPECT_FALSE(matches("part-[0-3].gz", "part-4.gz"));
  EXPECT_TRUE(matches("part-[!0-3].gz", "part-4.gz"));
  EXPECT_FALSE(matches("a[!b]c", "a/c")) << "a slash is in no class";
  EXPECT_TRUE(matches("a[-x]", "a-"));
  EXPECT_TRUE(matches("a[^x]", "a^"));
  EXPECT_TRUE(matches("a[[&&x]", "a["));
  EXPECT_TRUE(matches("*.{json,csv}", "a.csv"));
  EXPECT_TRUE(matches("{,b}a", "a"));
  EXPECT_FALSE(matches("*.{json,csv}", "a.tsv"));
  EXPECT_TRUE(matches(R"(\*)", "*"));
  EXPECT_FALSE(matches(R"(\*)", "a"));
  EXPECT_TRUE(matches("a}", "a}"));
  EXPECT_TRUE(matches("a+(b)|$", "a+(b)|$"));
}

TEST(ObjectGlobTest, SeesKeysAsPaths) {
  EXPECT_TRUE(matches("a/b", "a//b/"));
  EXPECT_FALSE(matches("a/b/", "a/b/"));
}

TEST(ObjectGlobTest, SaysWhereItIsNone) {
  EXPECT_THAT(problem_of("a{b"), testing::HasSubstr("at character 3: a { is not closed"));
  EXPECT_THAT(problem_of("a{b{c}}"), testing::HasSubstr("{ within {"));
  EXPECT_THAT(problem_of("a[b"), testing::HasSubstr("a [ is not closed"));
  EXPECT_THAT(problem_of("a[/]"), testing::HasSubstr("slash"));
  EXPECT_THAT(problem_of("a\\"), testing::HasSubstr("backslash"));
}

}  // namespace
}  // namespace sarsen::ingest
