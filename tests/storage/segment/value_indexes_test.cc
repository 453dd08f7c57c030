// The dictionaries, ids and bitmap indexes of segments that Druid wrote, against the values of their rows: of columns
// of strings, of auto columns, of the elements of arrays and of every field of columns of JSON.
#include <gtest/gtest.h>

#include <bit>
#include <map>

#include "storage/nested/json_path.h"
#include "tests/storage/segment/druid_folders.h"
#include "tests/storage/segment/row_values.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kRowsMax = 1000;  // larger segments only have more of the same

struct Tally {
  std::size_t strings = 0;
  std::size_t values = 0;  // columns with a value dictionary
  std::size_t fields = 0;
  std::size_t elements = 0;
};

using RowSet = std::vector<std::uint64_t>;

void add_row(RowSet& rows, std::uint32_t row) { rows[row / 64] |= 1ULL << row % 64; }

void expect_bitmap(const BitmapIndex& index, std::uint32_t id, const RowSet& wanted) {
  RowSet words(wanted.size());
  index.or_into(id, words);
  std::uint64_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::uint64_t>(std::popcount(word));
  ASSERT_EQ(index.cardinality(id), count) << "id " << id;
  ASSERT_EQ(words, wanted) << "id " << id;
}

// The bitmap of each value holds exactly the rows that hold the value; in multi-value columns that of null also holds
// the empty rows.
void compare_strings(const Column& column, Tally& tally) {
  const std::uint32_t rows = column.row_count();
  std::vector<RowSet> wanted(column.dictionary()->size(), RowSet((rows + 63) / 64));
  const bool has_null = column.dictionary()->value(0).value_or("").empty();  // old versions wrote null as empty
  const auto reader = column.string_reader();
  std::uint32_t scratch = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (!column.multiple_values()) {
      add_row(wanted[*reader->read_ids(row, 1, &scratch)], row);
      continue;
    }
    const StringReader::Lists lists = reader->read_lists(row, 1);
    if (lists.offsets[1] == lists.offsets[0] && has_null) add_row(wanted[0], row);
    for (std::uint32_t i = lists.offsets[0]; i < lists.offsets[1]; ++i) add_row(wanted[lists.ids[i]], row);
  }
  for (std::uint32_t id = 0; id < wanted.size(); ++id) expect_bitmap(*column.bitmap_index(), id, wanted[id]);
  ++tally.strings;
}

void compare_elements(const Column& column, RowValues& values, Tally& tally) {
  const RowSet none((column.row_count() + 63) / 64);
  std::map<std::string, RowSet> wanted;
  for (std::uint32_t row = 0; row < column.row_count(); ++row) {
    const Json value = values.at(row);
    if (!value.is_array()) continue;
    for (const Json& element : value.array()) add_row(wanted.try_emplace(element.dump(), none).first->second, row);
  }
  ASSERT_EQ(column.element_dictionary()->size(), wanted.size());
  for (std::uint32_t id = 0; id < column.element_dictionary()->size(); ++id) {
    const auto found = wanted.find(column.element_dictionary()->value(id).dump());
    ASSERT_NE(found, wanted.end());
    expect_bitmap(*column.element_index(), id, found->second);
    ++tally.elements;
  }
}

// What the ids say is what the other readers say, and the bitmaps say it, too.
void compare_value_column(const Column& column, Tally& tally) {
  const ValueDictionary& dictionary = *column.value_dictionary();
  const std::uint32_t rows = column.row_count();
  std::vector<RowSet> wanted(dictionary.size(), RowSet((rows + 63) / 64));
  const auto reader = column.id_reader();
  ASSERT_NE(reader, nullptr);
  RowValues values(&column, rows);
  bool any_null = false;
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::uint32_t scratch = 0;
    const std::uint32_t id = *reader->read(row, 1, &scratch);
    const Json value = dictionary.value(id);
    ASSERT_EQ(value.dump(), values.at(row).dump()) << "row " << row;
    any_null |= value.is_null();
    add_row(wanted[id], row);
  }
  EXPECT_EQ(column.may_have_nulls(), any_null);
  ++tally.values;
  if (column.bitmap_index() != nullptr) {
    ASSERT_EQ(column.bitmap_index()->size(), wanted.size());
    for (std::uint32_t id = 0; id < wanted.size(); ++id) expect_bitmap(*column.bitmap_index(), id, wanted[id]);
  }
  if (column.element_dictionary() != nullptr) compare_elements(column, values, tally);
}

// Strings of a field are found by value, though their ids are the field's own.
void compare_dictionary(const Column& column) {
  const Dictionary& dictionary = *column.dictionary();
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const auto value = dictionary.value(id);
    EXPECT_EQ(dictionary.find(value), id);
    if (value) {
      EXPECT_EQ(dictionary.lower_bound(*value), id);
    }
  }
  EXPECT_EQ(dictionary.find("no such value"), std::nullopt);
}

