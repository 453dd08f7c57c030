#pragma once
// Fields of a timestamp to days since 1970-01-01, each field checked: nullopt where there is no such day, or where its
// year is past what a time in milliseconds can hold.

#include <cstdint>
#include <optional>

#include "storage/base/civil_time.h"

namespace sarsen::ingest {

/// Monday is 1, Sunday is 7.
constexpr std::int64_t day_of_week(std::int64_t days) noexcept { return floor_remainder(days + 3, 7) + 1; }

constexpr bool is_year(std::int64_t year) noexcept { return kYearMin <= year && year <= kYearMax; }

constexpr std::optional<std::int64_t> days_of_date(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
  if (!is_year(year) || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return days_from_civil({year, month, day});
}

constexpr std::optional<std::int64_t> days_of_ordinal_date(std::int64_t year, std::int64_t day) noexcept {
  if (!is_year(year) || day < 1 || day > (is_leap_year(year) ? 366 : 365)) return std::nullopt;
  return days_from_civil({year, 1, 1}) + day - 1;
}

/// The day of an ISO week: week 1 holds the first Thursday.
constexpr std::optional<std::int64_t> days_of_week_date(std::int64_t year, std::int64_t week,
                                                        std::int64_t day) noexcept {
  if (!is_year(year) || !is_year(year + 1) || week < 1 || day < 1 || day > 7) return std::nullopt;
  const auto first_monday = [](std::int64_t of_year) {
    const std::int64_t fourth = days_from_civil({of_year, 1, 4});
    return fourth - (day_of_week(fourth) - 1);
  };
  const std::int64_t monday = first_monday(year) + (week - 1) * 7;
  if (monday >= first_monday(year + 1)) return std::nullopt;
  return monday + day - 1;
}

static_assert(days_of_date(1970, 1, 1) == 0 && days_of_date(2013, 8, 31) == 15948 && days_of_date(0, 3, 1) == -719'468);
static_assert(days_of_date(2023, 2, 29) == std::nullopt && days_of_week_date(2009, 1, 1) == days_of_date(2008, 12, 29));

}  // namespace sarsen::ingest
