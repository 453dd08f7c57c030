#include "ingest/row/timestamp_spec.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {
namespace {

TimestampSpec spec_of(const std::string& format, const std::string& more = "") {
  const Json json = Json::parse(R"({"column":"t","format":")" + format + "\"" + more + "}");
  return TimestampSpec::parse(JsonField(json));
}

std::string time_of(const std::string& format, const RawValue& value) {
  const auto time_ms = spec_of(format).time_ms(value);
  return time_ms ? format_iso(*time_ms) : "unparseable";
}

std::string time_of(const std::string& format, std::string_view text) { return time_of(format, RawValue::of(text)); }

TEST(TimestampSpecTest, ReadsTheFormatAuto) {
  EXPECT_EQ(time_of("auto", "2013-08-31T01:02:33Z"), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("auto", RawValue::of(std::int64_t{1377910953000})), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("AUTO", "1377910953"), "1970-01-16T22:45:10.953Z");
  EXPECT_EQ(time_of("auto", "2013-08-31"), "2013-08-31T00:00:00.000Z");
  EXPECT_EQ(time_of("auto", "2013-08-31 01:02:33"), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("auto", "2013-08-31T01:02:33+02:00"), "2013-08-30T23:02:33.000Z");
  EXPECT_EQ(time_of("auto", "2009-02-13 23:31:30-08:00"), "2009-02-14T07:31:30.000Z");
  EXPECT_EQ(time_of("auto", RawValue::of(1.377910953E9)), "unparseable");
  EXPECT_EQ(time_of("auto", ""), "unparseable");
  EXPECT_EQ(time_of("auto", RawValue::null()), "unparseable");
  EXPECT_EQ(time_of("auto", RawValue::of(true)), "unparseable");
  EXPECT_EQ(time_of("auto", "  \" 2013-08-31 \" "), "2013-08-31T00:00:00.000Z");
}

TEST(TimestampSpecTest, IgnoresTheZoneNameThatFollowsATime) {
  EXPECT_EQ(time_of("auto", "2009-02-13 23:31:30 PST"), "2009-02-13T23:31:30.000Z");
  EXPECT_EQ(time_of("auto", "2009-02-13 23:31:30 UTC"), "2009-02-13T23:31:30.000Z");
  EXPECT_EQ(time_of("auto", "2009-02-13 23:31:30 Nowhere/Land"), "unparseable");
}

TEST(TimestampSpecTest, TakesTheIsoPathForSignsAndBlanks) {
  EXPECT_EQ(time_of("auto", "-1"), format_iso(*spec_of("iso").time_ms(RawValue::of(std::string_view("-0001-01-01")))));
  EXPECT_EQ(time_of("auto", "+5"), "0005-01-01T00:00:00.000Z");
  EXPECT_EQ(time_of("auto", " 1377910953000"), "unparseable");
}

TEST(TimestampSpecTest, ReadsIsoInAllItsForms) {
  EXPECT_EQ(time_of("iso", "2013"), "2013-01-01T00:00:00.000Z");
  EXPECT_EQ(time_of("iso", "2013-08"), "2013-08-01T00:00:00.000Z");
  EXPECT_EQ(time_of("iso", "2013-8-1T1"), "2013-08-01T01:00:00.000Z");
  EXPECT_EQ(time_of("iso", "2009-W01-1"), "2008-12-29T00:00:00.000Z");
  EXPECT_EQ(time_of("iso", "2013-243"), "2013-08-31T00:00:00.000Z");
  EXPECT_EQ(time_of("iso", "2013-08-31T10.5"), "2013-08-31T10:30:00.000Z");
  EXPECT_EQ(time_of("iso", "2013-08-31T10:30,25"), "2013-08-31T10:30:15.000Z");
  EXPECT_EQ(time_of("iso", "2013-08-31T10:30:00.123456789-0130"), "2013-08-31T12:00:00.123Z");
  EXPECT_EQ(time_of("iso", "T10:20"), "1970-01-01T10:20:00.000Z");
  EXPECT_EQ(time_of("iso", "1377910953000"), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("iso", "2013-08-31t10:20:30z"), "2013-08-31T10:20:30.000Z");
  EXPECT_EQ(time_of("iso", "2009-w01-1"), "2008-12-29T00:00:00.000Z");
  EXPECT_EQ(time_of("iso", "2013-08-31 01:02:33"), "unparseable");
  for (const char* text :
       {"2013-13-01", "2013-02-29", "2013-08-31T24:00", "2013-08-31T10:60", "2013-08-31T10:30:60", "2013-366", "x",
        "2013-08-31Tx", "2013-08-31T10:20:30.1234567890", "2013-08-31T10:00+25:00", "T", "999999999-01-01"})
    EXPECT_EQ(time_of("iso", text), "unparseable") << text;
}

