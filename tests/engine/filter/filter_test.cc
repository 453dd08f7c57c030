// Every filter, asked by index and by value, of mapped and live columns: the same rows each time, with SQL's three
// values.

#include "engine/filter/filter.h"

#include <gtest/gtest.h>

#include "engine/filter/constant.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/segment_sources.h"
#include "engine/vector/selection.h"
#include "storage/base/error.h"
#include "tests/support/memory_segment.h"
#include "tests/support/narrow_segment.h"

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

TEST(Filter, InFindsNumbersAmongFewAndMany) {
  EXPECT_EQ(rows(R"({"type":"in","dimension":"n","values":["9","10","1"]})"), "045");
  EXPECT_EQ(negation(R"({"type":"in","dimension":"n","values":["9","10","1"]})"), "13");
  EXPECT_EQ(rows(R"({"type":"in","dimension":"n","values":["9","10",null,"10"]})"), "245");
  EXPECT_EQ(rows(R"({"type":"in","dimension":"n","values":["9223372036854775807","-5","-9223372036854775808"]})"), "3");
  EXPECT_EQ(rows(R"({"type":"in","dimension":"d","values":["1e300","-0.0","0.0"]})"), "015");
  std::string many = "2";
  for (int value = 100; value < 140; value += 2) many += "\",\"" + std::to_string(value);
  EXPECT_EQ(rows(R"({"type":"in","dimension":"n","values":[")" + many + R"("]})"), "1");
}

TEST(Filter, InFindsTheCodesOfNumbers) {
  std::vector<std::optional<std::int64_t>> numbers;
  for (std::int64_t row = 0; row < kVectorRows; ++row)
    numbers.push_back(row % 11 == 0 ? std::nullopt : std::optional(row * 37 % 500 - 100));
  sarsen::testing::NarrowSegment segment(
      std::make_shared<MemorySegment>(std::vector<std::int64_t>(kVectorRows), MemorySegment::Form::kMapped));
  segment.narrow("n", numbers);
  SegmentSources columns(segment);
  const Json filter = Json::parse(R"({"type":"in","dimension":"n","values":["-100","7","8","9","300","1000",null]})");
  std::uint64_t mask[kVectorWords];
  parse_filter(JsonField(filter))->bind(columns, {.row_count = kVectorRows})->match(0, kVectorRows, false, mask);
  for (std::uint32_t row = 0; row < kVectorRows; ++row) {
    const auto number = numbers[row].value_or(300);
    EXPECT_EQ(mask_has(mask, row), number == -100 || (number >= 7 && number <= 9) || number == 300) << row;
  }
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

/// Of a function's value where the column's number is null, Druid asks where there is one value only.
TEST(Filter, InLeavesNullNumbersUnknownToItsFunction) {
  const std::string in =
      R"({"type":"in","dimension":"n","extractionFn":{"type":"stringFormat","format":"[%s]"},"values":)";
  EXPECT_EQ(rows(in + R"(["[1]","[null]"]})"), "0");
  EXPECT_EQ(negation(in + R"(["[1]","[null]"]})"), "1345");
  EXPECT_EQ(rows(in + R"(["[null]"]})"), "2");
}

TEST(Filter, MultiValuedRowsMatchByAnyValue) {
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"tags","value":"b"})"), "012");
  EXPECT_EQ(rows(R"({"type":"selector","dimension":"tags","value":null})"), "23");
  EXPECT_EQ(negation(R"({"type":"selector","dimension":"tags","value":"a"})"), "15");
  EXPECT_EQ(rows(R"({"type":"and","fields":[{"type":"selector","dimension":"tags","value":"a"},
                                            {"type":"selector","dimension":"tags","value":"b"}]})"),
            "0");
}

