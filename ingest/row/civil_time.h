#pragma once
// Calendar fields to an instant, for the parsers of timestamps. The proleptic Gregorian calendar, as Joda's ISO
// chronology; every field is checked. Years of more digits than a time in milliseconds can hold are refused.

#include <cstdint>
#include <optional>

namespace sarsen::ingest {

inline constexpr std::int64_t kDayMs = 86'400'000;
inline constexpr std::int64_t kYearMax = 292'278'993;  // Joda's
inline constexpr std::int64_t kYearMin = -292'275'054;

constexpr bool is_leap_year(std::int64_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) noexcept {
  constexpr std::int64_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[month - 1];
}

/// Days from 1970-01-01 to the first of January of `year`. REQUIRES: kYearMin <= year <= kYearMax.
constexpr std::int64_t days_to_year(std::int64_t year) noexcept {
  const std::int64_t before = year - 1;
  const auto floor_div = [](std::int64_t value, std::int64_t divisor) {
    return value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
  };
  return before * 365 + floor_div(before, 4) - floor_div(before, 100) + floor_div(before, 400) - 719'162;
}

/// Monday is 1, Sunday is 7.
constexpr std::int64_t day_of_week(std::int64_t days) noexcept {
  const std::int64_t shifted = (days + 3) % 7;
  return (shifted < 0 ? shifted + 7 : shifted) + 1;
}

constexpr bool is_year(std::int64_t year) noexcept { return kYearMin <= year && year <= kYearMax; }

/// Days from 1970-01-01; nullopt where there is no such day.
constexpr std::optional<std::int64_t> days_of_date(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
  if (!is_year(year) || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  std::int64_t days = days_to_year(year) + day - 1;
  for (std::int64_t earlier = 1; earlier < month; ++earlier) days += days_in_month(year, earlier);
  return days;
}

constexpr std::optional<std::int64_t> days_of_ordinal_date(std::int64_t year, std::int64_t day) noexcept {
  if (!is_year(year) || day < 1 || day > (is_leap_year(year) ? 366 : 365)) return std::nullopt;
  return days_to_year(year) + day - 1;
}

/// The day of an ISO week: week 1 holds the first Thursday.
constexpr std::optional<std::int64_t> days_of_week_date(std::int64_t year, std::int64_t week,
                                                        std::int64_t day) noexcept {
  if (!is_year(year) || !is_year(year + 1) || week < 1 || day < 1 || day > 7) return std::nullopt;
  const auto first_monday = [](std::int64_t of_year) {
    const std::int64_t fourth = days_to_year(of_year) + 3;
    return fourth - (day_of_week(fourth) - 1);
  };
  const std::int64_t days = first_monday(year) + (week - 1) * 7 + day - 1;
  if (first_monday(year) + (week - 1) * 7 >= first_monday(year + 1)) return std::nullopt;
  return days;
}

static_assert(days_of_date(1970, 1, 1) == 0 && days_of_date(2013, 8, 31) == 15948 && days_of_date(0, 3, 1) == -719'468);
static_assert(days_of_date(2023, 2, 29) == std::nullopt && days_of_week_date(2009, 1, 1) == days_of_date(2008, 12, 29));

}  // namespace sarsen::ingest
