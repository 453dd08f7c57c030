#include "engine/time/posix_zone.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::engine {
namespace {

std::string changes(const char* rule, std::int64_t year) {
  std::string text;
  for (const ZoneChange& change : parse_posix_zone(rule).changes(year))
    text += format_iso(change.time_ms) + " " + std::to_string(change.offset_ms / kMinuteMs) + " ";
  return text;
}

TEST(PosixZone, ReadsAZoneWithoutSummerTime) {
  EXPECT_EQ(parse_posix_zone("CST6").offset_ms, -6 * kHourMs);
  EXPECT_EQ(parse_posix_zone("<+0545>-5:45").offset_ms, 345 * kMinuteMs);
  EXPECT_FALSE(parse_posix_zone("CST6").summer);
}

TEST(PosixZone, FindsTheDaysOfChange) {
  EXPECT_EQ(changes("EST5EDT,M3.2.0,M11.1.0", 2024), "2024-03-10T07:00:00.000Z -240 2024-11-03T06:00:00.000Z -300 ");
  EXPECT_EQ(changes("CET-1CEST,M3.5.0,M10.5.0/3", 2024), "2024-03-31T01:00:00.000Z 120 2024-10-27T01:00:00.000Z 60 ");
  EXPECT_EQ(changes("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2024),
            "2024-04-06T15:00:00.000Z 630 2024-10-05T15:30:00.000Z 660 ");
  EXPECT_EQ(changes("IST-1GMT0,M10.5.0,M3.5.0/1", 2024), "2024-03-31T01:00:00.000Z 60 2024-10-27T01:00:00.000Z 0 ");
  EXPECT_EQ(changes("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2024),
            "2024-03-31T01:00:00.000Z -60 2024-10-27T01:00:00.000Z -120 ");
  EXPECT_EQ(changes("XXX0YYY,J60/0,365/0", 2024), "2024-03-01T00:00:00.000Z 60 2024-12-30T23:00:00.000Z 0 ");
  EXPECT_EQ(changes("XXX0YYY,J60/0,300/0", 2023), "2023-03-01T00:00:00.000Z 60 2023-10-27T23:00:00.000Z 0 ");
}

TEST(PosixZone, RefusesWhatIsMalformed) {
  for (const char* rule : {"", "EST", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
                           "EST5EDT,M3.2.0,M11.1.0x", "<EST5", "EST200", "EST5:60", "EST5EDT,J0,J1"})
    EXPECT_THROW(parse_posix_zone(rule), Error) << rule;
}

}  // namespace
}  // namespace sarsen::engine
