#include "ingest/row/json_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/ingest/row/described_value.h"

namespace sarsen::ingest {
namespace {

class JsonRowsTest : public testing::Test {
 protected:
  /// Each row as "name=value" in the order of its fields.
  std::vector<std::string> read(std::string_view message, bool discover = true) {
    if (!reader_) reader_ = std::make_unique<JsonRowReader>(format_, fields_, discover);
    std::vector<std::string> rows;
    problem_ = reader_->read(message, [&](const RawRow& row) {
      std::string text;
      for (const std::uint32_t field : row.fields())
        text += (text.empty() ? "" : " ") + fields_.name(field) + "=" + describe(row.value(field));
      rows.push_back(text);
    });
    return rows;
  }

  InputFormat format_;
  FieldTable fields_;
  std::unique_ptr<JsonRowReader> reader_;
  std::optional<std::string> problem_;
};

using Rows = std::vector<std::string>;

TEST_F(JsonRowsTest, ConvertsEachKindOfValue) {
  EXPECT_EQ(read(R"({"a":1,"b":-2.5,"c":"x","d":true,"e":null,"f":[1,"y",null,false],"g":{"h":1,"i":[2,{"j":"k"}]}})"),
            Rows{"a=l:1 b=d:-2.5 c=t:x d=b:true e=null f=a:[1, y, null, false] g=o:{h=1, i=[2, {j=k}]}"});
}

TEST_F(JsonRowsTest, KeepsIntegersOf64BitsAndMakesDoublesOfGreaterOnes) {
  EXPECT_EQ(
      read(
          R"({"a":9223372036854775807,"b":9223372036854775808,"c":-9223372036854775808,"d":123456789012345678901234567890})"),
      Rows{"a=l:9223372036854775807 b=d:9.223372036854776E18 c=l:-9223372036854775808 d=d:1.2345678901234568E29"});
  EXPECT_EQ(read(R"({"a":1e400})"), Rows{"a=d:Infinity"});
}

TEST_F(JsonRowsTest, ReadsEscapesAndReplacesSurrogatesAlone) {
  EXPECT_EQ(read(R"({"a":"\u00e4\n\"","b":"\ud83d\ude00","c":"\ud83d!","k\u0065y":"\/"})"),
            Rows{"a=t:ä\n\" b=t:😀 c=t:?! key=t:/"});
}

TEST_F(JsonRowsTest, LetsTheLastOfRepeatedKeysWin) { EXPECT_EQ(read(R"({"a":1,"b":2,"a":3})"), Rows{"a=l:3 b=l:2"}); }

TEST_F(JsonRowsTest, ReadsKeysInAnyOrderRowAfterRow) {
  EXPECT_EQ(read(R"({"a":1,"b":2})"), Rows{"a=l:1 b=l:2"});
  EXPECT_EQ(read(R"({"b":3,"a":4})"), Rows{"b=l:3 a=l:4"});
  EXPECT_EQ(read(R"({"c":5,"b":6})"), Rows{"c=l:5 b=l:6"});
}

TEST_F(JsonRowsTest, MakesARowOfEveryObjectInAMessage) {
  EXPECT_EQ(read("{\"a\":1} {\"a\":2}\n{\n\"a\":3\n}\n"), (Rows{"a=l:1", "a=l:2", "a=l:3"}));
}

TEST_F(JsonRowsTest, GivesNothingOfAMessageThatIsPartlyBroken) {
  EXPECT_EQ(read("{\"a\":1} {\"a\":}"), Rows{});
  EXPECT_TRUE(problem_);
  EXPECT_EQ(read("{\"a\":1} x {\"a\":2}"), Rows{});
  EXPECT_TRUE(problem_);
}

TEST_F(JsonRowsTest, ReadsNothingBehindTheFirstObjectWhereThatIsAll) {
  format_.first_object_only = true;
  for (const char* rest : {"", ",", "{\"a\":2}", " x", "]}", "\"", "\xFF"})
    EXPECT_EQ(read(R"({"a":"}\"{","b":[{"c":1}]})" + std::string(rest)), Rows{"a=t:}\"{ b=a:[{c=1}]"}) << rest;
  EXPECT_EQ(read("{\"a\":{}"), Rows{});
  EXPECT_TRUE(problem_);
}

TEST_F(JsonRowsTest, PassesOverAByteOrderMark) { EXPECT_EQ(read("\xEF\xBB\xBF{\"a\":1}"), Rows{"a=l:1"}); }

TEST_F(JsonRowsTest, RefusesWhatIsNoObject) {
  for (const char* message : {"",
                              "  ",
                              "5",
                              "[{}]",
                              "\"text\"",
                              "null",
                              "{",
                              "{\"a\":1",
                              "{\"a\":tru}",
                              "{\"a\":nul}",
                              "{\"a\" 1}",
                              "{\"a\":01}",
                              "{\"a\":\"\\x\"}",
                              "{\"a\":1,}",
                              "{a:1}",
                              "{\"a\":{\"b\":1}",
                              "{\"a\":[1}",
                              "{\"a\":1}}",
                              "{\"a\":1 2}",
                              "{\"\\q\":1}",
                              "{\"a\":-}"}) {
    EXPECT_EQ(read(message), Rows{}) << message;
    EXPECT_TRUE(problem_) << message;
  }
}

TEST_F(JsonRowsTest, ReadsFieldsThatNobodyAskedForToo) {
  fields_.add("a");
  EXPECT_EQ(read(R"({"x":{"y":[1,{"z":2}]},"a":1})", false), Rows{"a=l:1"});
  EXPECT_EQ(read(R"({"x":{"y":[1,{"z":tru}]},"a":1})", false), Rows{});
  EXPECT_EQ(fields_.size(), 1u);
}

TEST_F(JsonRowsTest, RefusesBrokenUtf8UnlessTheFormatReplacesIt) {
  EXPECT_EQ(read("{\"a\":\"\xFF\"}"), Rows{});
  reader_ = nullptr;
  format_.replace_malformed_utf8 = true;
  EXPECT_EQ(read("{\"a\":\"\xFF\"}"), Rows{"a=t:\xEF\xBF\xBD"});
}

TEST_F(JsonRowsTest, LowersKeysWhereTheFormatSaysSo) {
  format_.lower_case_keys = true;
  EXPECT_EQ(read(R"({"Page":"X"})"), Rows{"page=t:X"});
}

TEST_F(JsonRowsTest, StopsAtTheDepthLimit) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_EQ(read(nested(kRowDepthMax)).size(), 1u);
  EXPECT_EQ(read(nested(kRowDepthMax + 2)), Rows{});
  EXPECT_EQ(read(nested(100'000)), Rows{});
}

TEST_F(JsonRowsTest, SurvivesEveryCutOfAMessage) {
  const std::string message =
      R"({"time":"2015-09-12T00:46:58.771Z","a":[1,"ü",{"b":null}],"c":{"d":1.5e3},"e":"\ud83d\ude00"})";
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_EQ(read(std::string_view(message).substr(0, size)), Rows{}) << size;
    EXPECT_TRUE(problem_) << size;
  }
  EXPECT_EQ(read(message).size(), 1u);
}

}  // namespace
}  // namespace sarsen::ingest
