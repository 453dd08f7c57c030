#pragma once
// Calendar arithmetic in a time zone, as Joda's zoned chronology: days and longer units move the local clock, hours and
// shorter ones move the time itself. Counting units truncates towards zero. Adding throws kInvalidInput outside the
// range of times.

#include <cstdint>

#include "engine/time/time_zone.h"
#include "storage/base/period.h"

namespace sarsen::engine {

enum class CalendarUnit : std::uint8_t { kYear, kMonth, kWeek, kDay, kHour, kMinute, kSecond, kMilli };

/// In milliseconds; 0 for years and months.
std::int64_t unit_length_ms(CalendarUnit unit) noexcept;

std::int64_t add_units(const TimeZone& zone, std::int64_t time_ms, CalendarUnit unit, std::int64_t count);
std::int64_t add_period(const TimeZone& zone, std::int64_t time_ms, const Period& period, std::int64_t count = 1);

/// Whole units from `from_ms` to `to_ms`; negative where `to_ms` is earlier.
std::int64_t units_between(const TimeZone& zone, std::int64_t from_ms, std::int64_t to_ms, CalendarUnit unit) noexcept;

/// The start of the year, month, ISO week, day and so on that holds the time.
std::int64_t floor_to_unit(const TimeZone& zone, std::int64_t time_ms, CalendarUnit unit) noexcept;

}  // namespace sarsen::engine
