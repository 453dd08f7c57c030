#include "ingest/row/jq_path.h"

#include <gtest/gtest.h>

#include "ingest/row/raw_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kRoot =
    R"({"id":9223372036854775807,"a b":{"c":[1,[2,3]]},"n":null,"t":"x","list":[{"v":0.5},true]})";

/// The value as JSON, or what is wrong.
std::string find(std::string_view program) {
  const auto path = JqPath::parse(program);
  if (!path) return "not a path";
  try {
    RowArena arena;
    return json_of(path->find(raw_of(Json::parse(kRoot), arena))).dump();
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(JqPathTest, FindsMembersAndElements) {
  EXPECT_EQ(find(".id"), "9223372036854775807");
  EXPECT_EQ(find("."), Json::parse(kRoot).dump());
  EXPECT_EQ(find(".[\"a b\"].c[1][0]"), "2");
  EXPECT_EQ(find(".\"a b\".c[-1]"), "[2,3]");
  EXPECT_EQ(find(".list[0].v"), "0.5");
}

TEST(JqPathTest, GivesNullWhereNothingIs) {
  for (const char* program : {".n", ".n.x.y", ".missing[3].z", ".list[7]", ".list[-7]"})
    EXPECT_EQ(find(program), "null") << program;
}

TEST(JqPathTest, FailsInTheWordsOfJq) {
  EXPECT_EQ(find(".t.x"), "The jq program fails: Cannot index string with \"x\"");
  EXPECT_EQ(find(".id[0]"), "The jq program fails: Cannot index number with number");
  EXPECT_EQ(find(".list.v"), "The jq program fails: Cannot index array with \"v\"");
}

TEST(JqPathTest, LeavesTheRestToJq) {
  for (const char* program :
       {"", "a", ".a[]", ".a?", "..", ".a.", ".a[1:2]", ".a|.b", ".a + 1", ".\"\\u0061\"", ".a.[0]"})
    EXPECT_EQ(find(program), "not a path") << program;
}

}  // namespace
}  // namespace sarsen::ingest