Json at_path(const Json& document, const JsonPath& path) {
  const Json* json = &document;
  for (const JsonPathPart& part : path) {
    if (const auto* index = std::get_if<std::uint32_t>(&part)) {
      if (!json->is_array() || *index >= json->array().size()) return {};
      json = &json->array()[*index];
    } else {
      json = json->find(std::get<std::string>(part));
      if (json == nullptr) return {};
    }
  }
  return *json;
}

bool is_scalar(const Json& json) { return !json.is_array() && !json.is_object(); }

// As a field holds it: objects and what contains them have fields of their own; booleans are words in Druid 24 to 27,
// later 0 and 1; the elements of an array have one type.
Json as_field(const Json& value, bool legacy, std::string_view type) {
  if (value.is_object()) return {};
  if (value.is_bool() && type == "STRING") return value.boolean() ? "true" : "false";
  if (value.is_bool()) return std::int64_t{value.boolean()};
  if (!value.is_array()) return value;
  if (legacy) return {};
  Json::Array elements;
  for (const Json& element : value.array()) {
    if (!is_scalar(element)) return {};
    const Json plain = as_field(element, legacy, type);
    if (type == "ARRAY<STRING>" && !plain.is_null()) {
      elements.push_back(plain.is_string() ? plain : Json(plain.dump()));
    } else {
      elements.push_back(type == "ARRAY<DOUBLE>" && plain.is_integer() ? Json(plain.number()) : plain);
    }
  }
  return Json(std::move(elements));
}

// Documents put together from fields lack what fields do not hold; the others tell all of it.
void compare_fields(const Column& column, bool legacy, Tally& tally) {
  const NestedFields& fields = *column.nested_fields();
  const auto documents = column.structured_reader();
  for (std::uint32_t field = 0; field < fields.size(); ++field) {
    SCOPED_TRACE(std::string(fields.path(field)));
    const Column& values = fields.column(field);
    ASSERT_EQ(values.row_count(), column.row_count());
    compare_value_column(values, tally);
    if (values.dictionary() != nullptr) compare_dictionary(values);
    const JsonPath path = parse_json_path(fields.path(field));
    RowValues rows(&values, values.row_count());
    for (std::uint32_t row = 0; row < values.row_count(); ++row) {
      const Json wanted = as_field(at_path(documents->read(row), path), legacy, values.logical_type());
      ASSERT_EQ(rows.at(row).dump(), wanted.dump()) << "row " << row;
    }
    ++tally.fields;
  }
}

// Until 27 of columns of JSON; auto columns never had one.
bool has_layout_of_its_own(const std::string& folder, const std::string& dimension) {
  const bool old = folder.find("25.0.0") != std::string::npos || folder.find("27.0.0") != std::string::npos ||
                   folder.find("nested_") != std::string::npos;
  return old && !dimension.starts_with("auto");
}

void compare_column(const Column& column, const fs::path& folder, const std::string& dimension, Tally& tally) {
  const std::string name = folder.string();
  // Stock 0.7 and 0.8 leave rows out of the bitmap of the empty string.
  const bool incomplete = name.find("0.7.0") != std::string::npos || name.find("0.8.3") != std::string::npos;
  if (column.type() == ValueType::kString && column.bitmap_index() != nullptr && !incomplete)
    compare_strings(column, tally);
  if (column.value_dictionary() != nullptr) compare_value_column(column, tally);
  if (column.nested_fields() != nullptr) compare_fields(column, has_layout_of_its_own(name, dimension), tally);
}

Tally compare_all(const std::vector<fs::path>& folders) {
  Tally tally;
  for (const fs::path& folder : folders) {
    const std::shared_ptr<const Segment> segment = open_druid_segment(folder);
    if (segment->row_count() > kRowsMax) continue;
    for (const std::string& dimension : segment->dimensions()) {
      SCOPED_TRACE(folder.string() + ' ' + dimension);
      compare_column(*segment->column(dimension), folder, dimension, tally);
    }
  }
  return tally;
}

std::vector<fs::path> with_archives(const fs::path& root) {
  std::vector<fs::path> folders = folders_with("describe.json", root);
  for (const fs::path& folder : folders_with("index.zip", root)) {
    if (folder.string().find("nested") != std::string::npos) folders.push_back(folder);
  }
  return folders;
}

TEST(ValueIndexes, AgreeWithTheRows) {
  const Tally tally = compare_all(with_archives(golden_segments()));
  EXPECT_GE(tally.strings, 2u);
  EXPECT_GE(tally.values, 10u);
  EXPECT_GE(tally.fields, 10u);
}

TEST(ValueIndexes, AgreeWithTheRowsInAllVersions) {
  const std::vector<fs::path> folders = with_archives(druid_segments());
  if (folders.empty()) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  const Tally tally = compare_all(folders);
  EXPECT_GE(tally.strings, 300u);
  EXPECT_GE(tally.values, 100u);
  EXPECT_GE(tally.fields, 1000u);
  EXPECT_GE(tally.elements, 1000u);
}

}  // namespace
}  // namespace sarsen::storage
