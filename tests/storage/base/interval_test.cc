#include "storage/base/interval.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"

namespace sarsen {
namespace {

struct Case {
  const char* text;
  const char* expected;  // nullptr: refused
};

// What Joda 2.12 makes of each text, in UTC.
constexpr Case kTimes[] = {
    {"2015", "2015-01-01T00:00:00.000Z"},
    {"2015-9-1", "2015-09-01T00:00:00.000Z"},
    {"2015-09", "2015-09-01T00:00:00.000Z"},
    {"2015-09-12", "2015-09-12T00:00:00.000Z"},
    {"2015-123", "2015-05-03T00:00:00.000Z"},
    {"2015-1234", nullptr},
    {"2015-366", nullptr},
    {"2016-366", "2016-12-31T00:00:00.000Z"},
    {"2015-W01", "2014-12-29T00:00:00.000Z"},
    {"2015-W01-1", "2014-12-29T00:00:00.000Z"},
    {"2015-w53", "2015-12-28T00:00:00.000Z"},
    {"2015-W54", nullptr},
    {"2020-W53-7", "2021-01-03T00:00:00.000Z"},
    {"2015-W1-8", nullptr},
    {"2015-1", "2015-01-01T00:00:00.000Z"},
    {"20150912", "20150912-01-01T00:00:00.000Z"},
    {"2015T", "2015-01-01T00:00:00.000Z"},
    {"2015TZ", "2015-01-01T00:00:00.000Z"},
    {"2015-01-01Z", nullptr},
    {"2015-01-01T", "2015-01-01T00:00:00.000Z"},
    {"2015-01-01TZ", "2015-01-01T00:00:00.000Z"},
    {"2015-01-01T10", "2015-01-01T10:00:00.000Z"},
    {"2015-01-01T10.5", "2015-01-01T10:30:00.000Z"},
    {"2015-01-01T10,5", "2015-01-01T10:30:00.000Z"},
    {"2015-01-01T10:30", "2015-01-01T10:30:00.000Z"},
    {"2015-01-01T10:30.5", "2015-01-01T10:30:30.000Z"},
    {"2015-01-01T10:30:15", "2015-01-01T10:30:15.000Z"},
    {"2015-01-01T10:30:15.123456789", "2015-01-01T10:30:15.123Z"},
    {"2015-01-01T10:30:15.1234567891", nullptr},
    {"2015-01-01T10:30:15.", nullptr},
    {"2015-01-01t10:30:15,5z", "2015-01-01T10:30:15.500Z"},
    {"2015-01-01T24:00", nullptr},
    {"2015-01-01T10:60", nullptr},
    {"2015-01-01T10:30:60", nullptr},
    {"2015-01-01T-05:00", "2015-01-01T05:00:00.000Z"},
    {"2015-01-01T10:30-08", "2015-01-01T18:30:00.000Z"},
    {"2015-01-01T10:30-0800", "2015-01-01T18:30:00.000Z"},
    {"2015-01-01T10:30-08:0", nullptr},
    {"2015-01-01T10:30+8", nullptr},
    {"2015-01-01T10:30+24:00", nullptr},
    {"2015-01-01T10:30+23:59:59.999", "2014-12-31T10:30:00.001Z"},
    {"2015-01-01T10:30+235959999", "2014-12-31T10:30:00.001Z"},
    {"2015-01-01T10:30+08:00:", nullptr},
    {"2015-01-01T10:30+08:", nullptr},
    {"2015-01-01T10:30+0", nullptr},
    {"T10:30", "1970-01-01T10:30:00.000Z"},
    {"T10", "1970-01-01T10:00:00.000Z"},
    {"T", nullptr},
    {"t10:30Z", "1970-01-01T10:30:00.000Z"},
    {"", nullptr},
    {"-", nullptr},
    {"-5", "-0005-01-01T00:00:00.000Z"},
    {"-0001-01-01", "-0001-01-01T00:00:00.000Z"},
    {"+2015", "2015-01-01T00:00:00.000Z"},
    {"+10000-01-01", "10000-01-01T00:00:00.000Z"},
    {"12345-01-01", "12345-01-01T00:00:00.000Z"},
    {"292278993-12-31T23:59:59.999Z", "292278993-12-31T23:59:59.999Z"},
    {"292278994", "292278994-01-01T00:00:00.000Z"},
    {"-292275054", "-292275054-01-01T00:00:00.000Z"},
    {"-146136543-09-08T08:23:32.096Z", "-146136543-09-08T08:23:32.096Z"},
    {"146140482-04-24T15:36:27.903Z", "146140482-04-24T15:36:27.903Z"},
    {"2015-02-29", nullptr},
    {"2016-02-29", "2016-02-29T00:00:00.000Z"},
    {"2015-13-01", nullptr},
    {"2015-00-01", nullptr},
    {"2015-01-00", nullptr},
    {"2015-01-32", nullptr},
    {"0000", "0000-01-01T00:00:00.000Z"},
    {"0000-01-01", "0000-01-01T00:00:00.000Z"},
    {"2015-01-01 10:00", nullptr},
    {"2015-01-01T1", "2015-01-01T01:00:00.000Z"},
    {"2015-01-01T1:2:3", "2015-01-01T01:02:03.000Z"},
    {"2015-01-01T10:30:15.1239Z", "2015-01-01T10:30:15.123Z"},
    {"2015-01-01T10.123456789", "2015-01-01T10:07:24.443Z"},
    {"2015-01-01T10:30.33333333", "2015-01-01T10:30:19.999Z"},
    {"2015-01-01T00.000000001", "2015-01-01T00:00:00.000Z"},
    {"1", "0001-01-01T00:00:00.000Z"},
    {"12", "0012-01-01T00:00:00.000Z"},
    {"2015-01-01T10:+05", nullptr},
    {"2015-01-01T10:30:15Zx", nullptr},
    {"2015-01-01T10:30:15 Z", nullptr},
    {"9999999999", nullptr},
    {"999999999", nullptr},
    {"123456789012", nullptr},
    {"2015-000", nullptr},
    {"2015-W00", nullptr},
    {"2015-W", nullptr},
    {"2015-W-1", nullptr},
    {"2015-W1-", nullptr},
    {"2015-", nullptr},
    {"2015-01-", nullptr},
    {"+-5", nullptr},
    {"2015-+1", nullptr},
    {"292278993-12-31T23:59:59.999-23:00", "292278994-01-01T22:59:59.999Z"},
    {"-292275054-01-01T00:00+23:00", "-292275055-12-31T01:00:00.000Z"},
    {"2015-01-01T10:30:15.999999999-00:30", "2015-01-01T11:00:15.999Z"},
    {"2015-W10T05", "2015-03-02T05:00:00.000Z"},
    {"2015-060T05Z", "2015-03-01T05:00:00.000Z"},
    {"2015-W10-3T05.25+01", "2015-03-04T04:15:00.000Z"},
};

constexpr Case kIntervals[] = {
    {"2015/2016", "2015-01-01T00:00:00.000Z/2016-01-01T00:00:00.000Z"},
    {"2015/P1D", "2015-01-01T00:00:00.000Z/2015-01-02T00:00:00.000Z"},
    {"P1D/2015", "2014-12-31T00:00:00.000Z/2015-01-01T00:00:00.000Z"},
    {"P1D/P1D", nullptr},
    {"2016/2015", nullptr},
    {"2015", nullptr},
    {"/2015", nullptr},
    {"2015/", nullptr},
    {"2015/2016/2017", nullptr},
    {"0000/3000", "0000-01-01T00:00:00.000Z/3000-01-01T00:00:00.000Z"},
    {"2015-01-31/P1M", "2015-01-31T00:00:00.000Z/2015-02-28T00:00:00.000Z"},
    {"2016-02-29/P1Y1M", "2016-02-29T00:00:00.000Z/2017-03-28T00:00:00.000Z"},
    {"P1Y1M/2017-03-29", "2016-02-29T00:00:00.000Z/2017-03-29T00:00:00.000Z"},
    {"2015/pt10m", "2015-01-01T00:00:00.000Z/2015-01-01T00:10:00.000Z"},
    {"p1m/2015-03-31", "2015-02-28T00:00:00.000Z/2015-03-31T00:00:00.000Z"},
    {"2015/P-1D", nullptr},
    {"2015/P0D", "2015-01-01T00:00:00.000Z/2015-01-01T00:00:00.000Z"},
    {"2015/2015", "2015-01-01T00:00:00.000Z/2015-01-01T00:00:00.000Z"},
    {"2015-01-01T00:00+05:00/2015-01-02T00:00-05:00", "2014-12-31T19:00:00.000Z/2015-01-02T05:00:00.000Z"},
    {"-146136543-09-08T08:23:32.096Z/146140482-04-24T15:36:27.903Z",
     "-146136543-09-08T08:23:32.096Z/146140482-04-24T15:36:27.903Z"},
    {"2015/P300000000Y", nullptr},
    {"2015/P999999999M", "2015-01-01T00:00:00.000Z/83335348-04-01T00:00:00.000Z"},
    {"2015/PT2147483647H", "2015-01-01T00:00:00.000Z/246998-10-09T07:00:00.000Z"},
    {"292278993/P2Y", nullptr},
    {"2015/ 2016", nullptr},
    {"T10/T11", "1970-01-01T10:00:00.000Z/1970-01-01T11:00:00.000Z"},
    {"2016-02-29/P1Y", "2016-02-29T00:00:00.000Z/2017-02-28T00:00:00.000Z"},
    {"2016-02-29/P4Y", "2016-02-29T00:00:00.000Z/2020-02-29T00:00:00.000Z"},
    {"2015-12-31/P2M", "2015-12-31T00:00:00.000Z/2016-02-29T00:00:00.000Z"},
    {"2015-03-31/P-1M", nullptr},
    {"292278993-12-31T23:59:59.999Z/P1D", "292278993-12-31T23:59:59.999Z/292278994-01-01T23:59:59.999Z"},
    {"2015/P2147483647Y", nullptr},
    {"2015-01-01/PT-1.5S", nullptr},
    {"P1W/2015-01-10", "2015-01-03T00:00:00.000Z/2015-01-10T00:00:00.000Z"},
    {"2015-W01/P1W", "2014-12-29T00:00:00.000Z/2015-01-05T00:00:00.000Z"},
    {"2015-03-30T01:02:03.004Z/P1Y2M3W4DT5H6M7.008S", "2015-03-30T01:02:03.004Z/2016-06-24T06:08:10.012Z"},
    {"P1Y2M3W4DT5H6M7.008S/2015-03-30T01:02:03.004Z", "2014-01-04T19:55:55.996Z/2015-03-30T01:02:03.004Z"},
};

template <class Action>
std::string text_or_complaint(Action action) {
  try {
    return action();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    return std::string("refused: ") + error.what();
  }
}

void check(const Case& expected, const std::string& actual) {
  if (expected.expected != nullptr)
    EXPECT_EQ(actual, expected.expected) << expected.text;
  else
    EXPECT_THAT(actual, testing::AllOf(testing::StartsWith("refused: "), testing::HasSubstr(expected.text)));
}

TEST(Interval, ReadsTimesAsJoda) {
  for (const Case& time : kTimes) check(time, text_or_complaint([&time] { return format_iso(parse_iso(time.text)); }));
}

TEST(Interval, ReadsIntervalsAsJoda) {
  for (const Case& interval : kIntervals)
    check(interval, text_or_complaint([&interval] { return format_iso(parse_interval(interval.text)); }));
}

TEST(Interval, RefusesATimeBefore64Bits) { EXPECT_THROW(parse_iso("-292275055"), Error); }

TEST(Interval, PrintsTimesOfAllYears) {
  EXPECT_EQ(format_iso(INT64_MIN), "-292275055-05-16T16:47:04.192Z");
  EXPECT_EQ(format_iso(-4611686018427387904), "-146136543-09-08T08:23:32.096Z");
  EXPECT_EQ(format_iso(-62167219200001), "-0001-12-31T23:59:59.999Z");
  EXPECT_EQ(format_iso(-62167219200000), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso(-62198755200000), "-0001-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso(253402300799999), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(format_iso(253402300800000), "10000-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso(9223372036854775807), "292278994-08-17T07:12:55.807Z");
  EXPECT_EQ(format_iso(4611686018427387903), "146140482-04-24T15:36:27.903Z");
}

TEST(Interval, PrintsAndReadsEternity) {
  const std::string text = "-146136543-09-08T08:23:32.096Z/146140482-04-24T15:36:27.903Z";
  EXPECT_EQ(format_iso(kEternity), text);
  EXPECT_EQ(parse_interval(text), kEternity);
}

TEST(Interval, ReadsBackWhatItPrints) {
  std::uint64_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::int64_t time_ms = static_cast<std::int64_t>(state) >> (round % 40 + 2);
    ASSERT_EQ(parse_iso(format_iso(time_ms)), time_ms);
  }
}

TEST(Interval, SaysWhatIsWrong) {
  EXPECT_EQ(text_or_complaint([] { return std::to_string(parse_iso("2015-02-29")); }),
            "refused: Invalid time: \"2015-02-29\": value 29 for dayOfMonth must be in the range [1,28]");
  EXPECT_EQ(text_or_complaint([] { return std::to_string(parse_iso("2015-01-01Z")); }),
            "refused: Invalid time: \"2015-01-01Z\" is malformed at \"Z\"");
  EXPECT_EQ(text_or_complaint([] { return format_iso(parse_interval("2016/2015")); }),
            "refused: Invalid interval, the end must not be before the start: \"2016/2015\"");
}

TEST(CivilTime, CountsDaysThroughLeapYears) {
  std::int64_t days = days_from_civil({-5, 1, 1});
  for (std::int64_t year = -5; year < 2405; ++year) {
    for (std::int64_t month = 1; month <= 12; ++month) {
      for (std::int64_t day = 1; day <= days_in_month(year, month); ++day, ++days) {
        const CivilDate date{year, month, day};
        ASSERT_EQ(days_from_civil(date), days);
        ASSERT_EQ(civil_from_days(days), date);
      }
    }
  }
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(day_of_week(0), 4);
  EXPECT_EQ(day_of_week(-4), 7);
}

}  // namespace
}  // namespace sarsen
