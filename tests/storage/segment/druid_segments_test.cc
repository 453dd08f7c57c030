// Segments written by stock Druid, version by version, against the rows that the same version reads from them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/segment/mapped_segment.h"
#include "tests/storage/segment/row_values.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

fs::path shared_folder() {
  if (const char* shared = std::getenv("SARSEN_SHARED")) return shared;
  return fs::path(SARSEN_SOURCE_DIR).parent_path() / "shared";
}

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Json::parse(text);
}

std::vector<fs::path> folders_with(const std::string& file_name) {
  std::vector<fs::path> folders;
  const fs::path root = shared_folder() / "data" / "druid-segments";
  if (!fs::is_directory(root)) return folders;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() == file_name) folders.push_back(entry.path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// In these null modes Druid shows the empty string as null, whichever is stored.
bool null_is_empty(const fs::path& folder) {
  const Json description = read_json(folder / "describe.json");
  return JsonField(description)["nullMode"].string_or("sql") != "sql";
}

bool is_null_or_empty(const Json& value) { return value.is_null() || (value.is_string() && value.string().empty()); }

bool same_scalar(const Json& wanted, const Json& got, bool null_is_empty) {
  if (null_is_empty && is_null_or_empty(wanted) && is_null_or_empty(got)) return true;
  if (wanted.is_number() && got.is_number()) {
    if (wanted.is_integer() && got.is_integer()) return wanted.integer() == got.integer();
    return wanted.number() == got.number() || static_cast<float>(wanted.number()) == static_cast<float>(got.number());
  }
  return wanted.dump() == got.dump();
}

// Stock shows a multi-value column as single values where no row has more than one.
bool same(const Json& wanted, const Json& got, bool null_is_empty) {
  if (!got.is_array()) return same_scalar(wanted, got, null_is_empty);
  const Json::Array& values = got.array();
  if (!wanted.is_array())
    return values.empty() ? is_null_or_empty(wanted)
                          : values.size() == 1 && same_scalar(wanted, values[0], null_is_empty);
  if (wanted.array().size() != values.size()) return false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!same_scalar(wanted.array()[i], values[i], null_is_empty)) return false;
  }
  return true;
}

struct Tally {
  std::size_t columns = 0;
  std::size_t values = 0;
  std::vector<std::string> unsupported;
};

void compare_column(const Segment& segment, const std::string& name, const Json::Array& rows, bool null_is_empty,
                    Tally& tally) {
  const Column* column = nullptr;
  try {
    column = segment.column(name);
  } catch (const Error& error) {
    ASSERT_EQ(error.category(), ErrorCategory::kUnsupported) << error.what();
    tally.unsupported.push_back(error.what());
    return;
  }
  ++tally.columns;
  RowValues values(column, segment.row_count());
  for (std::uint32_t row = 0; row < segment.row_count(); ++row) {
    const Json got = values.at(row);
    if (column != nullptr && column->type() == ValueType::kComplex) continue;  // shown as estimates
    const Json* wanted = rows[row].find(name);
    ++tally.values;
    ASSERT_TRUE(same(wanted == nullptr ? Json() : *wanted, got, null_is_empty))
        << name << ", row " << row << ": wanted " << (wanted == nullptr ? "nothing" : wanted->dump()) << ", got "
        << got.dump();
  }
}

TEST(DruidSegments, ReadAsTheVersionsThatWroteThem) {
  const std::vector<fs::path> folders = folders_with("rows.json");
  if (folders.empty()) GTEST_SKIP() << "no segments of old Druid versions under " << shared_folder();
  Tally tally;
  for (const fs::path& folder : folders) {
    SCOPED_TRACE(folder.string());
    const Json expected = read_json(folder / "rows.json");
    const Json::Array& rows = expected.find("rows")->array();
    const std::shared_ptr<const Segment> segment = open_segment(folder);
    ASSERT_EQ(segment->row_count(), rows.size());
    for (const Json& column : expected.find("columns")->array())
      compare_column(*segment, column.string(), rows, null_is_empty(folder), tally);
  }
  EXPECT_GT(tally.values, 100'000u);
  RecordProperty("columns", static_cast<int>(tally.columns));
  RecordProperty("columns_of_kinds_not_understood", static_cast<int>(tally.unsupported.size()));
}

}  // namespace
}  // namespace sarsen::storage
