// Projections that stock Druid wrote, against their rows as Druid reads them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/storage/segment/memory_files.h"
#include "tests/storage/segment/read_everything.h"
#include "tests/storage/segment/row_values.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

const fs::path kOwn = source_folder() / "tests/golden/segments/druid-33.0.0-projections";

std::vector<fs::path> segments_with_projections() {
  std::vector<fs::path> folders{kOwn};
  for (const char* version : {"33.0.0", "37.0.0"}) {
    const fs::path folder = shared_folder() / "data/druid-segments" / version / "projections";
    if (fs::is_directory(folder)) folders.push_back(folder);
  }
  return folders;
}

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Json::parse(text);
}

void compare(const Segment& projection, const fs::path& rows_file, std::size_t& compared) {
  SCOPED_TRACE(rows_file);
  const Json expected = read_json(rows_file);
  const Json::Array& rows = expected.find("rows")->array();
  ASSERT_EQ(projection.row_count(), rows.size());
  for (const Json& name : expected.find("columns")->array()) {
    const Column* column = projection.column(name.string());
    ASSERT_NE(column, nullptr) << name.string();
    if (column->type() == ValueType::kComplex) continue;  // shown as an estimate
    RowValues values(column, projection.row_count());
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      ASSERT_EQ(values.at(row).dump(), rows[row].find(name.string())->dump()) << name.string() << ", row " << row;
      ++compared;
    }
  }
}

TEST(Projections, ReadAsDruidReadsThem) {
  for (const fs::path& folder : segments_with_projections()) {
    const auto segment = open_segment(folder);
    std::size_t compared = 0;
    for (const Projection& projection : segment->projections()) {
      const auto rows = segment->projection(projection.name);
      ASSERT_NE(rows, nullptr);
      EXPECT_EQ(rows->row_count(), projection.row_count);
      compare(*rows, folder / ("rows-" + projection.name + ".json"), compared);
    }
    EXPECT_GT(compared, 100u) << folder;
  }
}

TEST(Projections, AreListedWithTheirSchemas) {
  const auto segment = open_segment(kOwn);
  std::string names;
  for (const Projection& projection : segment->projections())
    names += projection.name + ' ' + std::to_string(projection.row_count) + ' ' +
             projection.schema.find("groupingColumns")->dump() + '\n';
  EXPECT_EQ(names,
            "by_tag 4 [\"tags\"]\n"
            "upper 6 [\"v\"]\n"
            "hourly 28 [\"__gran\",\"city\",\"nothing\"]\n");
  EXPECT_EQ(segment->projection("nothing"), nullptr);
  EXPECT_EQ(segment->projection("hourly"), segment->projection("hourly"));
  EXPECT_EQ(segment->column_names(),
            (std::vector<std::string>{"__time", "city", "tags", "small", "n", "d", "user", "count"}));
  EXPECT_TRUE(open_segment(kOwn.parent_path() / "small")->projections().empty());
}

TEST(Projections, AreSegments) {
  std::shared_ptr<const Segment> segment = open_segment(kOwn);
  const auto hourly = segment->projection("hourly");
  const auto by_tag = segment->projection("by_tag");
  const Dictionary* of_base = segment->column("city")->dictionary();
  EXPECT_EQ(hourly->column("city")->dictionary(), of_base);
  segment = nullptr;  // a projection keeps it

  EXPECT_EQ(hourly->dimensions(), (std::vector<std::string>{"city", "nothing"}));
  EXPECT_EQ(hourly->metrics(), (std::vector<std::string>{"sum", "users"}));
  EXPECT_EQ(hourly->data_interval(), parse_interval("2024-01-01/2024-01-02"));
  EXPECT_EQ(hourly->time_bounds(), (Interval{1704067200000, 1704081600000}));
  EXPECT_TRUE(hourly->sorted_by_time());
  EXPECT_EQ(hourly->ordering(), (std::vector<SortKey>{{"__time"}, {"city"}, {"nothing"}}));
  EXPECT_GT(hourly->size_bytes(), 1000u);
  EXPECT_EQ(hourly->column("__gran"), nullptr);

  EXPECT_EQ(by_tag->time_bounds(), (Interval{1704067200000, 1704067200000}));
  EXPECT_TRUE(by_tag->sorted_by_time());
  EXPECT_EQ(by_tag->column("__time")->encoding(), "constant");
  EXPECT_EQ(by_tag->ordering(), std::vector<SortKey>{{"tags"}});
}

