// Segments written by stock Druid, version by version, against the rows that the same version reads from them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
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
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Json::parse(text);
}

const fs::path kGolden = source_folder() / "tests" / "golden" / "segments";

std::vector<fs::path> folders_with(const std::string& file_name, const fs::path& root) {
  std::vector<fs::path> folders;
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
  return !JsonField(description)["nullMode"].string().starts_with("sql-compatible");
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

void compare_with_rows(const fs::path& folder, Tally& tally) {
  SCOPED_TRACE(folder.string());
  const Json expected = read_json(folder / "rows.json");
  const Json::Array& rows = expected.find("rows")->array();
  const std::shared_ptr<const Segment> segment = open_segment(folder);
  ASSERT_EQ(segment->row_count(), rows.size());
  for (const Json& column : expected.find("columns")->array())
    compare_column(*segment, column.string(), rows, null_is_empty(folder), tally);
}

// CRC-32 as zlib and java.util.zip compute it.
class Crc32 {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      value_ ^= static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) value_ = value_ >> 1 ^ (0xEDB88320U & (0U - (value_ & 1)));
    }
  }
  std::string text() const { return fmt::format("{:08x}", ~value_); }

 private:
  std::uint32_t value_ = ~0U;
};

// As summary.json renders values before it sums them up.
std::string rendered(const Json& value, ValueType type, bool null_is_empty) {
  if (value.is_array()) {
    Json::Array shown = value.array();
    for (Json& element : shown) {
      if (null_is_empty && is_null_or_empty(element)) element = Json();
    }
    return Json(std::move(shown)).dump();
  }
  if (value.is_null() || (null_is_empty && is_null_or_empty(value))) return "\\N";
  if (type == ValueType::kDouble) return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value.number()));
  if (type == ValueType::kFloat)
    return fmt::format("{:08x}", std::bit_cast<std::uint32_t>(static_cast<float>(value.number())));
  return value.is_string() ? value.string() : value.dump();
}

void compare_with_summary(const fs::path& folder, Tally& tally) {
  SCOPED_TRACE(folder.string());
  const Json expected = read_json(folder / "summary.json");
  const bool null_is_empty_here = null_is_empty(folder);
  const std::shared_ptr<const Segment> segment = open_segment(folder);
  ASSERT_EQ(segment->row_count(), expected.find("numRows")->integer());
  for (const Json& wanted : expected.find("columns")->array()) {
    const std::string name = wanted.find("name")->string();
    const Column* column = segment->column(name);
    ASSERT_NE(column, nullptr) << name;
    RowValues values(column, segment->row_count());
    Crc32 crc;
    for (std::uint32_t row = 0; row < segment->row_count(); ++row) {
      crc.add(rendered(values.at(row), column->type(), null_is_empty_here));
      crc.add("\n");
    }
    EXPECT_EQ(crc.text(), wanted.find("crc32")->string()) << name << ": " << column->encoding();
    tally.values += segment->row_count();
  }
}

// The bitmap of each value holds exactly the rows that hold the value; in multi-value columns that of null also holds
// the empty rows. Stock 0.7 and 0.8 leave rows out of the bitmap of the empty string, so theirs are not looked at.
void compare_bitmaps(const Column& column) {
  const std::uint32_t rows = column.row_count();
  const std::uint32_t size = column.dictionary()->size();
  std::vector<std::vector<std::uint64_t>> wanted(size, std::vector<std::uint64_t>((rows + 63) / 64));
  const auto add = [&](std::uint32_t id, std::uint32_t row) { wanted[id][row / 64] |= 1ULL << row % 64; };
  const bool has_null = column.dictionary()->value(0).value_or("").empty();  // old versions wrote null as empty
  const auto reader = column.string_reader();
  std::vector<std::uint32_t> scratch(1);
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (!column.multiple_values()) {
      add(*reader->read_ids(row, 1, scratch.data()), row);
      continue;
    }
    const StringReader::Lists lists = reader->read_lists(row, 1);
    if (lists.offsets[1] == lists.offsets[0] && has_null) add(0, row);
    for (std::uint32_t i = lists.offsets[0]; i < lists.offsets[1]; ++i) add(lists.ids[i], row);
  }
  for (std::uint32_t id = 0; id < size; ++id) {
    std::vector<std::uint64_t> words((rows + 63) / 64);
    column.bitmap_index()->or_into(id, words);
    std::uint64_t count = 0;
    for (const std::uint64_t word : words) count += static_cast<std::uint64_t>(std::popcount(word));
    ASSERT_EQ(column.bitmap_index()->cardinality(id), count) << "id " << id;
    ASSERT_EQ(words, wanted[id]) << "id " << id;
  }
}

TEST(DruidSegments, ReadAsTheVersionsThatWroteThem) {
  Tally tally;
  for (const fs::path& folder : folders_with("rows.json", kGolden)) compare_with_rows(folder, tally);
  EXPECT_GT(tally.values, 2'000u);
}

TEST(DruidSegments, ReadAllVersionsAsTheyDo) {
  const std::vector<fs::path> folders = folders_with("rows.json", shared_folder() / "data" / "druid-segments");
  if (folders.empty()) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  Tally tally;
  for (const fs::path& folder : folders) compare_with_rows(folder, tally);
  EXPECT_GT(tally.values, 100'000u);
  RecordProperty("columns", static_cast<int>(tally.columns));
  RecordProperty("columns_of_kinds_not_understood", static_cast<int>(tally.unsupported.size()));
}

TEST(DruidSegments, ReadLargeSegmentsOfManyBlocks) {
  const std::vector<fs::path> folders = folders_with("summary.json", shared_folder() / "data" / "druid-segments");
  if (folders.empty()) GTEST_SKIP() << "the large segments are not under " << shared_folder();
  Tally tally;
  for (const fs::path& folder : folders) compare_with_summary(folder, tally);
  EXPECT_GT(tally.values, 1'000'000u);
}

TEST(DruidSegments, HoldInTheirBitmapsWhatTheirRowsHold) {
  std::vector<fs::path> folders = folders_with("describe.json", shared_folder() / "data" / "druid-segments");
  if (folders.empty()) folders = folders_with("describe.json", kGolden);
  std::size_t compared = 0;
  for (const fs::path& folder : folders) {
    const std::string name = folder.string();
    if (name.find("0.7.0") != std::string::npos || name.find("0.8.3") != std::string::npos) continue;
    const std::shared_ptr<const Segment> segment = open_segment(folder);
    if (segment->row_count() > 1000) continue;
    for (const std::string& dimension : segment->dimensions()) {
      SCOPED_TRACE(name + ' ' + dimension);
      const Column* column = nullptr;
      try {
        column = segment->column(dimension);
      } catch (const Error&) {  // of a kind not understood, counted above
        continue;
      }
      if (column->bitmap_index() == nullptr) continue;
      compare_bitmaps(*column);
      ++compared;
    }
  }
  EXPECT_GE(compared, 2u);  // those of the one small segment that lies in this repository
}

}  // namespace
}  // namespace sarsen::storage
