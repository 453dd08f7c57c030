#pragma once
// Java's and ICU's calendar: Gregorian from 1582-10-15 on, Julian before. Years are astronomical: 0 is 1 BC. Functions
// of their arguments only.

#include "storage/base/civil_time.h"

namespace sarsen::engine {

/// 1582-10-15 in days since 1970-01-01.
inline constexpr std::int64_t kGregorianStart = -141'427;

constexpr bool is_julian_leap_year(std::int64_t year) noexcept { return floor_remainder(year, 4) == 0; }

/// Days since 1970-01-01 of a date of the Julian calendar; `day` may be any number. REQUIRES: 1 <= month <= 12.
constexpr std::int64_t days_from_julian(const CivilDate& date) noexcept {
  constexpr std::int64_t kDaysBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const std::int64_t leap_day = date.month > 2 && is_julian_leap_year(date.year) ? 1 : 0;
  const std::int64_t years = date.year - 1;
  return 365 * years + floor_divide(years, 4) + kDaysBefore[date.month - 1] + leap_day + date.day - 719'165;
}

constexpr CivilDate julian_from_days(std::int64_t days) noexcept {
  const std::int64_t since_year_1 = days + 719'164;
  std::int64_t year = floor_divide(4 * since_year_1 + 1464, 1461);
  std::int64_t month = 12;
  while (month > 1 && days < days_from_julian({year, month, 1})) --month;
  return {year, month, days - days_from_julian({year, month, 1}) + 1};
}

constexpr CivilDate hybrid_from_days(std::int64_t days) noexcept {
  return days >= kGregorianStart ? civil_from_days(days) : julian_from_days(days);
}

constexpr std::int64_t days_from_hybrid(const CivilDate& date) noexcept {
  const std::int64_t days = days_from_civil(date);
  return days >= kGregorianStart ? days : days_from_julian(date);
}

static_assert(julian_from_days(kGregorianStart - 1) == CivilDate{1582, 10, 4});
static_assert(days_from_julian({1582, 10, 4}) == kGregorianStart - 1 && days_from_julian({1, 1, 1}) == -719'164);
static_assert(julian_from_days(-719'165) == CivilDate{0, 12, 31} && julian_from_days(-719'164) == CivilDate{1, 1, 1});

}  // namespace sarsen::engine
