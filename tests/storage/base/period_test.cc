#include "storage/base/period.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen {
namespace {

struct Case {
  const char* text;
  const char* expected;  // nullptr: refused
};

// What Joda 2.12 makes of each text.
constexpr Case kPeriods[] = {
    {"P1D", "P1D"},
    {"p1d", "P1D"},
    {"P", "PT0S"},
    {"PT", nullptr},
    {"P1DT", nullptr},
    {"PT10m", "PT10M"},
    {"PT1.5S", "PT1.500S"},
    {"PT-1.5S", "PT-1.500S"},
    {"PT.5S", "PT0.500S"},
    {"PT-.5S", nullptr},
    {"PT1,5S", "PT1.500S"},
    {"PT1.S", "PT1S"},
    {"P1Y2M3W4DT5H6M7.008S", "P1Y2M3W4DT5H6M7.008S"},
    {"P-1Y", "P-1Y"},
    {"P+1Y", "P1Y"},
    {"P1M1Y", nullptr},
    {"P1H", nullptr},
    {"PT1D", nullptr},
    {"PT1M", "PT1M"},
    {"P1W1D", "P1W1D"},
    {"P0D", "PT0S"},
    {"PT0S", "PT0S"},
    {"P1.5D", nullptr},
    {"P99999999999D", nullptr},
    {"P2147483648D", nullptr},
    {"P2147483647D", "P2147483647D"},
    {"P-2147483648D", "P-2147483648D"},
    {"PT1.1234S", "PT1.123S"},
    {"PT0.001S", "PT0.001S"},
    {"PT-0.001S", "PT-0.001S"},
    {"-P1D", nullptr},
    {" P1D", nullptr},
    {"P1D ", nullptr},
    {"P1X", nullptr},
    {"PT1H1S", "PT1H1S"},
    {"P1YT", nullptr},
    {"P1Y T1H", nullptr},
    {"P1t1h", nullptr},
    {"P1Dt1h", "P1DT1H"},
    {"PT1.0005S", "PT1S"},
    {"PT36H", "PT36H"},
    {"P1D1D", nullptr},
    {"PT1S1S", nullptr},
    {"P 1D", nullptr},
    {"P--1D", nullptr},
    {"P-D", nullptr},
    {"P1", nullptr},
    {"1D", nullptr},
    {"PT61.999S", "PT61.999S"},
    {"", nullptr},
    {"P1DPT1H", nullptr},
    {"PT2147483647.999S", nullptr},
    {"PT1.-5S", nullptr},
    {"PT00000000000000001S", nullptr},
};

TEST(Period, ReadsAndPrintsAsJoda) {
  for (const Case& period : kPeriods) {
    if (period.expected == nullptr)
      EXPECT_THROW(Period::parse(period.text), Error) << period.text;
    else
      EXPECT_EQ(Period::parse(period.text).to_string(), period.expected) << period.text;
  }
}

TEST(Period, NamesTheTextItRefuses) {
  try {
    Period::parse("P1X");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput);
    EXPECT_STREQ(error.what(), "Invalid period: \"P1X\"; expected ISO-8601 such as P1D or PT10M");
  }
}

TEST(Period, HasALengthWithoutYearsAndMonths) {
  EXPECT_EQ(Period::parse("P1W2DT3H4M5.006S").fixed_ms(),
            kWeekMs + 2 * kDayMs + 3 * kHourMs + 4 * kMinuteMs + 5 * kSecondMs + 6);
  EXPECT_EQ(Period::parse("P1M").fixed_ms(), std::nullopt);
  EXPECT_EQ(Period::parse("P2147483647W").fixed_ms(), 2147483647 * kWeekMs);
  EXPECT_TRUE(Period::parse("P0D").is_zero());
}

std::string added(const char* time, const char* period, std::int64_t count = 1) {
  return format_iso(add_period(parse_iso(time), Period::parse(period), count));
}

TEST(Period, AddsByTheCalendar) {
  EXPECT_EQ(added("2015-01-31", "P1M"), "2015-02-28T00:00:00.000Z");
  EXPECT_EQ(added("2015-01-31", "P1M", 2), "2015-03-31T00:00:00.000Z");
  EXPECT_EQ(added("2015-03-31", "P1M", -1), "2015-02-28T00:00:00.000Z");
  EXPECT_EQ(added("2016-02-29", "P1Y1M"), "2017-03-28T00:00:00.000Z");
  EXPECT_EQ(added("1969-12-31T23:59:59.999Z", "PT0.001S"), "1970-01-01T00:00:00.000Z");
}

TEST(Period, RefusesToLeaveTheRangeOfTimes) {
  EXPECT_THROW(added("292278993", "P1Y"), Error);
  EXPECT_THROW(added("-292275054", "P1M", -1), Error);
  EXPECT_THROW(added("2015", "P2147483647Y", INT64_MAX), Error);
  EXPECT_THROW(added("2015", "P2147483647M", 4611686018427387903), Error);
  EXPECT_THROW(add_period(INT64_MAX, Period::parse("PT0.001S")), Error);
}

}  // namespace
}  // namespace sarsen
