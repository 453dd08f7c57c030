// Texts by pieces of eight bytes are in the order that comparing them whole gives.

#include "ingest/incremental_index/text_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

using Text = std::optional<std::string_view>;

std::vector<Text> in_order(const std::vector<Text>& texts) {
  std::vector<Text> ordered;
  for (const std::uint32_t position : text_order(texts)) ordered.push_back(texts[position]);
  return ordered;
}

std::vector<Text> compared_whole(std::vector<Text> texts) {
  std::sort(texts.begin(), texts.end(),
            [](const Text& left, const Text& right) { return java_compare_nullable(left, right) < 0; });
  return texts;
}

TEST(TextOrder, PutsNullFirstThenTheEmptyText) {
  EXPECT_EQ(in_order({"b", std::nullopt, "", "a"}), (std::vector<Text>{std::nullopt, "", "a", "b"}));
  EXPECT_EQ(text_order({}), std::vector<std::uint32_t>{});
}

TEST(TextOrder, PutsSurrogatesBeforeTheLastOfThePlane) {
  std::vector<Text> texts;
  for (int i = 0; i < 10; ++i)  // more than are compared whole
    texts.insert(texts.end(), {"\xEF\xBF\xBD", "\xF0\x9F\x98\x80", "\xEE\x80\x80", "\xED\x9F\xBF", "z"});
  const std::vector<Text> ordered = in_order(texts);
  EXPECT_EQ(ordered.front(), "z");
  EXPECT_EQ(ordered[10], "\xED\x9F\xBF");
  EXPECT_EQ(ordered[20], "\xF0\x9F\x98\x80");
  EXPECT_EQ(ordered[30], "\xEE\x80\x80");
  EXPECT_EQ(ordered[40], "\xEF\xBF\xBD");
}

/// Few different bytes, so that prefixes are shared, with zeros, which look like the end of a text.
TEST(TextOrder, IsThatOfWholeTexts) {
  std::mt19937 random(7);
  const std::string alphabet("\0a\xC3\xEE\xEF\xF0\xF4", 7);
  std::vector<std::string> held(3000);
  for (std::string& text : held) {
    text.assign(random() % 3 * 24, 'p');  // further than one piece, and than pieces go
    for (std::size_t left = random() % 12; left != 0; --left) text += alphabet[random() % alphabet.size()];
  }
  std::vector<Text> texts(held.begin(), held.end());
  texts.emplace_back(std::nullopt);
  EXPECT_EQ(in_order(texts), compared_whole(texts));
}

}  // namespace
}  // namespace sarsen::ingest
