// Every filter, asked by index and by value, of mapped and live columns: the same rows each time, with SQL's three
// values.

#include "engine/filter/filter.h"

#include <gtest/gtest.h>

#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "engine/vector/selection.h"
#include "storage/base/error.h"
#include "tests/support/memory_segment.h"

namespace sarsen::engine {
namespace {

using sarsen::testing::MemorySegment;

std::unique_ptr<MemorySegment> example(MemorySegment::Form form) {
  auto segment = std::make_unique<MemorySegment>(std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}, form);
  segment->strings("x", {"a", "b", std::nullopt, "", "10", "9"})
      .lists("tags", {{"a", "b"}, {"b", "c"}, {"b", std::nullopt}, {}, {"a"}, {"c"}})
      .longs("n", {1, 2, std::nullopt, -5, 10, 9})
      .doubles("d", {0.0, -0.0, std::nullopt, 1.5, std::numeric_limits<double>::quiet_NaN(), 1e300})
      .floats("f", {0.1F, 0.2F, std::nullopt, -1.0F, 10.1F, 2.0F});
  return segment;
}

std::string rows_of(const std::uint64_t* mask, std::uint32_t count) {
  std::string rows;
  for (std::uint32_t row = 0; row < count; ++row)
    if (mask_has(mask, row)) rows += static_cast<char>('0' + row);
  return rows;
}

std::string match(const storage::Segment& segment, const std::string& filter) {
  SegmentSources columns(segment);
  const Json json = Json::parse(filter);
  const auto matcher = parse_filter(JsonField(json))->bind(columns, {.row_count = segment.row_count()});
  std::uint64_t by_value[kVectorWords];
  matcher->match(0, segment.row_count(), false, by_value);
  const std::string rows = rows_of(by_value, segment.row_count());
  if (matcher->index_cost(false)) {
    std::vector<std::uint64_t> by_index(mask_words(segment.row_count()));
    matcher->index_rows(false, by_index);
    EXPECT_EQ(rows, rows_of(by_index.data(), segment.row_count())) << "by index: " << filter;
  }
  return rows;
}

/// The rows that match, as digits; the same for both forms of segment.
std::string rows(const std::string& filter) {
  const std::string mapped = match(*example(MemorySegment::Form::kMapped), filter);
  EXPECT_EQ(mapped, match(*example(MemorySegment::Form::kLive), filter)) << "live: " << filter;
  return mapped;
}

std::string negation(const std::string& filter) { return rows(R"({"type":"not","field":)" + filter + "}"); }

TEST(Filter, SelectorFindsEqualStringsAndLeavesNullsUnknown) {
  const std::string is_a = R"({"type":"selector","dimension":"x","value":"a"})";
  EXPECT_EQ(rows(is_a), "0");
  EXPECT_EQ(negation(is_a), "1345");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"x","value":""})"), "3");
}

TEST(Filter, SelectorWithoutValueFindsNulls) {
  const std::string is_null = R"({"type":"selector","dimension":"x","value":null})";
  EXPECT_EQ(rows(is_null), "2");
  EXPECT_EQ(negation(is_null), "01345");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"n"})"), "2");
  EXPECT_EQ(rows(R"({"type":"null","column":"x"})"), "2");
}

TEST(Filter, SelectorReadsItsValueAsTheColumnsNumber) {
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"n","value":"2.0"})"), "1");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"n","value":10})"), "4");
  const std::string no_long = R"({"type":"selector","dimension":"n","value":"2.5"})";
  EXPECT_EQ(rows(no_long), "");
  EXPECT_EQ(negation(no_long), "01345");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"f","value":"0.1"})"), "0");
}

TEST(Filter, NumbersAreEqualByTheirBits) {
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"d","value":"0.0"})"), "0");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"d","value":"-0.0"})"), "1");
  EXPECT_EQ(rows(R"({"type":"in","dimension":"d","values":["NaN","1.5"]})"), "34");
}

TEST(Filter, AColumnThatIsMissingIsNullEverywhere) {
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"gone","value":null})"), "012345");
  const std::string is_a = R"({"type":"selector","dimension":"gone","value":"a"})";
  EXPECT_EQ(rows(is_a), "");
  EXPECT_EQ(negation(is_a), "");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"gone","upper":"z"})"), "012345");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"gone","lower":"a"})"), "");
}

