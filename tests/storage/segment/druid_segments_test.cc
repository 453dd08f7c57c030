// Segments written by stock Druid, version by version, against the rows that the same version reads from them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "tests/storage/segment/druid_folders.h"
#include "tests/storage/segment/row_values.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

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

// Arrays and JSON: digit by digit and key by key.
bool same_structured(const Json& wanted, const Json& got, bool null_is_empty) {
  if (null_is_empty && is_null_or_empty(wanted) && is_null_or_empty(got)) return true;
  if (wanted.is_array() && got.is_array()) {
    return std::equal(wanted.array().begin(), wanted.array().end(), got.array().begin(), got.array().end(),
                      [&](const Json& w, const Json& g) { return same_structured(w, g, null_is_empty); });
  }
  if (wanted.is_object() && got.is_object()) {
    return std::equal(wanted.object().begin(), wanted.object().end(), got.object().begin(), got.object().end(),
                      [&](const auto& w, const auto& g) {
                        return w.first == g.first && same_structured(w.second, g.second, null_is_empty);
                      });
  }
  return wanted.dump() == got.dump();
}

// Of these the recorded rows hold what Druid's aggregators estimate; `sarsen dump` is compared with them.
constexpr std::array<std::string_view, 4> kSketches = {"hyperUnique", "thetaSketch", "HLLSketch",
                                                       "quantilesDoublesSketch"};

struct Tally {
  std::size_t columns = 0;
  std::size_t values = 0;
  std::size_t structured_values = 0;
  std::vector<std::string> not_compared;  // columns, with the reason; sketches left out
};

void compare_values(const Column* column, const std::string& name, const Json::Array& rows, bool null_is_empty,
                    Tally& tally) {
  ++tally.columns;
  RowValues values(column, static_cast<std::uint32_t>(rows.size()));
  const bool structured = column != nullptr && column->structured_reader() != nullptr;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const Json got = values.at(row);
    const Json* found = rows[row].find(name);
    const Json wanted = found == nullptr ? Json() : *found;
    ++tally.values;
    tally.structured_values += structured ? 1 : 0;
    ASSERT_TRUE(structured ? same_structured(wanted, got, null_is_empty) : same(wanted, got, null_is_empty))
        << name << ", row " << row << ": wanted " << wanted.dump() << ", got " << got.dump();
  }
}

void compare_column(const Segment& segment, const std::string& name, const Json::Array& rows, bool null_is_empty,
                    Tally& tally) {
  const Column* column = nullptr;
  try {
    column = segment.column(name);
  } catch (const Error& error) {
    tally.not_compared.push_back(error.what());
    return;
  }
  if (column != nullptr && column->type() == ValueType::kComplex && column->structured_reader() == nullptr) {
    RowValues values(column, segment.row_count());  // they can be read at least
    for (std::uint32_t row = 0; row < segment.row_count(); ++row) values.at(row);
    const bool sketch = std::find(kSketches.begin(), kSketches.end(), column->complex_type()) != kSketches.end();
    if (!sketch) tally.not_compared.push_back(name + " of type " + column->logical_type());
    return;
  }
  compare_values(column, name, rows, null_is_empty, tally);
}

void compare_with_rows(const fs::path& folder, Tally& tally) {
  SCOPED_TRACE(folder.string());
  const Json expected = read_json(folder / "rows.json");
  const Json::Array& rows = expected.find("rows")->array();
  const std::shared_ptr<const Segment> segment = open_druid_segment(folder);
  ASSERT_EQ(segment->row_count(), rows.size());
  for (const Json& column : expected.find("columns")->array())
    compare_column(*segment, column.string(), rows, null_is_empty(folder), tally);
}

// "columns": [{"name", "type"}, ...], as Druid reports them; until 0.16 without the kind of complex values.
void compare_types(const fs::path& folder) {
  SCOPED_TRACE(folder.string());
  const Json description = read_json(folder / "describe.json");
  const std::shared_ptr<const Segment> segment = open_druid_segment(folder);
  for (const Json& column : description.find("columns")->array()) {
    const std::string name = JsonField(column)["name"].string();
    const std::string wanted = JsonField(column)["type"].string();
    const Column& got = *segment->column(name);
    EXPECT_EQ(wanted == "COMPLEX" ? name_of(got.type()) : got.logical_type(), wanted) << name;
  }
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
  const std::shared_ptr<const Segment> segment = open_druid_segment(folder);
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

TEST(DruidSegments, ReadAsTheVersionsThatWroteThem) {
  Tally tally;
  for (const fs::path& folder : folders_with("rows.json", golden_segments())) compare_with_rows(folder, tally);
  EXPECT_GT(tally.values, 2'000u);
  EXPECT_GT(tally.structured_values, 1'000u);
  EXPECT_THAT(tally.not_compared, testing::IsEmpty());
}

TEST(DruidSegments, ReadAllVersionsAsTheyDo) {
  const std::vector<fs::path> folders = folders_with("rows.json", druid_segments());
  if (folders.empty()) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  Tally tally;
  for (const fs::path& folder : folders) compare_with_rows(folder, tally);
  EXPECT_GT(tally.values, 100'000u);
  EXPECT_GT(tally.structured_values, 10'000u);
  EXPECT_THAT(tally.not_compared, testing::IsEmpty());
}

TEST(DruidSegments, ReadLargeSegmentsOfManyBlocks) {
  const std::vector<fs::path> folders = folders_with("summary.json", druid_segments());
  if (folders.empty()) GTEST_SKIP() << "the large segments are not under " << shared_folder();
  Tally tally;
  for (const fs::path& folder : folders) compare_with_summary(folder, tally);
  EXPECT_GT(tally.values, 1'000'000u);
}

TEST(DruidSegments, HaveTheTypesThatDruidReports) {
  std::vector<fs::path> folders = folders_with("describe.json", druid_segments());
  for (const fs::path& folder : folders_with("describe.json", golden_segments())) folders.push_back(folder);
  for (const fs::path& folder : folders) compare_types(folder);
}

}  // namespace
}  // namespace sarsen::storage