TEST(Projections, DoWithoutTheBitmapsOfMultiValuedDimensions) {
  const auto segment = open_segment(kOwn);
  EXPECT_NE(segment->column("tags")->bitmap_index(), nullptr);
  EXPECT_EQ(segment->projection("by_tag")->column("tags")->bitmap_index(), nullptr);
  EXPECT_NE(segment->projection("hourly")->column("city")->bitmap_index(), nullptr);
}

class ChangedProjections : public testing::Test {
 protected:
  std::shared_ptr<const Segment> with(const std::string& file, const std::string& from, const std::string& to) {
    FileTexts texts = texts_;
    const std::size_t at = texts[file].find(from);
    EXPECT_NE(at, std::string::npos);
    texts[file].replace(at, from.size(), to);
    return open_stored_segment(stored_files(texts), "memory");
  }

  std::string problem(const Segment& segment, const std::string& projection, const std::string& column) {
    try {
      segment.projection(projection)->column(column);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }

  const FileTexts texts_ = read_files(kOwn);
};

TEST_F(ChangedProjections, MayLackTheFileOfADimensionWithoutValues) {
  const auto segment = with("meta.smoosh", "hourly/nothing", "hourly/elsewhere");
  const auto projection = segment->projection("hourly");
  const Column& nothing = *projection->column("nothing");
  EXPECT_EQ(nothing.row_count(), projection->row_count());
  EXPECT_TRUE(RowValues(&nothing, nothing.row_count()).at(3).is_null());
}

TEST_F(ChangedProjections, NameWhatIsMissing) {
  const auto segment = with("meta.smoosh", "hourly/sum", "hourly/mus");
  EXPECT_EQ(problem(*segment, "hourly", "sum"), "memory, column hourly/sum: no such logical file");
  EXPECT_EQ(problem(*segment, "hourly", "city"), "");
}

TEST_F(ChangedProjections, HaveTheirNumberOfRows) {
  const auto segment = with("00000.smoosh", R"("numRows":28})", R"("numRows":29})");
  EXPECT_NE(problem(*segment, "hourly", "city").find("memory, column hourly/city: "), std::string::npos);
  EXPECT_NE(problem(*segment, "hourly", "__time"), "");
}

TEST_F(ChangedProjections, HaveNoMoreRowsThanTheirTable) {
  EXPECT_THROW(with("00000.smoosh", R"("numRows":28})", R"("numRows":91})")->projection("hourly"), Error);
}

TEST_F(ChangedProjections, AreLeftAsideWhereTheyAreNotUnderstood) {
  const auto segment = with("00000.smoosh", R"("numRows":28})", R"("numRows":-8})");
  EXPECT_TRUE(segment->projections().empty());
  EXPECT_FALSE(segment->metadata().is_null());
  EXPECT_EQ(segment->ordering().size(), 8u);
}

TEST_F(ChangedProjections, SurviveEveryChangedByte) {
  const std::size_t metadata = texts_.at("00000.smoosh").find("{\"container\"");
  ASSERT_NE(metadata, std::string::npos);
  std::size_t opened = 0;
  for (std::size_t position = metadata / 2; position < metadata + 1500; position += 5) {
    FileTexts changed = texts_;
    if (position >= changed["00000.smoosh"].size()) break;
    changed["00000.smoosh"][position] ^= 0x41;
    try {
      const auto segment = open_stored_segment(stored_files(changed), "memory");
      read_everything(*segment);
      ++opened;
    } catch (const Error& error) {
      EXPECT_NE(error.category(), ErrorCategory::kDefensive) << error.what();
    }
  }
  EXPECT_GT(opened, 100u);
}

}  // namespace
}  // namespace sarsen::storage
