// The table of engine/README.md names every type that a query can have, and tells the truth about each.
#include <gtest/gtest.h>

#include <filesystem>
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

/// The text of all tests of a folder.
std::string tests_of(const std::string& folder) {
  std::stringstream text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_folder() / "tests/engine" / folder))
    if (entry.is_regular_file() && entry.path().filename() != "type_table_test.cc")
      text << std::ifstream(entry.path()).rdbuf();
  return text.str();
}

/// Whether a test names it in quotes, whole or as a family and the rest of the name: "KllFloatsSketch" + "ToCDF".
bool named(const std::string& tests, const std::string& name) {
  const auto quoted = [&](const std::string& piece) { return tests.find('"' + piece + '"') != std::string::npos; };
  for (std::size_t i = 5; i + 3 < name.size(); ++i)
    if (quoted(name.substr(0, i)) && quoted(name.substr(i))) return true;
  return quoted(name);
}

TEST(TypeTable, HasATestForEachType) {
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"query", "query"},       {"data source", "."},     {"filter", "filter"},
      {"aggregator", "."},      {"post-aggregator", "."}, {"extraction function", "extraction"},
      {"virtual column", "."},  {"dimension spec", "."},  {"having", "query"},
      {"topN metric", "query"}, {"granularity", "."}};
  for (const auto& [kind, folder] : kinds) {
    const std::string tests = tests_of(folder);
    for (const std::string& name : cell(kind, 1))
      EXPECT_TRUE(named(tests, name)) << "no test in tests/engine/" << folder << " names the " << kind << " " << name;
  }
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
