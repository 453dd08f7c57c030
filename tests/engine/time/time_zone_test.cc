#include "engine/time/time_zone.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/civil_time.h"
#include "storage/base/interval.h"

namespace sarsen::engine {
namespace {

struct ZoneCase {
  const char* name;
  const char* id;
  std::int64_t winter_ms;  // offset on 2024-01-01
  std::int64_t summer_ms;  // offset on 2024-07-03
};

// What Druid 33 makes of each name.
constexpr ZoneCase kZones[] = {
    {"UTC", "UTC", 0, 0},
    {"Z", "UTC", 0, 0},
    {"", "UTC", 0, 0},
    {"Etc/UTC", "Etc/UTC", 0, 0},
    {"Etc/GMT+8", "Etc/GMT+8", -28800000, -28800000},
    {"+05:30", "+05:30", 19800000, 19800000},
    {"-08", "-08:00", -28800000, -28800000},
    {"-0800", "-08:00", -28800000, -28800000},
    {"+05:30:15.123", "+05:30:15.123", 19815123, 19815123},
    {"+5", "UTC", 0, 0},
    {"+24:00", "UTC", 0, 0},
    {"-00:00", "UTC", 0, 0},
    {"UTC+5", "UTC", 0, 0},
    {"GMT+5", "+05:00", 18000000, 18000000},
    {"GMT-08:00", "-08:00", -28800000, -28800000},
    {"GMT+0530", "+05:30", 19800000, 19800000},
    {"GMT+25", "UTC", 0, 0},
    {"PST", "America/Los_Angeles", -28800000, -25200000},
    {"EST", "EST", -18000000, -18000000},
    {"NST", "Pacific/Auckland", 46800000, 43200000},
    {"EST5EDT", "EST5EDT", -18000000, -14400000},
    {"US/Pacific", "America/Los_Angeles", -28800000, -25200000},
    {"Asia/Calcutta", "Asia/Kolkata", 19800000, 19800000},
    {"Mars/Base", "UTC", 0, 0},
    {"america/new_york", "UTC", 0, 0},
    {"localtime", "UTC", 0, 0},
    {"posix/Europe/Paris", "UTC", 0, 0},
    {"America/", "UTC", 0, 0},
    {"America", "UTC", 0, 0},
    {"../etc/passwd", "UTC", 0, 0},
    {"A/../../../etc/passwd", "UTC", 0, 0},
    {"/etc/passwd", "UTC", 0, 0},
};

TEST(TimeZone, FindsZonesAsDruid) {
  for (const ZoneCase& expected : kZones) {
    const auto zone = TimeZone::find(expected.name);
    EXPECT_EQ(zone->id(), expected.id) << expected.name;
    EXPECT_EQ(zone->offset_ms(1704067200000), expected.winter_ms) << expected.name;
    EXPECT_EQ(zone->offset_ms(1720000000000), expected.summer_ms) << expected.name;
  }
}

TEST(TimeZone, FollowsTheRuleForever) {
  const auto zone = TimeZone::find("America/New_York");
  for (const char* year : {"2038", "2100", "2399", "2424", "2438", "2500", "9999", "146140481"}) {
    const std::string text(year);
    EXPECT_EQ(zone->offset_ms(parse_iso(text + "-01-15")), -5 * kHourMs) << text;
    EXPECT_EQ(zone->offset_ms(parse_iso(text + "-07-15")), -4 * kHourMs) << text;
  }
  EXPECT_EQ(zone->offset_ms(parse_iso("2100-03-14T06:59:59.999Z")), -5 * kHourMs);
  EXPECT_EQ(zone->offset_ms(parse_iso("2100-03-14T07:00Z")), -4 * kHourMs);
}

TEST(TimeZone, ConvertsLocalTimesInGapsAndOverlaps) {
  const auto new_york = TimeZone::find("America/New_York");
  const auto berlin = TimeZone::find("Europe/Berlin");
  const auto utc = [](const TimeZone& zone, const char* local) { return format_iso(zone.to_utc(parse_iso(local))); };
  EXPECT_EQ(utc(*new_york, "2024-03-10T02:30"), "2024-03-10T07:30:00.000Z");
  EXPECT_EQ(utc(*new_york, "2024-11-03T01:30"), "2024-11-03T05:30:00.000Z");
  EXPECT_EQ(utc(*berlin, "2024-03-31T02:30"), "2024-03-31T01:30:00.000Z");
  EXPECT_EQ(utc(*berlin, "2024-10-27T02:30"), "2024-10-27T00:30:00.000Z");
  EXPECT_EQ(utc(*berlin, "2024-06-01T12:00"), "2024-06-01T10:00:00.000Z");
}

TEST(TimeZone, KeepsTheOffsetOfTheTimeThatWasRounded) {
  const auto berlin = TimeZone::find("Europe/Berlin");
  const std::int64_t local_ms = parse_iso("2024-10-27T02:00");
  EXPECT_EQ(format_iso(berlin->to_utc(local_ms, parse_iso("2024-10-27T00:30Z"))), "2024-10-27T00:00:00.000Z");
  EXPECT_EQ(format_iso(berlin->to_utc(local_ms, parse_iso("2024-10-27T01:30Z"))), "2024-10-27T01:00:00.000Z");
}

}  // namespace
}  // namespace sarsen::engine