TEST(TimestampSpecTest, ReadsWhatMostStreamsHave) {
  EXPECT_EQ(time_of("iso", "2013-08-31T01:02:33.007Z"), "2013-08-31T01:02:33.007Z");
  EXPECT_EQ(time_of("iso", "2013-08-31T23:59:59.999"), "2013-08-31T23:59:59.999Z");
  EXPECT_EQ(time_of("iso", "0000-02-29"), "0000-02-29T00:00:00.000Z");
  EXPECT_EQ(time_of("auto", "2013-08-31 01:02:33.450Z"), "2013-08-31T01:02:33.450Z");
  for (const char* text : {"2013-08-31T01:02:33.45xZ", "2013-08-31T01:02:3xZ", "2013-08-31T24:02:33Z", "2013-0x-31",
                           "2013-08-31T01:60:33", "2013-08-31T01:02:60", "2013-08-32", "2013-08-31Z", "20x3-08-31",
                           "2013-08-31T01:02:33.12345678Zx", "2013-08-31T01:02:33;007", "2013-08-31T01.02:33"})
    EXPECT_EQ(time_of("iso", text), "unparseable") << text;
}

TEST(TimestampSpecTest, ReadsNumbersByTheirUnit) {
  EXPECT_EQ(time_of("posix", "1377910953"), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("posix", RawValue::of(1377910953.9)), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("posix", "1.5"), "unparseable");
  EXPECT_EQ(time_of("millis", RawValue::of(std::int64_t{1377910953000})), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("micro", "1377910953000999"), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("nano", RawValue::of(std::int64_t{1377910953000999999})), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("ruby", "1377910953.5"), "2013-08-31T01:02:33.500Z");
  EXPECT_EQ(time_of("millis", RawValue::of(std::int64_t{INT64_MAX})), "unparseable");
}

TEST(TimestampSpecTest, ReadsJodaPatterns) {
  EXPECT_EQ(time_of("yyyy-MM-dd HH:mm:ss", "2013-08-31 01:02:33"), "2013-08-31T01:02:33.000Z");
  EXPECT_EQ(time_of("yyyyMMddHHmmssSSS", "20130831010233007"), "2013-08-31T01:02:33.007Z");
  EXPECT_EQ(time_of("d/MMM/yyyy:HH:mm:ss Z", "31/Aug/2013:01:02:33 +0200"), "2013-08-30T23:02:33.000Z");
  EXPECT_EQ(time_of("EEE MMMM d hh:mm a yyyy", "Sat August 31 01:02 pm 2013"), "2013-08-31T13:02:00.000Z");
  EXPECT_EQ(time_of("yyyy-MM-dd'T'HH 'o''clock'", "2013-08-31T01 o'clock"), "2013-08-31T01:00:00.000Z");
  EXPECT_EQ(time_of("yyyy'-open", "2013-open"), "2013-01-01T00:00:00.000Z");
  EXPECT_EQ(time_of("dd/MM/yy", "31/08/13"), "2013-08-31T00:00:00.000Z");
  EXPECT_EQ(time_of("yyyy-MM-dd", "2013-08-31x"), "unparseable");
  EXPECT_EQ(time_of("yyyy-MM-dd", "2013-02-30"), "unparseable");
  EXPECT_THROW(spec_of("yyyy-bb"), Error);
}

TEST(TimestampSpecTest, UsesTheMissingValueForNullButNotForEmptyText) {
  const TimestampSpec spec = spec_of("auto", R"(,"missingValue":"2010-01-01")");
  EXPECT_EQ(spec.time_ms(RawValue{}), parse_iso("2010-01-01"));
  EXPECT_EQ(spec.time_ms(RawValue::null()), parse_iso("2010-01-01"));
  EXPECT_EQ(spec.time_ms(RawValue::of(std::string_view())), std::nullopt);
}

TEST(TimestampSpecTest, WritesItselfAsTheMetadataHoldsIt) {
  EXPECT_EQ(spec_of("iso").to_json().dump(), R"({"column":"t","format":"iso","missingValue":null})");
}

}  // namespace
}  // namespace sarsen::ingest
