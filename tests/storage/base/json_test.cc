#include "storage/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "storage/base/error.h"
#include "storage/base/json_fault.h"

namespace sarsen {
namespace {

using testing::HasSubstr;

template <class Action>
std::string complaint(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return error.what();
  }
  return "no complaint";
}

std::string parse_complaint(std::string_view text) {
  return complaint([text] { Json::parse(text); });
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ReadsEveryKind) {
  const Json json = Json::parse(R"({"a":null,"b":true,"c":-5,"d":1.5,"e":"x\u00e9\ud83d\ude00","f":[1,[]],"g":{}})");
  EXPECT_TRUE(json.find("a")->is_null());
  EXPECT_TRUE(json.find("b")->boolean());
  EXPECT_EQ(json.find("c")->integer(), -5);
  EXPECT_EQ(json.find("d")->number(), 1.5);
  EXPECT_EQ(json.find("e")->string(), "xé😀");
  EXPECT_EQ(json.find("f")->array().size(), 2u);
  EXPECT_TRUE(json.find("g")->object().empty());
  EXPECT_EQ(json.find("h"), nullptr);
}

TEST(Json, ReadsScalarsAtTheTop) {
  EXPECT_EQ(Json::parse(" 7 ").integer(), 7);
  EXPECT_EQ(Json::parse("\"x\"").string(), "x");
  EXPECT_TRUE(Json::parse("null").is_null());
}

TEST(Json, SkipsAByteOrderMark) { EXPECT_EQ(Json::parse("\xEF\xBB\xBF[1]").array().size(), 1u); }

TEST(Json, MakesDoublesOfIntegersBeyond64Bits) {
  EXPECT_EQ(Json::parse("9223372036854775807").integer(), INT64_MAX);
  EXPECT_EQ(Json::parse("-9223372036854775808").integer(), INT64_MIN);
  EXPECT_EQ(Json::parse("9223372036854775808").number(), 9223372036854775808.0);
  EXPECT_EQ(Json::parse("[-9223372036854775809]").array()[0].number(), -9223372036854775808.0);
  EXPECT_EQ(Json::parse(R"({"123456789012345678901234":123456789012345678901234})")
                .find("123456789012345678901234")
                ->number(),
            1.2345678901234568e23);
  EXPECT_EQ(Json::parse("[1234567890123456789012e2,12345678901234567890123.5]").array()[0].number(),
            1234567890123456789012e2);
}

TEST(Json, TakesTheLastOfRepeatedKeys) {
  EXPECT_EQ(Json::parse(R"({"a":1,"b":2,"a":3})").dump(), R"({"a":3,"b":2})");
  std::string text = "{";
  for (int key = 0; key < 40; ++key) text += "\"k" + std::to_string(key % 30) + "\":" + std::to_string(key) + ",";
  const Json json = Json::parse(text + "\"k5\":-1}");
  EXPECT_EQ(json.object().size(), 30u);
  EXPECT_EQ(json.find("k5")->integer(), -1);
  EXPECT_EQ(json.find("k9")->integer(), 39);
  EXPECT_EQ(json.object()[0].first, "k0");
}

TEST(Json, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(parse_complaint(""), "JSON: there is nothing to read, at line 1 column 1");
  EXPECT_EQ(parse_complaint(" \n\t"), "JSON: there is nothing to read, at line 2 column 2");
  EXPECT_EQ(parse_complaint("{\"a\":1"), "JSON: unexpected end of text, at line 1 column 7");
  EXPECT_EQ(parse_complaint("{\"a\":"), "JSON: unexpected end of text, at line 1 column 6");
  EXPECT_EQ(parse_complaint("{\n \"a\":1,}"), "JSON: expected a member's name in double quotes, at line 2 column 8");
  EXPECT_EQ(parse_complaint("[1 2]"), "JSON: expected ',' or ']' in an array, at line 1 column 4");
  EXPECT_EQ(parse_complaint("[1] x"), "JSON: unexpected text after the end of the value, at line 1 column 5");
  EXPECT_EQ(parse_complaint("\"abc"), "JSON: a string without closing quote, at line 1 column 1");
  EXPECT_EQ(parse_complaint("[\"\xff\"]"), "JSON: invalid UTF-8, at line 1 column 3");
  EXPECT_EQ(parse_complaint("[\"\xed\xa0\x80\"]"), "JSON: invalid UTF-8, at line 1 column 3");
  EXPECT_EQ(parse_complaint("[tru]"), "JSON: unknown word; expected true, false or null, at line 1 column 2");
  EXPECT_EQ(parse_complaint("[01]"), "JSON: a number must not begin with zeros, at line 1 column 2");
  EXPECT_EQ(parse_complaint("[1.]"), "JSON: expected a digit, at line 1 column 4");
  EXPECT_EQ(parse_complaint("[1e999]"), "JSON: number out of range, at line 1 column 2");
  EXPECT_EQ(parse_complaint("[\"a\nb\"]"), "JSON: a control character in a string must be escaped, at line 1 column 4");
  EXPECT_EQ(parse_complaint("[\"\\x\"]"), "JSON: unknown escape in a string, at line 1 column 3");
  EXPECT_EQ(parse_complaint("[\"\\ud800\"]"), "JSON: half of a surrogate pair in a string, at line 1 column 3");
  EXPECT_EQ(parse_complaint("[NaN]"), "JSON: expected a value, at line 1 column 2");
}

TEST(Json, RefusesWhatIsNestedTooDeeply) {
  EXPECT_NO_THROW(Json::parse(nested(kJsonDepthMax)));
  EXPECT_THAT(parse_complaint(nested(kJsonDepthMax + 1)), HasSubstr("nested too deeply"));
  EXPECT_THAT(parse_complaint(nested(1'000'000)), HasSubstr("nested too deeply"));
}

TEST(Json, AgreesWithTheFaultFinderAboutEveryCutAndFlip) {
  const std::string whole =
      R"({"a":[1,-2.5e3,true,null,"x\n\u00e9\ud83d\ude00é"],"b":{"c":false,"":12345678901234567890}} )";
  const auto agree = [](const std::string& text) {
    const bool parsed = parse_complaint(text) == "no complaint";
    EXPECT_EQ(parsed, !find_json_fault(text).has_value()) << text;
  };
  for (std::size_t size = 0; size <= whole.size(); ++size) agree(whole.substr(0, size));
  for (std::size_t position = 0; position < whole.size(); ++position) {
    for (const int replacement : std::initializer_list<int>{0,   1,   ' ', '"', '\\', ',', ':', '[',  ']',  '{',
                                                            '}', '0', '9', '-', '.',  'e', 'u', 0x80, 0xE2, 0xFF}) {
      std::string changed = whole;
      changed[position] = static_cast<char>(replacement);
      agree(changed);
    }
  }
}

TEST(Json, PrintsWhatItHolds) {
  const std::string text = R"({"a":[1,2.0,"x\"y",null,true],"b":{}})";
  EXPECT_EQ(Json::parse(text).dump(), text);
}

