#include "ingest/row/relaxed_json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ingest/row/json_rows.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using enum JsonFeature;

TEST(RelaxedJsonTest, LeavesStandardJsonAsItIs) {
  constexpr std::string_view kText = R"( {"a" : [1, -2.5e3, "x\"\\\u00e4", {}, []], "b":{"c":null,"d":true} } {"a":2})";
  EXPECT_EQ(strict_json(kText, {}), kText);
  EXPECT_EQ(strict_json(kText, {kComments, kYamlComments, kSingleQuotes, kUnquotedFieldNames, kMissingValues,
                                kTrailingComma, kLeadingZeros, kNonNumericNumbers, kLeadingDecimalPoint,
                                kTrailingDecimalPoint, kLeadingPlusSign, kUnquotedControlChars, kBackslashEscapesAny}),
            kText);
}

TEST(RelaxedJsonTest, LeavesWhatIsNotAllowed) {
  for (const char* text : {"{'a':1}", "{a:1}", "[1,]", "[1,,2]", "[007]", "[NaN]", "[.5]", "[5.]", "[+5]", "[1] // c",
                           "[1] # c", "[\"\t\"]", R"(["\x"])", "{\"a\":,}", "[,]", "{\"a\"", "\"a", "\\", "[-"})
    EXPECT_EQ(strict_json(text, {}), text);
}

TEST(RelaxedJsonTest, MakesBlanksOfComments) {
  EXPECT_EQ(strict_json("/* a */{\"a\":1/**/}// end\n# no", {kComments}), " {\"a\":1 } \n# no");
  EXPECT_EQ(strict_json("{\"a\":1# it\n,\"b\":2}#", {kYamlComments}), "{\"a\":1 \n,\"b\":2} ");
  EXPECT_EQ(strict_json("{\"a\":\"/*#*/\"}", {kComments, kYamlComments}), "{\"a\":\"/*#*/\"}");
  EXPECT_EQ(strict_json("{/* open", {kComments}), "{ ");
}

TEST(RelaxedJsonTest, QuotesTextsAndNames) {
  EXPECT_EQ(strict_json(R"({'a':'x"y\'z',"b":"it's"})", {kSingleQuotes}), R"({"a":"x\"y'z","b":"it's"})");
  EXPECT_EQ(strict_json(R"({a:1,_b$:{c-d:true}, é : x})", {kUnquotedFieldNames}),
            R"({"a":1,"_b$":{"c-d":true}, "é" : x})");
}

TEST(RelaxedJsonTest, FillsAndCutsLists) {
  EXPECT_EQ(strict_json(R"([,1,,2,])", {kMissingValues}), "[null,1,null,2,null]");
  EXPECT_EQ(strict_json(R"({"a":,"b":[]})", {kMissingValues}), R"({"a":null,"b":[]})");
  EXPECT_EQ(strict_json(R"({"a":[1,2,],"b":{"c":1 , },})", {kTrailingComma}), R"({"a":[1,2 ],"b":{"c":1   } })");
  EXPECT_EQ(strict_json(R"([,])", {kTrailingComma}), "[,]");
  EXPECT_EQ(strict_json(R"([1,,])", {kTrailingComma, kMissingValues}), "[1,null ]");
}

TEST(RelaxedJsonTest, WritesNumbersAsTheStandardHasThem) {
  EXPECT_EQ(strict_json("[007,-00.5,0,00]", {kLeadingZeros}), "[7,-0.5,0,0]");
  EXPECT_EQ(strict_json("[.5,-.5]", {kLeadingDecimalPoint}), "[0.5,-0.5]");
  EXPECT_EQ(strict_json("[5.,-5.e3]", {kTrailingDecimalPoint}), "[5.0,-5.0e3]");
  EXPECT_EQ(strict_json("[+5,+.5]", {kLeadingPlusSign}), "[5,.5]");
  EXPECT_EQ(strict_json("[NaN,INF,-Infinity,Nan,-NaN]", {kNonNumericNumbers}), "[-NaN,1e999,-1e999,Nan,--NaN]");
}

TEST(RelaxedJsonTest, TakesCharactersThatTextsMayNotHold) {
  EXPECT_EQ(strict_json("[\"a\tb\x01\"]", {kUnquotedControlChars}), R"(["a\u0009b\u0001"])");
  EXPECT_EQ(strict_json(R"(["\x\'\n\"\
"])",
                        {kBackslashEscapesAny, kUnquotedControlChars}),
            R"(["x'\n\"\u000a"])");
}

TEST(RelaxedJsonTest, RefusesNamesThatComeTwice) {
  EXPECT_EQ(strict_json(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})", {kStrictDuplicates}),
            R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})");
  EXPECT_THROW(strict_json(R"({"a":1,"\u0061":2})", {kStrictDuplicates}), Error);
}

TEST(RelaxedJsonTest, RefusesWhatIsNestedTooDeeply) {
  EXPECT_THROW(strict_json(std::string(1'000'000, '['), {kComments}), Error);
}

TEST(RelaxedJsonTest, MakesRows) {
  const Json spec = Json::parse(R"({"type":"json","featureSpec":{"ALLOW_SINGLE_QUOTES":true,"ALLOW_TRAILING_COMMA":true,
      "ALLOW_NON_NUMERIC_NUMBERS":true,"ALLOW_COMMENTS":false,"STRICT_DUPLICATE_DETECTION":true}})");
  FieldTable fields;
  JsonRowReader reader(InputFormat::parse(JsonField(spec)), fields, true);
  std::size_t rows = 0;
  EXPECT_EQ(reader.read("{'a':'x','b':NaN,'c':-INF,}",
                        [&](const RawRow& row) {
                          ++rows;
                          EXPECT_EQ(row.value(*fields.find("a")).text, "x");
                          EXPECT_TRUE(std::isnan(row.value(*fields.find("b")).number));
                          EXPECT_EQ(row.value(*fields.find("c")).number, -HUGE_VAL);
                        }),
            std::nullopt);
  EXPECT_EQ(rows, 1);
  EXPECT_EQ(reader.read("{'a':'x','a':1}", [&](const RawRow&) { ++rows; }),
            "the message is not valid JSON: Duplicate field 'a'");
  EXPECT_NE(reader.read("{'a':-NaN}", [&](const RawRow&) { ++rows; }), std::nullopt);
  EXPECT_NE(reader.read("{'a':1} // no", [&](const RawRow&) { ++rows; }), std::nullopt);
  EXPECT_EQ(rows, 1);
}

TEST(JsonFeaturesTest, AreNamedAsInJackson) {
  const Json spec = Json::parse(R"({"format":"json","featureSpec":{"ALLOW_COMMENTS":true,"AUTO_CLOSE_SOURCE":false}})");
  EXPECT_TRUE(JsonFeatures::parse(JsonField(spec)["featureSpec"]).has(kComments));
  EXPECT_FALSE(JsonFeatures::parse(JsonField(spec)["nothing"]).any());
  const Json wrong = Json::parse(R"({"ALLOW_COMMENT":true})");
  EXPECT_THROW(JsonFeatures::parse(JsonField(wrong)), Error);
}

}  // namespace
}  // namespace sarsen::ingest
