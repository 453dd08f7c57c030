#pragma once
// The proleptic Gregorian calendar in UTC, over the whole range of 64-bit milliseconds: days and fields of a time,
// without tables and without a library. Years are astronomical: 0 is 1 BC.

#include <cstdint>

namespace sarsen {

inline constexpr std::int64_t kSecondMs = 1000;
inline constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;
inline constexpr std::int64_t kWeekMs = 7 * kDayMs;

// Joda's limits: every time of these years fits into 64-bit milliseconds.
inline constexpr std::int64_t kYearMin = -292'275'054;
inline constexpr std::int64_t kYearMax = 292'278'993;

/// Rounds towards minus infinity. REQUIRES: divisor > 0.
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) noexcept {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// In [0, divisor). REQUIRES: divisor > 0.
constexpr std::int64_t floor_remainder(std::int64_t value, std::int64_t divisor) noexcept {
  const std::int64_t remainder = value % divisor;
  return remainder < 0 ? remainder + divisor : remainder;
}

// Java's arithmetic: at the ends of 64 bits it wraps round.
constexpr std::int64_t wrapping_add(std::int64_t left, std::int64_t right) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right));
}
constexpr std::int64_t wrapping_subtract(std::int64_t left, std::int64_t right) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) - static_cast<std::uint64_t>(right));
}

struct CivilDate {
  std::int64_t year;
  std::int64_t month;  // 1 to 12
  std::int64_t day;    // 1 to 31

  bool operator==(const CivilDate&) const = default;
};

constexpr bool is_leap_year(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) noexcept {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last.
constexpr std::int64_t days_from_civil(const CivilDate& date) noexcept {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

constexpr CivilDate civil_from_days(std::int64_t days) noexcept {
  const std::int64_t from_march_0 = days + 719'468;
  const std::int64_t era = floor_divide(from_march_0, 146'097);
  const std::int64_t day_of_era = from_march_0 - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

constexpr CivilDate civil_from_ms(std::int64_t time_ms) noexcept {
  return civil_from_days(floor_divide(time_ms, kDayMs));
}

/// 1 (Monday) to 7, for days since 1970-01-01, a Thursday.
constexpr std::int64_t day_of_week(std::int64_t days) noexcept { return floor_remainder(days + 3, 7) + 1; }

/// The Monday that begins the ISO week-year, in days since 1970-01-01: the week that holds January 4th.
constexpr std::int64_t week_year_start(std::int64_t year) noexcept {
  const std::int64_t fourth = days_from_civil({year, 1, 4});
  return fourth - (day_of_week(fourth) - 1);
}

constexpr std::int64_t weeks_in_year(std::int64_t year) noexcept {
  return (week_year_start(year + 1) - week_year_start(year)) / 7;
}

/// The date `months` later, its day cut to the length of the month.
constexpr CivilDate add_months(const CivilDate& date, std::int64_t months) noexcept {
  const std::int64_t month_index = date.year * 12 + date.month - 1 + months;
  const std::int64_t year = floor_divide(month_index, 12);
  const std::int64_t month = month_index - year * 12 + 1;
  const std::int64_t length = days_in_month(year, month);
  return {year, month, date.day < length ? date.day : length};
}

}  // namespace sarsen
