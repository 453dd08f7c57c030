#include "engine/ordering/string_comparator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "tests/support/checkout.h"

namespace sarsen::engine {
namespace {

char sign(int order) { return order < 0 ? '<' : order > 0 ? '>' : '='; }

std::string shown(std::optional<std::string_view> word) { return word ? '"' + std::string(*word) + '"' : "null"; }

void check_order(const StringComparator& comparator, const Json& golden) {
  std::vector<std::optional<std::string_view>> words;
  for (const Json& word : golden.find("words")->array())
    words.push_back(word.is_null() ? std::nullopt : std::optional<std::string_view>(word.string()));
  for (std::size_t left = 0; left < words.size(); ++left) {
    const std::string& row = golden.find("rows")->array()[left].string();
    for (std::size_t right = left; right < words.size(); ++right) {
      const std::string pair = std::string(comparator.name()) + ": " + shown(words[left]) + " " + shown(words[right]);
      const int order = comparator.compare(words[left], words[right]);
      EXPECT_EQ(sign(order), row[right - left]) << pair;
      EXPECT_EQ(sign(comparator.compare(words[right], words[left])), sign(-order)) << pair;
    }
  }
}

// Each row holds how stock Druid compares one word with itself and all later words.
TEST(StringComparator, OrdersPairsAsDruid) {
  const MappedFile file(source_folder() / "tests/golden/ordering/druid-33.0.0.json");
  const Json golden = Json::parse(file.text());
  EXPECT_EQ(golden.object().size(), 5u);
  for (const auto& [name, order] : golden.object()) {
    const auto comparator = find_string_comparator(name);
    ASSERT_NE(comparator, nullptr) << name;
    check_order(*comparator, order);
  }
}

/// Of what follows a hyphen Maven compares just the first number with nothing.
TEST(StringComparator, TakesSmallNegativeNumbersForTheVersionZero) {
  const auto version = find_string_comparator("version");
  EXPECT_EQ(version->compare("-0.5", "0"), 0);
  EXPECT_GT(version->compare("-1.5", "0"), 0);
}

std::string parsed(const char* text) {
  const Json json = Json::parse("{\"ordering\":" + std::string(text) + "}");
  return std::string(parse_string_comparator(JsonField(json)["ordering"], "lexicographic")->name());
}

TEST(StringComparator, IsFoundByNameOrType) {
  EXPECT_EQ(parsed("\"numeric\""), "numeric");
  EXPECT_EQ(parsed("\"StrLen\""), "strlen");
  EXPECT_EQ(parsed(R"({"type":"version"})"), "version");
  EXPECT_EQ(parsed("null"), "lexicographic");
  EXPECT_EQ(find_string_comparator("nothing"), nullptr);
}

TEST(StringComparator, SuggestsAName) {
  try {
    parsed("\"numerical\"");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("(did you mean \"numeric\"?)"));
  }
}

}  // namespace
}  // namespace sarsen::engine