TEST(Filter, ExpressionsAreTrueFalseOrUnknown) {
  const std::string above_one = R"({"type":"expression","expression":"n > 1"})";
  EXPECT_EQ(rows(above_one), "145");
  EXPECT_EQ(negation(above_one), "03");
  EXPECT_EQ(rows(R"q({"type":"expression","expression":"isnull(x)"})q"), "2");
  EXPECT_EQ(rows(R"({"type":"expression","expression":"x == 'a' || x == '9'"})"), "05");
  EXPECT_EQ(rows(R"({"type":"expression","expression":"gone == 'a'"})"), "");
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

TEST(Filter, ConstantsAreResolvedWhileTheyAreRead) {
  const std::string a = R"({"type":"selector","dimension":"x","value":"a"})";
  const auto answer = [](const std::string& text) {
    const Json json = Json::parse(text);
    return constant_answer(*parse_filter(JsonField(json)));
  };
  EXPECT_EQ(answer(R"({"type":"or","fields":[)" + a + R"(,{"type":"not","field":{"type":"false"}}]})"), true);
  EXPECT_EQ(answer(R"({"type":"and","fields":[)" + a + R"(,{"type":"false"}]})"), false);
  EXPECT_EQ(answer(R"({"type":"and","fields":[{"type":"true"},{"type":"true"}]})"), true);
  EXPECT_EQ(answer(R"({"type":"or","fields":[{"type":"false"}]})"), false);
  EXPECT_EQ(answer(R"({"type":"and","fields":[{"type":"true"},)" + a + "]}"), std::nullopt);
}

/// The rows that match, and those that the negation matches.
struct Case {
  const char* filter;
  const char* rows;
  const char* others;
};

void expect_rows(std::initializer_list<Case> cases) {
  for (const Case& each : cases) {
    EXPECT_EQ(rows(each.filter), each.rows) << each.filter;
    EXPECT_EQ(negation(each.filter), each.others) << "not " << each.filter;
  }
}

TEST(Filter, EqualsCastsItsValueToTheColumn) {
  expect_rows({
      {R"({"type":"equals","column":"x","matchValueType":"STRING","matchValue":"a"})", "0", "1345"},
      {R"({"type":"equals","column":"x","matchValueType":"LONG","matchValue":"9"})", "5", "0134"},
      {R"({"type":"equals","column":"x","matchValueType":"DOUBLE","matchValue":9})", "5", "0134"},
      {R"({"type":"equals","column":"tags","matchValueType":"ARRAY<STRING>","matchValue":["a"]})", "04", "15"},
      {R"({"type":"equals","column":"tags","matchValueType":"ARRAY<STRING>","matchValue":["a","b"]})", "", "0145"},
      {R"({"type":"equals","column":"n","matchValueType":"DOUBLE","matchValue":2.0})", "1", "0345"},
      {R"({"type":"equals","column":"n","matchValueType":"DOUBLE","matchValue":2.5})", "", "01345"},
      {R"({"type":"equals","column":"n","matchValueType":"STRING","matchValue":"10"})", "4", "0135"},
      {R"({"type":"equals","column":"f","matchValueType":"DOUBLE","matchValue":0.1})", "0", "1345"},
      {R"({"type":"equals","column":"d","matchValueType":"DOUBLE","matchValue":0.0})", "0", "1345"},
      {R"({"type":"equals","column":"__time","matchValueType":"STRING","matchValue":"3"})", "3", "01245"},
      {R"({"type":"equals","column":"gone","matchValueType":"LONG","matchValue":1})", "", ""},
  });
}

TEST(Filter, InTypeTakesTypedValues) {
  expect_rows({
      {R"({"type":"inType","column":"x","matchValueType":"STRING","values":["a","b",null]})", "012", "345"},
      {R"({"type":"inType","column":"x","matchValueType":"LONG","values":[9,10]})", "45", "013"},
      {R"({"type":"inType","column":"x","matchValueType":"STRING","values":[]})", "", "012345"},
      {R"({"type":"inType","column":"x","matchValueType":"STRING","values":[null]})", "2", "01345"},
      {R"({"type":"inType","column":"n","matchValueType":"DOUBLE","values":[1.0,2.5]})", "01", "345"},
      {R"({"type":"inType","column":"n","matchValueType":"LONG","values":["10",null,"x"]})", "24", "0135"},
      {R"({"type":"inType","column":"n","matchValueType":"LONG","sortedValues":[9,1,2]})", "01", "345"},
      {R"({"type":"inType","column":"f","matchValueType":"DOUBLE","values":[0.1,2]})", "05", "134"},
      {R"({"type":"inType","column":"gone","matchValueType":"LONG","values":[1,null]})", "012345", ""},
  });
}

TEST(Filter, RangeNeverContainsNull) {
  expect_rows({
      {R"({"type":"range","column":"x","matchValueType":"STRING","lower":"10","upper":"a"})", "045", "13"},
      {R"({"type":"range","column":"x","matchValueType":"STRING","upper":"9","upperOpen":true})", "34", "015"},
      {R"({"type":"range","column":"x","matchValueType":"STRING","lower":"b","upper":"a"})", "", "01345"},
      {R"({"type":"range","column":"x","matchValueType":"LONG","lower":9})", "45", "013"},
      {R"({"type":"range","column":"n","matchValueType":"DOUBLE","lower":1.5,"upper":9})", "15", "034"},
      {R"({"type":"range","column":"n","matchValueType":"DOUBLE","lower":1,"lowerOpen":true,"upper":9.5,"upperOpen":true})",
       "15", "034"},
      {R"({"type":"range","column":"n","matchValueType":"STRING","lower":"1","upper":"2"})", "014", "35"},
      {R"({"type":"range","column":"d","matchValueType":"DOUBLE","lower":0.0})", "0345", "1"},
      {R"({"type":"range","column":"d","matchValueType":"DOUBLE","upper":0.0,"upperOpen":true})", "1", "0345"},
      {R"({"type":"range","column":"f","matchValueType":"DOUBLE","lower":10.1})", "4", "0135"},
      {R"({"type":"range","column":"f","matchValueType":"DOUBLE","upper":10.1})", "0135", "4"},
      {R"({"type":"range","column":"tags","matchValueType":"STRING","lower":"b","upper":"c"})", "0125", "4"},
      {R"({"type":"range","column":"gone","matchValueType":"LONG","lower":1})", "", ""},
  });
}

TEST(Filter, PatternsAreTriedOnText) {
  expect_rows({
      {R"({"type":"like","dimension":"x","pattern":"%"})", "01345", ""},
      {R"({"type":"like","dimension":"x","pattern":"1_"})", "4", "0135"},
      {R"({"type":"like","dimension":"x","pattern":""})", "3", "0145"},
      {R"({"type":"like","dimension":"n","pattern":"1%"})", "04", "135"},
      {R"({"type":"like","dimension":"d","pattern":"%.0"})", "01", "345"},
      {R"({"type":"like","dimension":"tags","pattern":"b%"})", "012", "45"},
      {R"({"type":"like","dimension":"gone","pattern":"%"})", "", ""},
      {R"({"type":"regex","dimension":"x","pattern":"^[0-9]+$"})", "45", "013"},
      {R"({"type":"regex","dimension":"n","pattern":"-"})", "3", "0145"},
      {R"({"type":"search","dimension":"x","query":{"type":"insensitive_contains","value":"A"}})", "0", "1345"},
      {R"({"type":"search","dimension":"x","query":{"type":"insensitive_contains"}})", "", "01345"},
      {R"({"type":"search","dimension":"n","query":{"type":"fragment","values":["1","0"]}})", "4", "0135"},
      {R"({"type":"search","dimension":"x","query":{"type":"contains","value":"A","caseSensitive":true}})", "",
       "01345"},
  });
}

TEST(Filter, ExtractionFunctionsComeFirst) {
  expect_rows({
      {R"({"type":"selector","dimension":"x","value":"1","extractionFn":{"type":"strlen"}})", "015", "34"},
      {R"({"type":"selector","dimension":"x","value":null,"extractionFn":{"type":"partial","expr":"a"}})", "12345",
       "0"},
      {R"({"type":"extraction","dimension":"n","value":"2","extractionFn":{"type":"strlen"}})", "34", "015"},
      {R"({"type":"like","dimension":"x","pattern":"go%","extractionFn":{"type":"regex","expr":"z","index":0,
          "replaceMissingValue":true,"replaceMissingValueWith":"gone"}})",
       "012345", ""},
      {R"({"type":"like","dimension":"n","pattern":"go%","extractionFn":{"type":"regex","expr":"z","index":0,
          "replaceMissingValue":true,"replaceMissingValueWith":"gone"}})",
       "01345", ""},
      {R"({"type":"in","dimension":"x","values":["L","X"],"extractionFn":{"type":"lookup","lookup":{"type":"map",
           "map":{"a":"L"}},"replaceMissingValueWith":"X"}})",
       "012345", ""},
      {R"({"type":"bound","dimension":"x","lower":"1","ordering":"numeric","extractionFn":{"type":"strlen"}})", "0145",
       "23"},
      {R"({"type":"selector","dimension":"gone","value":"X","extractionFn":{"type":"lookup","lookup":{"type":"map",
           "map":{}},"replaceMissingValueWith":"X"}})",
       "012345", ""},
      {R"({"type":"selector","dimension":"__time","value":"00.003","extractionFn":{"type":"timeFormat",
           "format":"ss.SSS"}})",
       "3", "01245"},
  });
}

