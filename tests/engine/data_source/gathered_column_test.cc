// Columns of rows by number: every kind of column, missing rows, rows near and far.
#include "engine/data_source/gathered_column.h"

#include <gtest/gtest.h>

#include "engine/data_source/row_segment.h"
#include "engine/query/scan_cells.h"
#include "engine/vector/segment_sources.h"
#include "engine/vector/selection.h"
#include "storage/base/json.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;
using Form = MemorySegment::Form;

std::shared_ptr<const RowNumbers> rows_of(std::vector<std::uint32_t> rows) {
  auto numbers = std::make_shared<RowNumbers>();
  numbers->some_missing = std::find(rows.begin(), rows.end(), kNoRow) != rows.end();
  numbers->rows = std::move(rows);
  return numbers;
}

/// The cells of a whole gathered column, as JSON.
std::string gathered(const storage::Column& base, std::vector<std::uint32_t> rows) {
  const auto column = make_gathered_column(base, rows_of(std::move(rows)));
  Json::Array cells;
  std::vector<std::uint64_t> nulls((column->row_count() + 63) / 64);
  for (std::uint32_t row = 0; row < column->row_count(); ++row) {
    if (const auto reader = column->long_reader()) {
      std::vector<std::int64_t> scratch(column->row_count());
      const std::int64_t* values = reader->read(0, column->row_count(), scratch.data());
      const bool null =
          reader->read_nulls(0, column->row_count(), nulls.data()) && (nulls[row / 64] >> row % 64 & 1) != 0;
      cells.push_back(null ? Json() : Json(values[row]));
    } else if (const auto strings = column->string_reader()) {
      const auto text = [&](std::uint32_t id) {
        const auto value = column->dictionary()->value(id);
        return value ? Json(*value) : Json();
      };
      if (column->multiple_values()) {
        const auto lists = strings->read_lists(0, column->row_count());
        Json::Array list;
        for (std::uint32_t i = lists.offsets[row]; i < lists.offsets[row + 1]; ++i) list.push_back(text(lists.ids[i]));
        cells.push_back(list);
      } else {
        std::vector<std::uint32_t> scratch(column->row_count());
        cells.push_back(text(strings->read_ids(0, column->row_count(), scratch.data())[row]));
      }
    }
  }
  return Json(cells).dump();
}

class GatheredColumn : public ::testing::TestWithParam<Form> {};

TEST_P(GatheredColumn, ReadsRowsByNumber) {
  MemorySegment segment({1, 2, 3, 4}, GetParam());
  segment.longs("n", {10, std::nullopt, 30, 40})
      .strings("with_null", {"b", std::nullopt, "a", "b"})
      .strings("without", {"b", "c", "a", "b"})
      .lists("tags", {{"x", "y"}, {}, {"y"}, {"x", "x"}});
  const auto column = [&](const char* name) -> const storage::Column& { return *segment.column(name); };
  EXPECT_EQ(gathered(column("n"), {3, 3, 1, 0}), "[40,40,null,10]");
  EXPECT_EQ(gathered(column("n"), {kNoRow, 2}), "[null,30]");
  EXPECT_EQ(gathered(column("n"), {kNoRow, kNoRow}), "[null,null]");
  EXPECT_EQ(gathered(column("with_null"), {1, 0, kNoRow, 2}), R"([null,"b",null,"a"])");
  EXPECT_EQ(gathered(column("without"), {1, 0, kNoRow, 2}), R"(["c","b",null,"a"])");
  EXPECT_EQ(gathered(column("without"), {2, 2}), R"(["a","a"])");
  EXPECT_EQ(gathered(column("tags"), {0, kNoRow, 3, 1}), R"([["x","y"],[],["x","x"],[]])");
}

INSTANTIATE_TEST_SUITE_P(Forms, GatheredColumn, ::testing::Values(Form::kMapped, Form::kLive));

TEST(GatheredColumn, PutsNullBeforeADictionaryWithoutIt) {
  MemorySegment segment({1, 2}, Form::kMapped);
  segment.strings("s", {"b", "a"});
  const auto column = make_gathered_column(*segment.column("s"), rows_of({kNoRow, 1, 0}));
  const storage::Dictionary& dictionary = *column->dictionary();
  EXPECT_TRUE(dictionary.sorted());
  ASSERT_EQ(dictionary.size(), 3u);
  EXPECT_EQ(dictionary.value(0), std::nullopt);
  EXPECT_EQ(dictionary.find(std::nullopt), 0u);
  EXPECT_EQ(dictionary.find("a"), 1u);
  EXPECT_EQ(dictionary.find("c"), std::nullopt);
  EXPECT_EQ(dictionary.lower_bound("b"), 2u);
  EXPECT_EQ(column->bitmap_index(), nullptr);
}

TEST(GatheredColumn, ReadsFarRowsOneByOne) {
  std::vector<std::int64_t> times(100000);
  std::vector<std::optional<std::int64_t>> numbers;
  for (std::size_t row = 0; row < times.size(); ++row)
    numbers.push_back(row % 7 == 0 ? std::nullopt : std::optional<std::int64_t>(row));
  MemorySegment segment(times, Form::kMapped);
  segment.longs("n", numbers);
  EXPECT_EQ(gathered(*segment.column("n"), {99999, 0, 50000, 7, 8}), "[99999,null,50000,null,8]");
}

TEST(RowColumns, KeepWhatDoesNotFit) {
  struct Case {
    std::vector<Value> values;
    std::string type;
    std::string logical_type;
    storage::ValueType stored;
  };
  const std::vector<Case> cases = {
      {{std::int64_t{1}, Null{}}, "LONG", "LONG", storage::ValueType::kLong},
      {{std::int64_t{1}, 2.5}, "DOUBLE", "DOUBLE", storage::ValueType::kDouble},
      {{std::string("1"), std::int64_t{1}}, "LONG", "LONG", storage::ValueType::kVariant},
      {{std::string("1"), Null{}}, "", "", storage::ValueType::kString},
      {{Null{}}, "", "", storage::ValueType::kString},
      {{1.5f}, "", "", storage::ValueType::kFloat},
      {{List({std::string("a"), Null{}})}, "STRING", "STRING", storage::ValueType::kString},
      {{List({std::int64_t{1}})}, "ARRAY<LONG>", "ARRAY<LONG>", storage::ValueType::kVariant},
      {{Nested{Json(true)}}, "", "", storage::ValueType::kVariant},
      {{Nested{Json(true)}}, "COMPLEX<json>", "COMPLEX<json>", storage::ValueType::kComplex},
      {{ComplexBytes{"x"}}, "COMPLEX<hyperUnique>", "COMPLEX<hyperUnique>", storage::ValueType::kComplex},
  };
  for (const Case& one : cases) {
    const auto column = make_column(one.values, one.type);
    EXPECT_EQ(column->type(), one.stored) << one.type;
    EXPECT_EQ(column->logical_type(), one.logical_type);
    EXPECT_EQ(column->row_count(), one.values.size());
  }
}

}  // namespace
}  // namespace sarsen::engine
