#include "storage/base/json_writer.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <span>

#include "storage/base/json.h"
#include "storage/base/smile_reader.h"

namespace sarsen {
namespace {

std::string quoted(std::string_view utf8) {
  std::string text;
  append_json_string(text, utf8);
  return text;
}

void write_sample(JsonWriter& writer) {
  writer.begin_array().begin_object();
  writer.key("timestamp").string("2015-09-12T00:00:00.000Z");
  writer.key("result").begin_array();
  writer.begin_object().key("count").integer(33).key("page").string("A").end_object();
  writer.begin_object().key("none").null().key("ok").boolean(false).end_object();
  writer.end_array().end_object().end_array();
}

TEST(JsonWriter, WritesCompactTextWithoutBlanks) {
  JsonWriter writer;
  write_sample(writer);
  EXPECT_EQ(
      writer.take(),
      R"([{"timestamp":"2015-09-12T00:00:00.000Z","result":[{"count":33,"page":"A"},{"none":null,"ok":false}]}])");
}

TEST(JsonWriter, WritesPrettyTextAsJackson) {
  JsonWriter writer(JsonStyle::kPretty);
  write_sample(writer);
  EXPECT_EQ(writer.take(), R"([ {
  "timestamp" : "2015-09-12T00:00:00.000Z",
  "result" : [ {
    "count" : 33,
    "page" : "A"
  }, {
    "none" : null,
    "ok" : false
  } ]
} ])");
}

TEST(JsonWriter, WritesEmptyAndNestedContainersPretty) {
  JsonWriter writer(JsonStyle::kPretty);
  writer.begin_object().key("a").begin_array().end_array().key("o").begin_object().end_object();
  writer.key("events").begin_array();
  writer.begin_array().integer(1).string("a").end_array();
  writer.begin_array().begin_object().key("x").integer(2).end_object().end_array();
  writer.end_array().end_object();
  EXPECT_EQ(writer.take(), R"({
  "a" : [ ],
  "o" : { },
  "events" : [ [ 1, "a" ], [ {
    "x" : 2
  } ] ]
})");
}

TEST(JsonWriter, WritesEmptyContainersCompact) {
  JsonWriter writer;
  writer.begin_array().begin_array().end_array().begin_object().end_object().end_array();
  EXPECT_EQ(writer.take(), "[[],{}]");
}

TEST(JsonWriter, WritesTheSameDocumentAsSmile) {
  JsonWriter writer(JsonStyle::kSmile);
  writer.begin_array().begin_object().key("a").null().key("b").boolean(true).key("c").integer(-1234567890123);
  std::string bytes = writer.take();
  writer.key("d").number(0.5).key("e").number(1.5F).key("f").string("hé").key("g").raw(R"({"a":[1,"x"]})");
  writer.end_object().end_array();
  bytes += writer.take();
  EXPECT_EQ(bytes.substr(0, 4), "\x3A\x29\x0A\x05");
  EXPECT_EQ(parse_smile(std::as_bytes(std::span(bytes))).dump(),
            R"([{"a":null,"b":true,"c":-1234567890123,"d":0.5,"e":1.5,"f":"hé","g":{"a":[1,"x"]}}])");
}

TEST(JsonWriter, GoesOnAfterItsTextWasTaken) {
  JsonWriter writer;
  writer.begin_array().integer(1);
  std::string text = writer.take();
  writer.raw("{\"x\":2}").number(1.5).end_array();
  EXPECT_EQ(text + writer.take(), "[1,{\"x\":2},1.5]");
}

TEST(JsonWriter, QuotesWhatIsNoNumber) {
  JsonWriter writer;
  writer.begin_array().number(std::nan("")).number(HUGE_VAL).number(-HUGE_VALF).number(1.1f).number(-0.0).end_array();
  EXPECT_EQ(writer.take(), R"(["NaN","Infinity","-Infinity",1.1,-0.0])");
}

