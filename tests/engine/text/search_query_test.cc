// What a search finds: pieces anywhere in a text, of any letters, with and without regard to case.
#include "engine/text/search_query.h"

#include <gtest/gtest.h>

#include <string>

namespace sarsen::engine {
namespace {

bool finds(const std::string& value, const std::string& text, bool case_sensitive) {
  const Json query = Json(Json::Object{{"type", "contains"}, {"value", value}, {"caseSensitive", case_sensitive}});
  return parse_search_query(JsonField(query))->accepts(text);
}

TEST(SearchQuery, FindsAPieceWhereverItIs) {
  for (const bool case_sensitive : {false, true}) {
    for (const char* piece : {"z", "of z9", "az", "zz", "zaz", "aaz", " ", "9-9"}) {
      for (const std::string& around : {std::string(), std::string("a"), std::string("zz"), std::string(300, 'z')}) {
        const std::string text = around + piece + around;
        EXPECT_TRUE(finds(piece, text, case_sensitive)) << piece;
        EXPECT_EQ(finds(piece, around, case_sensitive), around.find(piece) != std::string::npos) << piece << around;
        EXPECT_FALSE(finds(text + "x", text, case_sensitive));
      }
    }
    EXPECT_TRUE(finds("", "", case_sensitive));
    EXPECT_FALSE(finds("a", "", case_sensitive));
  }
}

TEST(SearchQuery, IgnoresTheCaseOfAnyLetter) {
  EXPECT_TRUE(finds("WIKI", "the wiki", false));
  EXPECT_FALSE(finds("WIKI", "the wiki", true));
  EXPECT_TRUE(finds("\u00c9t\u00c9", "d'\u00e9t\u00e9", false));
  EXPECT_FALSE(finds("\u00e9", "e", false));
  EXPECT_TRUE(finds("k", "\u212a", false));  // the sign of Kelvin
  std::string lengthy(1000, 'x');
  lengthy.push_back('y');
  EXPECT_TRUE(finds("Y", lengthy, false));
  EXPECT_FALSE(finds("@[", "`{", false));  // no letters, next to them
}

}  // namespace
}  // namespace sarsen::engine
