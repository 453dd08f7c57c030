// What a reader makes of a message does not depend on whether it has met its keys before, and goes the straight way.

#include "ingest/row/flat_object.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "ingest/row/json_rows.h"
#include "tests/ingest/row/described_value.h"

namespace sarsen::ingest {
namespace {

/// Rows and problem of a message, by a reader that has read `before`.
std::string outcome(const std::string& message, const std::string& before) {
  FieldTable fields;
  for (const char* name : {"a", "b", "a key of many characters"}) fields.add(name);
  JsonRowReader reader({}, fields, false);
  if (!before.empty()) reader.read(before, [](RawRow&) {});
  std::string text;
  const auto problem = reader.read(message, [&](RawRow& row) {
    for (const std::uint32_t field : row.fields()) text += fields.name(field) + "=" + describe(row.value(field)) + "; ";
    text += "end. ";
  });
  return text + problem.value_or("");
}

const std::string kTaught = R"({"a":1,"b":2,"a key of many characters":3,"unwanted":4})";

std::string with_value(const std::string& value) {
  return R"({"a":)" + value + R"(,"b":2,"a key of many characters":3,"unwanted":4})";
}

TEST(FlatObject, ValuesAreWhatTheParserMakesOfThem) {
  for (const char* value : {"0",
                            "-0",
                            "1",
                            "-1",
                            "01",
                            "-01",
                            "1.5",
                            "-1.5",
                            "-0.0",
                            "0.1",
                            "00.1",
                            "1.",
                            ".5",
                            "1.5.5",
                            "1e3",
                            "1E3",
                            "1.5e-3",
                            "123456789012345678",
                            "1234567890123456789",
                            "-9223372036854775808",
                            "9223372036854775808",
                            "18446744073709551616",
                            "0.30000000000000004",
                            "9007199254740993.0",
                            "900719925474099.3",
                            "0.000000000000000001",
                            "123456.789",
                            "1 ",
                            " 1",
                            "1\t",
                            "1 2",
                            "1x",
                            "-",
                            "+1",
                            "--1",
                            "true",
                            "false",
                            "null",
                            "true ",
                            "truex",
                            "tru",
                            "nul",
                            "nullnull",
                            "NaN",
                            "Infinity",
                            "\"\"",
                            "\"x\"",
                            "\"x\" ",
                            " \"x\"",
                            "\"x\"y",
                            "\"x\" y",
                            "\"x\"\"y\"",
                            "\"x",
                            "\"a\\\"b\"",
                            "\"\\u00e9\"",
                            "\"\\ud800\"",
                            "\"\\x\"",
                            "\"\\\"",
                            "\"\\\\\"",
                            "\"a\tb\"",
                            "\"\xC3\xA9\"",
                            "\"\xC3\"",
                            "\"a text of more than sixteen bytes\"",
                            "[1]",
                            "[]",
                            "{}",
                            "{\"c\":1}",
                            "",
                            ",",
                            ":",
                            "}",
                            "1}",
                            "1,",
                            "\"1\""}) {
    EXPECT_EQ(outcome(with_value(value), kTaught), outcome(with_value(value), "")) << value;
  }
}

TEST(FlatObject, MessagesAreWhatTheParserMakesOfThem) {
  for (const char* message : {"",
                              " ",
                              "{}",
                              "{ }",
                              "[]",
                              "1",
                              "{\"a\"}",
                              "{\"a\":}",
                              "{\"a\":1",
                              "{\"a\":1,}",
                              "{\"a\":1}",
                              "{\"a\":1} ",
                              "{\"a\":1}x",
                              "{\"a\":1} {\"a\":2}",
                              "{\"a\":1}{\"a\":2}",
                              "{\"a\":1}}",
                              "{\"a\":1,\"b\":2}",
                              "{\"b\":1,\"a\":2}",
                              "{\"a\":1,\"a\":2}",
                              "{\"a\":1,\"b\":2,\"a\":3}",
                              "{\"a\" : 1 , \"b\" : 2 }",
                              "{\n\"a\":1,\r\n\"b\":\t2\n}\n",
                              "{\"a\":1 \"b\":2}",
                              "{\"a\" 1}",
                              "{\"a\",1}",
                              "{\"a\":1:2}",
                              "{a:1}",
                              "{\"a:1}",
                              "{\"\\u0061\":1}",
                              "{\"a\\\"\":1}",
                              "{\"a\":1,\"b\":2,\"a key of many characters\":3,\"unwanted\":[1,{\"x\":2}]}",
                              "{\"a\":1,\"b\":2,\"a key of many characterz\":3}",
                              "{\"a\":1,\"b\":2,\"a key of many characters\":3,\"unwanted\":x}"}) {
    EXPECT_EQ(outcome(message, kTaught), outcome(message, "")) << message;
  }
}

TEST(FlatObject, ChangedMessagesAreWhatTheParserMakesOfThem) {
  std::mt19937 random(11);
  const std::string alphabet = "{}[]:,\"\\ 019.-eatrufnl\x80\xC3\n";
  for (int i = 0; i < 20'000; ++i) {
    std::string message = R"({"a":-1.25,"b":"text","a key of many characters":true,"unwanted":null})";
    for (std::size_t changes = 1 + random() % 3; changes != 0; --changes) {
      const std::size_t place = random() % message.size();
      if (random() % 2 == 0)
        message[place] = alphabet[random() % alphabet.size()];
      else
        message.insert(place, 1, alphabet[random() % alphabet.size()]);
    }
    ASSERT_EQ(outcome(message, kTaught), outcome(message, "")) << message;
  }
}

/// That the straight way is gone at all.
TEST(FlatObject, ReadsWhatItIsFor) {
  ExpectedKeys keys;
  keys.set(0, "a", 0);
  keys.set(1, "b", std::nullopt);
  const auto reads = [&keys](std::string message) {
    RawRow row;
    RowArena arena;
    const std::size_t size = message.size();
    message.resize(size + 64);  // simdjson reads beyond
    return FlatObjectReader().read(message.data(), size, keys, row, arena);
  };
  EXPECT_TRUE(reads(R"({"a":1.5,"b":"x\n"})"));
  EXPECT_TRUE(reads(R"({"a":null})"));
  EXPECT_FALSE(reads(R"({"b":1})"));
  EXPECT_FALSE(reads(R"({"a":[1]})"));
  EXPECT_FALSE(reads(R"({"a":1,"b":2,"c":3})"));
}

}  // namespace
}  // namespace sarsen::ingest