TEST(Json, NamesItsKind) {
  EXPECT_EQ(Json().kind_name(), "null");
  EXPECT_EQ(Json(true).kind_name(), "a boolean");
  EXPECT_EQ(Json(1).kind_name(), "an integer");
  EXPECT_EQ(Json(1.5).kind_name(), "a decimal number");
  EXPECT_EQ(Json("x").kind_name(), "a string");
  EXPECT_EQ(Json(Json::Array{}).kind_name(), "an array");
  EXPECT_EQ(Json(Json::Object{}).kind_name(), "an object");
}

TEST(JsonField, WalksWithItsPath) {
  const Json json = Json::parse(R"({"filter":{"fields":[{"dimension":"page"},{"dimension":[1]}]}})");
  const JsonField root(json);
  const std::vector<JsonField> fields = root["filter"]["fields"].elements();
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_EQ(fields[0]["dimension"].string(), "page");
  EXPECT_EQ(fields[1]["dimension"].path(), "filter.fields[1].dimension");
  EXPECT_EQ(complaint([&] { fields[1]["dimension"].string(); }),
            "filter.fields[1].dimension: must be a string, but got an array");
  EXPECT_EQ(root["filter"].members()[0].second.path(), "filter.fields");
}

TEST(JsonField, SaysWhatIsRequired) {
  const Json json = Json::parse(R"({"a":null})");
  const JsonField root(json);
  EXPECT_FALSE(root["a"].present());
  EXPECT_EQ(complaint([&] { root["dataSource"].string(); }), "dataSource: is required");
  EXPECT_EQ(complaint([&] { root["a"].integer(); }), "a: is required");
  EXPECT_EQ(complaint([&] { root["x"]["y"].json(); }), "x.y: is required");
  EXPECT_TRUE(root["a"].elements().empty());
  EXPECT_TRUE(root["a"].members().empty());
  EXPECT_EQ(root["a"].string_or("z"), "z");
  EXPECT_EQ(root["a"].integer_or(4), 4);
  EXPECT_TRUE(root["a"].boolean_or(true));
  EXPECT_EQ(root["a"].optional_string(), std::nullopt);
}

