#include "ingest/row/raw_value.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace sarsen::ingest {
namespace {

template <class T>
std::string describe(const Converted<T>& converted) {
  if (converted.failed) return "failed";
  if (converted.null) return "null";
  std::ostringstream text;
  text << converted.value;
  return text.str();
}

std::string metric_long(std::string_view text) { return describe(metric_number<std::int64_t>(RawValue::of(text))); }
std::string dimension_long(std::string_view text) {
  return describe(dimension_number<std::int64_t>(RawValue::of(text)));
}
std::string dimension_double(std::string_view text) { return describe(dimension_number<double>(RawValue::of(text))); }

TEST(RawValueTest, ReadsMetricTextLeniently) {
  EXPECT_EQ(metric_long("1,234"), "1234");
  EXPECT_EQ(metric_long(" +7 "), "7");
  EXPECT_EQ(metric_long("1.9"), "1");
  EXPECT_EQ(metric_long("-1e3"), "-1000");
  EXPECT_EQ(metric_long("1e30"), "9223372036854775807");
  EXPECT_EQ(metric_long(""), "failed");
  EXPECT_EQ(metric_long("five"), "failed");
  EXPECT_EQ(describe(metric_number<double>(RawValue::of(std::string_view("1e400")))), "inf");
}

TEST(RawValueTest, ReadsNumbersOfLongDimensionsExactly) {
  EXPECT_EQ(dimension_long("5"), "5");
  EXPECT_EQ(dimension_long("5.0"), "5");
  EXPECT_EQ(dimension_long("5e2"), "500");
  EXPECT_EQ(dimension_long("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(dimension_long("0.000"), "0");
  for (const char* text : {"5.5", "", "1,234", " 5", "9223372036854775808", "1e19", "1e-1", "e5", "1e99999999999", "."})
    EXPECT_EQ(dimension_long(text), "failed") << text;
}

TEST(RawValueTest, ReadsJavaDoubles) {
  EXPECT_EQ(dimension_double("1.5"), "1.5");
  EXPECT_EQ(dimension_double(".5f"), "0.5");
  EXPECT_EQ(dimension_double("0x1.8p1"), "3");
  EXPECT_EQ(dimension_double("-Infinity"), "-inf");
  EXPECT_TRUE(std::isnan(*parse_java_double("NaN")));
  for (const char* text : {"inf", "nan", "infinity", "1.5x", "", "+-1", "0x1"})
    EXPECT_EQ(parse_java_double(text), std::nullopt) << text;
  EXPECT_EQ(parse_java_double("1e-400"), 0.0);
}

TEST(RawValueTest, TakesNullsAsNullAndContainersAsFailures) {
  EXPECT_EQ(describe(metric_number<float>(RawValue::null())), "null");
  EXPECT_EQ(describe(metric_number<float>(RawValue{})), "null");
  EXPECT_EQ(describe(metric_number<std::int64_t>(RawValue::of(true))), "failed");
  EXPECT_EQ(describe(dimension_number<std::int64_t>(RawValue::of(true))), "1");
  EXPECT_EQ(describe(dimension_number<double>(RawValue::of(std::span<const RawValue>()))), "failed");
}

TEST(RawValueTest, GivesTextAsJavaPrints) {
  std::string scratch;
  EXPECT_EQ(text_of(RawValue::of(5.0), scratch), "5.0");
  EXPECT_EQ(text_of(RawValue::of(1e20), scratch), "1.0E20");
  EXPECT_EQ(text_of(RawValue::of(false), scratch), "false");
  EXPECT_EQ(text_of(RawValue::null(), scratch), std::nullopt);
  const std::array<RawValue, 2> list = {RawValue::of(std::int64_t{1}), RawValue::null()};
  EXPECT_EQ(text_of(RawValue::of(std::span<const RawValue>(list)), scratch), "[1, null]");
  const std::array<RawValue, 3> blanks = {RawValue::of(std::string_view()), RawValue::of(std::string_view("a")),
                                          RawValue::of(std::string_view())};
  EXPECT_EQ(text_of(RawValue::of(std::span<const RawValue>(blanks)), scratch), "[, a, ]");
}

}  // namespace
}  // namespace sarsen::ingest