TEST(Filter, IntervalsAreMilliseconds) {
  expect_rows({
      {R"({"type":"interval","dimension":"__time","intervals":["1970-01-01T00:00:00.001/1970-01-01T00:00:00.003"]})",
       "12", "0345"},
      {R"({"type":"interval","dimension":"n","intervals":["1970/PT0.003S","1970-01-01T00:00:00.010/P1D"]})", "014",
       "35"},
      {R"({"type":"interval","dimension":"gone","intervals":["1970/1971"]})", "", "012345"},
  });
}

TEST(Filter, TruthIsNeverUnknown) {
  expect_rows({
      {R"({"type":"istrue","field":{"type":"selector","dimension":"x","value":"a"}})", "0", "12345"},
      {R"({"type":"isfalse","field":{"type":"selector","dimension":"x","value":"a"}})", "1345", "02"},
      {R"({"type":"isfalse","field":{"type":"selector","dimension":"tags","value":"a"}})", "15", "0234"},
  });
}

TEST(Filter, ColumnsAreComparedAsText) {
  expect_rows({
      {R"({"type":"columnComparison","dimensions":["x","n"]})", "245", "013"},
      {R"({"type":"columnComparison","dimensions":["x","tags"]})", "012", "345"},
      {R"({"type":"columnComparison","dimensions":["gone","nowhere"]})", "012345", ""},
      {R"({"type":"columnComparison","dimensions":["x",{"type":"extraction","dimension":"x","extractionFn":
           {"type":"upper"}}]})",
       "2345", "01"},
  });
}