TEST(JsonField, CoercesScalarsAsJackson) {
  const Json json = Json::parse(R"(["5"," -7 ","+8",5.9,-5.9,5,true,"true","False","1.5","NaN","-Infinity",0])");
  const auto at = [&json](std::size_t index) { return JsonField(json).elements()[index]; };
  EXPECT_EQ(at(0).integer(), 5);
  EXPECT_EQ(at(1).integer(), -7);
  EXPECT_EQ(at(2).integer(), 8);
  EXPECT_EQ(at(3).integer(), 5);
  EXPECT_EQ(at(4).integer(), -5);
  EXPECT_EQ(at(5).string(), "5");
  EXPECT_EQ(at(6).string(), "true");
  EXPECT_TRUE(at(7).boolean());
  EXPECT_FALSE(at(8).boolean());
  EXPECT_EQ(at(9).number(), 1.5);
  EXPECT_TRUE(at(10).number() != at(10).number());
  EXPECT_EQ(at(11).number(), -HUGE_VAL);
  EXPECT_FALSE(at(12).boolean());
}

TEST(JsonField, RefusesWhatDoesNotFit) {
  const Json json = Json::parse(R"({"a":"5x","b":[],"c":{},"d":1e30,"e":"maybe","f":"inf","g":1.5,"h":""})");
  const JsonField root(json);
  EXPECT_EQ(complaint([&] { root["a"].integer(); }), "a: must be an integer, but got \"5x\"");
  EXPECT_EQ(complaint([&] { root["b"].integer(); }), "b: must be an integer, but got an array");
  EXPECT_EQ(complaint([&] { root["c"].boolean(); }), "c: must be true or false, but got an object");
  EXPECT_EQ(complaint([&] { root["d"].integer(); }), "d: must be an integer, but got 1.0E30");
  EXPECT_EQ(complaint([&] { root["e"].boolean(); }), "e: must be true or false, but got \"maybe\"");
  EXPECT_EQ(complaint([&] { root["f"].number(); }), "f: must be a number, but got \"inf\"");
  EXPECT_EQ(complaint([&] { root["g"].boolean(); }), "g: must be true or false, but got 1.5");
  EXPECT_EQ(complaint([&] { root["h"].integer(); }), "h: must be an integer, but got \"\"");
  EXPECT_EQ(complaint([&] { root["b"]["x"]; }), "b: must be an object, but got an array");
  EXPECT_EQ(complaint([&] { root.elements(); }), "the document: must be an array, but got an object");
}

TEST(Suggestion, OffersTheNearestKnownName) {
  const std::vector<std::string> known = {"count", "longSum", "longMax", "doubleSum", "hyperUnique"};
  EXPECT_EQ(suggestion("longsum", known), " (did you mean \"longSum\"?)");
  EXPECT_EQ(suggestion("cuont", known), " (did you mean \"count\"?)");
  EXPECT_EQ(suggestion("hyperuniq", known), " (did you mean \"hyperUnique\"?)");
  EXPECT_EQ(suggestion("bloom", known), "");
  EXPECT_EQ(suggestion("", known), "");
  EXPECT_EQ(suggestion(std::string(5000, 'x'), known), "");
}

}  // namespace
}  // namespace sarsen
