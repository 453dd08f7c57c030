#include "engine/filter/filter_columns.h"

#include <gtest/gtest.h>

namespace sarsen::engine {
namespace {

using Names = std::vector<std::string>;

Names columns_of(const std::string& text) {
  const Json json = Json::parse(text);
  return columns_of(*parse_filter(JsonField(json)));
}

TEST(FilterColumns, AreThoseOfAllParts) {
  EXPECT_EQ(columns_of(R"({"type":"selector","dimension":"a","value":"x"})"), Names{"a"});
  EXPECT_EQ(columns_of(R"({"type":"columnComparison","dimensions":["b","a"]})"), (Names{"a", "b"}));
  EXPECT_EQ(columns_of(R"({"type":"expression","expression":"c > 1 && strlen(b) == d"})"), (Names{"b", "c", "d"}));
  EXPECT_EQ(columns_of(R"({"type":"and","fields":[{"type":"in","dimension":"c","values":["1","2"]},
      {"type":"not","field":{"type":"or","fields":[{"type":"null","column":"b"},
        {"type":"range","column":"a","matchValueType":"LONG","lower":1},
        {"type":"like","dimension":"c","pattern":"x%"}]}}]})"),
            (Names{"a", "b", "c"}));
  EXPECT_EQ(columns_of(R"({"type":"interval","dimension":"__time","intervals":["2020/2021"]})"), Names{"__time"});
  EXPECT_EQ(columns_of(R"({"type":"true"})"), Names{});
}

}  // namespace
}  // namespace sarsen::engine