TEST(Filter, InTakesSeveralValuesAndNull) {
  EXPECT_EQ(rows(R"({"type":"in","dimension":"x","values":["a","9","nowhere"]})"), "05");
  const std::string with_null = R"({"type":"in","dimension":"x","values":["a",null]})";
  EXPECT_EQ(rows(with_null), "02");
  EXPECT_EQ(negation(with_null), "1345");
  EXPECT_EQ(negation(R"({"type":"in","dimension":"x","values":["a"]})"), "1345");
  EXPECT_EQ(rows(R"({"type":"in","dimension":"n","values":["1","x","9"]})"), "05");
  const std::string nothing = R"({"type":"in","dimension":"x","values":[]})";
  EXPECT_EQ(rows(nothing), "");
  EXPECT_EQ(negation(nothing), "012345");
}

TEST(Filter, MultiValuedRowsMatchByAnyValue) {
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"tags","value":"b"})"), "012");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"tags","value":null})"), "23");
  EXPECT_EQ(negation(R"({"type":"selector","dimension":"tags","value":"a"})"), "15");
  EXPECT_EQ(rows(R"({"type":"and","fields":[{"type":"selector","dimension":"tags","value":"a"},
                                            {"type":"selector","dimension":"tags","value":"b"}]})"),
            "0");
}

TEST(Filter, BoundComparesStringsLexicographically) {
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"x","lower":"10","upper":"a"})"), "045");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"x","lower":"10","lowerStrict":true,"upper":"a","upperStrict":true})"),
            "5");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"x","upper":"9"})"), "2345");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"x","lower":"0","upper":"1"})"), "");
  EXPECT_EQ(negation(R"({"type":"bound","dimension":"x","lower":"a"})"), "345");
}

TEST(Filter, BoundComparesNumbers) {
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","lower":"1.1","upper":"9","ordering":"numeric"})"), "15");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","lower":"1","lowerStrict":true,"ordering":"numeric"})"), "145");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","upper":"9","ordering":"numeric"})"), "0135");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","upper":"nine","ordering":"numeric"})"), "");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","lower":"nine","upper":"0","ordering":"numeric"})"), "3");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","lower":"9223372036854775808","ordering":"numeric"})"), "");
  EXPECT_EQ(
      rows(R"({"type":"bound","dimension":"n","lower":"9223372036854775807","lowerStrict":true,"ordering":"numeric"})"),
      "");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"d","lower":"0","lowerStrict":true,"ordering":"numeric"})"), "345");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"d","upper":"0","upperStrict":true,"ordering":"numeric"})"), "1");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"f","lower":"0.1","upper":"0.2","ordering":"numeric"})"), "01");
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"x","lower":"9","upper":"10","ordering":"numeric"})"), "45");
}

TEST(Filter, BoundComparesNumbersAsTextInOtherOrders) {
  EXPECT_EQ(rows(R"({"type":"bound","dimension":"n","lower":"1","upper":"2"})"), "014");
}

TEST(Filter, AndOrNotCombine) {
  const std::string a = R"({"type":"selector","dimension":"x","value":"a"})";
  const std::string null = R"({"type":"selector","dimension":"x","value":null})";
  EXPECT_EQ(rows(R"({"type":"or","fields":[{"type":"not","field":)" + a + "}," + null + "]}"), "12345");
  EXPECT_EQ(rows(R"({"type":"and","fields":[{"type":"true"},)" + a + "]}"), "0");
  EXPECT_EQ(negation(R"({"type":"or","fields":[)" + a + R"(,{"type":"false"}]})"), "1345");
  EXPECT_EQ(rows(R"({"type":"and","fields":[{"type":"not","field":)" + a +
                 R"(},{"type":"bound","dimension":"n","lower":"0","ordering":"numeric"}]})"),
            "145");
}

std::string complaint(const std::string& filter) {
  const Json json = Json::parse(R"({"filter":)" + filter + "}");
  try {
    parse_filter(JsonField(json)["filter"]);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Filter, MistakesNameTheFieldAndTheFix) {
  EXPECT_EQ(complaint(R"({"type":"selctor","dimension":"x"})"),
            "filter.type: unknown filter type \"selctor\" (did you mean \"selector\"?)");
  EXPECT_NE(complaint(R"({"type":"and","fields":[]})").find("filter.fields: needs at least one filter"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"type":"and","fields":[{"type":"in","dimension":"x"}]})").find("filter.fields[0].values"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"type":"bound","dimension":"x"})").find("lower and upper"), std::string::npos);
  EXPECT_NE(complaint(R"({"type":"regex","dimension":"x","pattern":"a"})").find("not part of this version"),
            std::string::npos);
}

}  // namespace
}  // namespace sarsen::engine
