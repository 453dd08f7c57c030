#include "storage/nested/json_path.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

TEST(JsonPath, ReadsKeysAndPositions) {
  EXPECT_EQ(parse_json_path("$"), JsonPath());
  EXPECT_EQ(parse_json_path("$."), JsonPath());
  EXPECT_EQ(parse_json_path("$.a.b[0]"), (JsonPath{"a", "b", 0U}));
  EXPECT_EQ(parse_json_path("$[12].x"), (JsonPath{12U, "x"}));
  EXPECT_EQ(parse_json_path("$['a.b']['it's'][3].c"), (JsonPath{"a.b", "it's", 3U, "c"}));
  EXPECT_EQ(parse_json_path("$.['dot.key'].a"), (JsonPath{"dot.key", "a"}));  // as early versions of Druid 25 wrote it
}

TEST(JsonPath, ReadsTheFormOfDruid24) {
  EXPECT_EQ(parse_jq_path("."), JsonPath());
  EXPECT_EQ(parse_jq_path(R"(."a"."b.c"[0])"), (JsonPath{"a", "b.c", 0U}));
  EXPECT_EQ(parse_jq_path(".[1].\"x\""), (JsonPath{1U, "x"}));
}

TEST(JsonPath, IsWrittenInTheLaterForm) {
  for (const char* text : {"$", "$.a.b[0]", "$['a.b'].c", "$[1][2]", "$['q\"']"})
    EXPECT_EQ(json_path_text(parse_json_path(text)), text);
  EXPECT_EQ(json_path_text(parse_jq_path(R"(."a"."b.c"[0])")), "$.a['b.c'][0]");
}

TEST(JsonPath, RefusesOtherText) {
  for (const char* text :
       {"", "a", "$a", "$..a", "$.a.", "$[", "$[x]", "$[1", "$[-1]", "$[99999999999]", "$['a", "$['a']b"})
    EXPECT_THROW(parse_json_path(text), Error) << text;
  for (const char* text : {"a", ".a", ".\"a", ".\"a\"b", ".[", ".[x]"})
    EXPECT_THROW(parse_jq_path(text), Error) << text;
}

}  // namespace
}  // namespace sarsen::storage
