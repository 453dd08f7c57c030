// Columns of JSON without their documents: those of a segment of Druid, with the documents taken away.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "storage/base/error.h"
#include "storage/base/smile_reader.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

StoredFiles golden_files() { return map_directory(source_folder() / "tests/golden/segments/druid-37.0.0-types"); }

// Without the logical files whose names contain `word`.
StoredFiles without(StoredFiles files, std::string_view word) {
  const std::span<const std::byte> meta = files.at("meta.smoosh").bytes;
  std::string_view rest(reinterpret_cast<const char*>(meta.data()), meta.size());
  std::string kept;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    if (line.find(word) == std::string_view::npos) kept += line;
    rest.remove_prefix(line.size());
  }
  const std::shared_ptr<std::byte[]> bytes(new std::byte[kept.size()]);
  std::memcpy(bytes.get(), kept.data(), kept.size());
  files.at("meta.smoosh") = {std::span<const std::byte>(bytes.get(), kept.size()), bytes};
  return files;
}

bool holds_objects(const Json& json) {
  return std::any_of(json.array().begin(), json.array().end(), [](const Json& element) { return element.is_object(); });
}

// What fields keep of a value: nulls that are members are gone, booleans are numbers.
Json kept_by_fields(const Json& json) {
  if (json.is_bool()) return std::int64_t{json.boolean()};
  if (json.is_array() && !holds_objects(json)) return json;
  if (json.is_array()) {
    Json::Array elements;
    for (const Json& element : json.array()) elements.push_back(kept_by_fields(element));
    while (!elements.empty() && elements.back().is_null()) elements.pop_back();
    return elements.empty() ? Json() : Json(std::move(elements));
  }
  if (!json.is_object()) return json;
  Json::Object members;
  for (const auto& [key, value] : json.object()) {
    Json kept = kept_by_fields(value);
    if (!kept.is_null()) members.emplace_back(key, std::move(kept));
  }
  return members.empty() ? Json() : Json(std::move(members));
}

Json with_sorted_keys(const Json& json) {
  if (json.is_array()) {
    Json::Array elements;
    for (const Json& element : json.array()) elements.push_back(with_sorted_keys(element));
    return Json(std::move(elements));
  }
  if (!json.is_object()) return json;
  Json::Object members;
  for (const auto& [key, value] : json.object()) members.emplace_back(key, with_sorted_keys(value));
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return Json(std::move(members));
}

TEST(JsonRebuild, SaysWhatTheDocumentsSay) {
  const auto whole = open_stored_segment(golden_files(), "whole");
  const auto rebuilt = open_stored_segment(without(golden_files(), ".__raw"), "rebuilt");
  std::size_t objects = 0;
  for (const char* name : {"nested", "js", "auto_nested"}) {
    EXPECT_TRUE(rebuilt->column(name)->encoding().ends_with("no documents"));
    const auto documents = whole->column(name)->structured_reader();
    const auto values = rebuilt->column(name)->structured_reader();
    for (std::uint32_t row = 0; row < whole->row_count(); ++row) {
      const Json document = documents->read(row);
      Json wanted = kept_by_fields(document);
      if (wanted.is_null() && !document.is_null()) wanted = Json(Json::Object());
      ASSERT_EQ(with_sorted_keys(values->read(row)).dump(), with_sorted_keys(wanted).dump()) << name << ", row " << row;
      objects += document.is_object() ? 1 : 0;
    }
  }
  EXPECT_GT(objects, 400u);
}

TEST(JsonRebuild, GivesDocumentsOfWhatItPutTogether) {
  const auto rebuilt = open_stored_segment(without(golden_files(), ".__raw"), "rebuilt");
  const Column& column = *rebuilt->column("auto_nested");
  const auto documents = column.complex_reader();
  const auto values = column.structured_reader();
  for (std::uint32_t row = 0; row < column.row_count(); ++row) {
    const auto bytes = documents->read(row);
    const Json value = values->read(row);
    ASSERT_EQ(bytes.has_value(), !value.is_null()) << row;
    if (!bytes) continue;
    ASSERT_EQ(parse_smile(*bytes).dump(), value.dump()) << row;
  }
}

TEST(JsonRebuild, PutsKeysInTheOrderOfPaths) {
  const auto rebuilt = open_stored_segment(without(golden_files(), ".__raw"), "rebuilt");
  EXPECT_EQ(rebuilt->column("auto_nested")->structured_reader()->read(0).dump(),
            R"({"a":1,"d":8.75,"li":[14,19,29],"o":{"a":7,"d":7.75},"s":"v9","dot.key":0})");
}

TEST(JsonRebuild, NamesTheFileOfAFieldThatIsMissing) {
  const auto segment = open_stored_segment(without(golden_files(), "nested.__field_3,"), "segment");
  const Column& column = *segment->column("nested");
  try {
    column.nested_fields()->column(3);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "segment, column nested, nested.__field_3: no such logical file");
  }
  EXPECT_TRUE(column.structured_reader()->read(0).is_object());  // the documents are whole
}

}  // namespace
}  // namespace sarsen::storage