TEST(JsonWriter, EscapesStringsAsJackson) {
  EXPECT_EQ(quoted("a\"b\\c/d\x7f"), "\"a\\\"b\\\\c/d\x7f\"");
  EXPECT_EQ(quoted(std::string_view("\b\f\n\r\t\x01\x1f\0", 8)), R"("\b\f\n\r\t\u0001\u001F\u0000")");
  EXPECT_EQ(quoted("é€"), "\"é€\"");
  EXPECT_EQ(quoted("x😀y"), R"("x\uD83D\uDE00y")");
  EXPECT_EQ(quoted("\xF4\x8F\xBF\xBF"), R"("\uDBFF\uDFFF")");
}

TEST(JsonWriter, ReplacesBrokenUtf8AsJavaDoes) {
  EXPECT_EQ(quoted("a\xff\x62"), "\"a\uFFFDb\"");
  EXPECT_EQ(quoted("\xe2\x82"), "\"\uFFFD\"");
  EXPECT_EQ(quoted("\xe2\x28\xa1"), "\"\uFFFD(\uFFFD\"");
  EXPECT_EQ(quoted("\xed\xa0\x80"), "\"\uFFFD\"");
  EXPECT_EQ(quoted("\xc0\x80"), "\"\uFFFD\uFFFD\"");
}

TEST(JavaText, LaysDoublesOutAsJava) {
  EXPECT_EQ(java_text(0.0), "0.0");
  EXPECT_EQ(java_text(-0.0), "-0.0");
  EXPECT_EQ(java_text(1.0), "1.0");
  EXPECT_EQ(java_text(100.0), "100.0");
  EXPECT_EQ(java_text(123456.5), "123456.5");
  EXPECT_EQ(java_text(9999999.0), "9999999.0");
  EXPECT_EQ(java_text(9999999.999999998), "9999999.999999998");
  EXPECT_EQ(java_text(1e7), "1.0E7");
  EXPECT_EQ(java_text(12345678.0), "1.2345678E7");
  EXPECT_EQ(java_text(0.001), "0.001");
  EXPECT_EQ(java_text(0.002), "0.002");
  EXPECT_EQ(java_text(0.0001), "1.0E-4");
  EXPECT_EQ(java_text(-0.00012), "-1.2E-4");
  EXPECT_EQ(java_text(0.1), "0.1");
  EXPECT_EQ(java_text(1e21), "1.0E21");
  EXPECT_EQ(java_text(123456789012345678.0), "1.2345678901234568E17");
  EXPECT_EQ(java_text(DBL_MAX), "1.7976931348623157E308");
  EXPECT_EQ(java_text(std::numeric_limits<double>::denorm_min()), "4.9E-324");
  EXPECT_EQ(java_text(2 * std::numeric_limits<double>::denorm_min()), "1.0E-323");
  EXPECT_EQ(java_text(2e23), "1.9999999999999998E23");
  EXPECT_EQ(java_text(1e23), "9.999999999999999E22");
  EXPECT_EQ(java_text(std::ldexp(1.0, -44)), "5.6843418860808015E-14");
  EXPECT_EQ(java_text(std::ldexp(1.0, 62)), "4.6116860184273879E18");
  EXPECT_EQ(java_text(9007199254740992.0), "9.007199254740992E15");
  EXPECT_EQ(java_text(3.8189059803482717e25), "3.8189059803482716E25");  // where Java's sums overflow
  EXPECT_EQ(java_text(9007199254740992.0F), "9.0071993E15");
  EXPECT_EQ(java_text(std::ldexp(1.0F, 83)), "9.6714065E24");
  EXPECT_EQ(java_text(FLT_MIN), "1.17549435E-38");
  EXPECT_EQ(java_text(2.0e-3), "0.002");
  EXPECT_EQ(java_text(-HUGE_VAL), "-Infinity");
  EXPECT_EQ(java_text(std::nan("")), "NaN");
}

TEST(JavaText, LaysFloatsOutAsJava) {
  EXPECT_EQ(java_text(1.1f), "1.1");
  EXPECT_EQ(java_text(0.1f), "0.1");
  EXPECT_EQ(java_text(1e7f), "1.0E7");
  EXPECT_EQ(java_text(16777216.0f), "1.6777216E7");
  EXPECT_EQ(java_text(FLT_MAX), "3.4028235E38");
  EXPECT_EQ(java_text(std::numeric_limits<float>::denorm_min()), "1.4E-45");
  EXPECT_EQ(java_text(3.0e10f), "3.0000001E10");
}

}  // namespace
}  // namespace sarsen