TEST(Filter, ArraysHaveElementsAndScalarsAreOne) {
  expect_rows({
      {R"({"type":"arrayContainsElement","column":"x","elementMatchValueType":"STRING","elementMatchValue":"a"})", "0",
       "1345"},
      {R"({"type":"arrayContainsElement","column":"n","elementMatchValueType":"DOUBLE","elementMatchValue":10})", "4",
       "0135"},
      {R"({"type":"arrayContainsElement","column":"gone","elementMatchValueType":"LONG","elementMatchValue":null})", "",
       ""},
  });
}

// Made by Hive's BloomKFilter: "a", "9" and null; the longs 10 and -5 and the double 1.5.
TEST(Filter, BloomFiltersHoldTextAndNumbers) {
  const std::string texts =
      "BAAAAAgAAAAAACAEAAAAAAAAAAACAAAACEAAAAAAAIAAAAAgAACCAAAAAAAAAAAAAAAEAAAAAABAAAAAgAAAAAAAAAAA";
  const std::string numbers =
      "BAAAAAgAAAAEAQAAAAAAAAIAQAAAAAAAAAAAIEAAAAAAAAAAAAAQAAAIAAAAAAAAAAQAAABAAQAAAAAgAAAAAAAAAAAA";
  const auto bloom = [](const char* column, const std::string& bits, const std::string& more = "") {
    return R"({"type":"bloom","dimension":")" + std::string(column) + R"(","bloomKFilter":")" + bits + "\"" + more +
           "}";
  };
  EXPECT_EQ(rows(bloom("x", texts)), "025");
  EXPECT_EQ(negation(bloom("x", texts)), "134");
  EXPECT_EQ(rows(bloom("n", numbers)), "34");
  EXPECT_EQ(negation(bloom("n", numbers)), "015");
  EXPECT_EQ(rows(bloom("d", numbers)), "3");
  EXPECT_EQ(rows(bloom("n", texts, R"(,"extractionFn":{"type":"identity"})")), "25");
}

