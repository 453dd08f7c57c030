#include <gtest/gtest.h>

#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;

std::string rows(const std::string& json) {
  MemorySegment segment({0, 1, 2}, MemorySegment::Form::kMapped);
  segment.strings("x", {"a", std::nullopt, "10"}).lists("tags", {{"a", "10"}, {}, {"b", std::nullopt}});
  const Json document = Json::parse("[" + json + "]");
  const VirtualColumns virtual_columns{JsonField(document)};
  CursorColumns columns(segment, &virtual_columns);
  std::string text;
  StringSource* strings = columns.sources().strings("v");
  if (strings == nullptr) return "missing";
  const auto lists = strings->read_lists(0, 3);
  for (std::uint32_t row = 0; row < 3; ++row) {
    for (std::uint32_t i = lists.offsets[row]; i < lists.offsets[row + 1]; ++i)
      text += std::string(strings->dictionary().value(lists.ids[i]).value_or("null")) + ",";
    text += '|';
  }
  return text;
}

TEST(MvFiltered, KeepsOrDropsValues) {
  EXPECT_EQ(rows(R"({"type":"mv-filtered","name":"v","delegate":"tags","values":["a","b"]})"), "a,||b,|");
  EXPECT_EQ(rows(R"({"type":"mv-filtered","name":"v","delegate":"tags","values":["a"],"isAllowList":false})"),
            "10,||b,null,|");
  EXPECT_EQ(rows(R"({"type":"mv-filtered","name":"v","delegate":{"type":"default","dimension":"x"},"values":[null]})"),
            "|null,||");
  EXPECT_EQ(rows(R"({"type":"mv-filtered","name":"v","delegate":"gone","values":["a"]})"), "missing");
}

TEST(MvFiltered, NumbersAreThoseOfSingleValues) {
  MemorySegment segment({0, 1}, MemorySegment::Form::kMapped);
  segment.lists("tags", {{"a", "10"}, {"7", "10"}});
  const Json document = Json::parse(R"([{"type":"mv-filtered","name":"v","delegate":"tags","values":["10","7"]}])");
  const VirtualColumns virtual_columns{JsonField(document)};
  CursorColumns columns(segment, &virtual_columns);
  const auto vector = columns.sources().longs("v").read(0, 2);
  EXPECT_EQ(vector.values[0], 10);
  EXPECT_EQ(vector.nulls[0], 2U);
}

TEST(MvFiltered, TakesWhatADimensionMakesOfAColumn) {
  const auto of = [](const std::string& delegate) {
    return rows(R"({"type":"mv-filtered","name":"v","values":["A","10"],"delegate":)" + delegate + "}");
  };
  const std::string upper = R"({"type":"extraction","dimension":"tags","extractionFn":{"type":"upper"}})";
  EXPECT_EQ(of(upper), "A,10,|||");
  EXPECT_EQ(of(R"({"type":"extraction","dimension":"x","extractionFn":{"type":"upper"}})"), "A,||10,|");
  EXPECT_EQ(of(R"({"type":"prefixFiltered","prefix":"1","delegate":)" + upper + "}"), "10,|||");
}

/// Whoever reads it must know that entries come while rows are read.
TEST(MvFiltered, GrowsWithWhatItFilters) {
  MemorySegment segment({0, 1}, MemorySegment::Form::kMapped);
  segment.strings("x", {"a", "b"}).strings("y", {"c", "d"});
  const Json document = Json::parse(R"x([{"type":"expression","name":"e","expression":"concat(x, y)"},
                                         {"type":"mv-filtered","name":"v","delegate":"e","values":["bd"]}])x");
  const VirtualColumns virtual_columns{JsonField(document)};
  CursorColumns columns(segment, &virtual_columns);
  EXPECT_TRUE(columns.sources().strings("v")->grows());
}

TEST(MvFiltered, NeedsValues) { EXPECT_THROW(rows(R"({"type":"mv-filtered","name":"v","delegate":"tags"})"), Error); }

}  // namespace
}  // namespace sarsen::engine
