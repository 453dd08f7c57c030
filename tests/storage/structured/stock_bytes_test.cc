// Columns of any shape, written from the rows that stock Druid recorded, against the files that stock Druid wrote for
// them: equal byte by byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/smoosh.h"
#include "storage/structured/structured_column_writer.h"
#include "tests/storage/hex.h"
#include "tests/storage/segment/index_spec_of.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  return Json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
}

using Files = std::vector<std::pair<std::string, std::string>>;

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The files of a column in the order of their places.
Files stock_files(const Smoosh& smoosh, const std::string& column) {
  std::vector<std::pair<std::string, std::span<const std::byte>>> found;
  for (const auto& [name, bytes] : smoosh.logical_files())
    if (name == column || name.starts_with(column + ".__")) found.emplace_back(name, bytes);
  std::sort(found.begin(), found.end(),
            [](const auto& left, const auto& right) { return left.second.data() < right.second.data(); });
  Files files;
  for (const auto& [name, bytes] : found) files.emplace_back(name, text_of(bytes));
  return files;
}

Files written_files(const std::string& name, const Json::Array& rows, const IndexSpec& spec) {
  const StructuredColumnData data{.value = [&](std::uint32_t row) {
    const Json* value = rows[row].find(name);
    return value == nullptr ? Json() : *value;
  }};
  ColumnOutput out(name);
  write_structured_column(data, static_cast<std::uint32_t>(rows.size()), spec, out);
  Files files{{name, text_of(out.bytes().view())}};
  for (const ColumnOutput::File& file : out.files()) files.emplace_back(file.name, text_of(file.bytes.view()));
  return files;
}

/// What follows the descriptor, which differs from release to release.
std::string behind_descriptor(const std::string& file) {
  const auto size = load_be<std::uint32_t>(reinterpret_cast<const std::byte*>(file.data()));
  return file.substr(4 + size);
}

/// True for a field whose numbers are stored beside its ids.
bool has_numbers(const std::string& field) {
  const auto* bytes = reinterpret_cast<const std::byte*>(field.data());
  constexpr std::size_t kDictionary = 5;  // behind version and flags
  const std::size_t sizes = kDictionary + 6 + 4 * load_le<std::uint32_t>(bytes + kDictionary + 2);
  return load_le<std::uint64_t>(bytes + sizes) != 0;
}

/// Where equal rows may be other bytes, and why.
bool may_differ(const std::string& version, const IndexSpec& spec, const std::string& file, const std::string& bytes) {
  const bool field = file.find(".__field_") != std::string::npos;
  // 37 stores the empty bitmap of a null that does not occur as a null element.
  if (version == "37.0.0" && file == "auto_const.__valueIndexes") return true;
  // 37 compresses numbers by metricCompression, 33 by dimensionCompression.
  if (version == "37.0.0" && spec.metric_compression != spec.dimension_compression &&
      (file.ends_with("__longColumn") || file.ends_with("__doubleColumn") || (field && has_numbers(bytes))))
    return true;
  // The bytes of Zstandard depend on the version of its library.
  const bool blocks = file.ends_with("Column") || field || file.ends_with("_offsets") || file.ends_with("_compressed");
  return blocks && spec.dimension_compression == CodecId::kZstd;
}

class StockBytes : public testing::Test {
 protected:
  void compare_segment(const std::string& version, const std::string& name) {
    const fs::path folder = root_ / version / name;
    const Json rows = read_json(folder / "rows.json");
    const Json description = read_json(folder / "describe.json");
    const IndexSpec spec = index_spec_of(JsonField(description)["indexSpec"]);
    const Smoosh smoosh(map_directory(folder));
    for (const Json& column : rows.find("columns")->array()) {
      const Files wanted = stock_files(smoosh, column.string());
      if (wanted.empty() || wanted.front().second.find("nestedCommonFormat") == std::string::npos) continue;
      SCOPED_TRACE(version + "/" + name + " " + column.string());
      compare_files(version, spec, wanted, written_files(column.string(), rows.find("rows")->array(), spec));
    }
  }

  void compare_files(const std::string& version, const IndexSpec& spec, const Files& wanted, const Files& got) {
    ASSERT_EQ(got.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ASSERT_EQ(got[i].first, wanted[i].first);
      if (may_differ(version, spec, got[i].first, got[i].second)) continue;
      const bool cut = i == 0 && version != "33.0.0";
      EXPECT_EQ(hex(cut ? behind_descriptor(got[i].second) : got[i].second),
                hex(cut ? behind_descriptor(wanted[i].second) : wanted[i].second))
          << got[i].first;
      ++compared_;
    }
  }

  const fs::path root_ = shared_folder() / "data" / "druid-segments";
  std::size_t compared_ = 0;
};

TEST_F(StockBytes, OfColumnsOfAnyShapeAreWritten) {
  if (!fs::is_directory(root_)) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  // 27 takes booleans for strings where it looks for types.
  for (const char* version : {"28.0.1", "31.0.2", "33.0.0", "37.0.0"}) compare_segment(version, "types");
  EXPECT_GE(compared_, 600u);
}

TEST_F(StockBytes, OfOtherIndexSpecsAreWritten) {
  if (!fs::is_directory(root_)) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  compare_segment("28.0.1", "types-zstd-front");
  compare_segment("37.0.0", "types-zstd-front");
  compare_segment("37.0.0", "types-uncompressed");
  EXPECT_GE(compared_, 200u);
}

}  // namespace
}  // namespace sarsen::storage