TEST(Filter, AreasAreReadFromText) {
  for (const auto form : {MemorySegment::Form::kMapped, MemorySegment::Form::kLive}) {
    MemorySegment segment({0, 1, 2, 3, 4}, form);
    segment.strings("place", {"1,1", "3,3", std::nullopt, "x,1", "1"});
    EXPECT_EQ(match(segment, R"({"type":"spatial","dimension":"place","bound":{"type":"rectangular","minCoords":[0,0],
                                 "maxCoords":[1,1]}})"),
              "0");
    EXPECT_EQ(match(segment, R"({"type":"spatial","dimension":"place","bound":{"type":"radius","coords":[3,1],
                                 "radius":2}})"),
              "01");
    EXPECT_EQ(match(segment, R"({"type":"spatial","dimension":"place","bound":{"type":"polygon","abscissa":[2,4,4],
                                 "ordinate":[2,2,4]}})"),
              "1");
  }
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
  EXPECT_TRUE(complaint(R"({"type":"regex","dimension":"x","pattern":"(["})").starts_with("filter.pattern: Unclosed"));
  for (const char* wrong :
       {R"({"type":"equals","column":"x","matchValueType":"STRING","matchValue":null})",
        R"({"type":"equals","column":"x","matchValueType":"NUMBER","matchValue":1})",
        R"({"type":"inType","column":"x","matchValueType":"LONG"})",
        R"({"type":"inType","column":"x","matchValueType":"LONG","values":[1],"sortedValues":[1]})",
        R"({"type":"range","column":"x","matchValueType":"LONG","lower":"abc"})",
        R"({"type":"range","column":"x","matchValueType":"LONG"})",
        R"({"type":"like","dimension":"x","pattern":"a","escape":"xy"})",
        R"({"type":"regex","dimension":"x","pattern":"(["})", R"({"type":"interval","dimension":"x","intervals":[]})",
        R"({"type":"columnComparison","dimensions":["x"]})", R"({"type":"extraction","dimension":"x","value":"a"})",
        R"({"type":"spatial","dimension":"x","bound":{"type":"circle"}})",
        R"({"type":"bloom","dimension":"x","bloomKFilter":"AQ=="})"})
    EXPECT_NE(complaint(wrong), "accepted") << wrong;
  EXPECT_NE(complaint(R"({"type":"javascript","dimension":"x","function":"f"})").find("JavaScript is disabled"),
            std::string::npos);
}

}  // namespace
}  // namespace sarsen::engine
