// The table of engine/README.md names every type that a query can have, and tells the truth about each.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "engine/aggregator/aggregator.h"
#include "engine/data_source/data_source.h"
#include "engine/extraction/extraction_function.h"
#include "engine/filter/filter.h"
#include "engine/post_aggregator/post_aggregator.h"
#include "engine/query/query.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"
#include "tests/support/checkout.h"

namespace sarsen::engine {
namespace {

using Names = std::set<std::string>;

// The words of one cell of a row "| kind | works | refused by name |".
Names cell(const std::string& kind, std::size_t column) {
  std::ifstream readme(source_folder() / "engine/README.md");
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with("| " + kind + " |")) continue;
    std::stringstream cells(line.substr(1));
    std::string text;
    for (std::size_t i = 0; i <= column; ++i) std::getline(cells, text, '|');
    std::stringstream words(text);
    Names names;
    for (std::string word; std::getline(words, word, ',');) {
      const std::size_t begin = word.find('`');
      if (begin != std::string::npos) names.insert(word.substr(begin + 1, word.rfind('`') - begin - 1));
    }
    return names;
  }
  ADD_FAILURE() << "engine/README.md has no row for " << kind;
  return {};
}

template <class Registry>
void expect_listed(const std::string& kind, const Registry& registry) {
  Names built;
  for (const auto& type : registry.types()) built.emplace(type.type);
  std::string row;
  for (const std::string& name : built) row += (row.empty() ? "`" : ", `") + name + "`";
  EXPECT_EQ(cell(kind, 1), built) << kind << " | " << row;
}

TEST(TypeTable, ListsWhatIsBuilt) {
  expect_listed("query", queries());
  expect_listed("data source", data_source_types());
  expect_listed("filter", filters());
  expect_listed("aggregator", aggregators());
  expect_listed("post-aggregator", post_aggregators());
  expect_listed("extraction function", extractions());
  expect_listed("virtual column", virtual_columns());
}

// Parses {"type": name} and wants the answer "not part of this version", or "disabled".
template <class Parse>
void expect_refused(const std::string& kind, Parse parse) {
  for (const std::string& name : cell(kind, 2)) {
    try {
      parse(Json(Json::Object{{"type", name}, {"queryType", name}, {"name", "n"}}));
      ADD_FAILURE() << kind << " " << name << " is taken";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("unknown"), std::string::npos) << error.what();
    }
  }
}

TEST(TypeTable, ListsWhatIsRefused) {
  expect_refused("query", [](const Json& json) { parse_query(json); });
  expect_refused("aggregator", [](const Json& json) { parse_aggregator(JsonField(json)); });
}

}  // namespace
}  // namespace sarsen::engine
