#include "engine/time/zone_calendar.h"

#include "storage/base/civil_time.h"

namespace sarsen::engine {

namespace {

bool moves_local_clock(CalendarUnit unit) noexcept { return unit <= CalendarUnit::kDay; }

std::int64_t add_in_utc(std::int64_t time_ms, CalendarUnit unit, std::int64_t count) {
  switch (unit) {
    case CalendarUnit::kYear:
      return add_months_ms(time_ms, add_fixed_ms(0, 12, count));
    case CalendarUnit::kMonth:
      return add_months_ms(time_ms, count);
    default:
      return add_fixed_ms(time_ms, unit_length_ms(unit), count);
  }
}

/// REQUIRES: from_ms <= to_ms. The last day of a short month completes the month begun on any later day.
std::int64_t months_up(std::int64_t from_ms, std::int64_t to_ms) noexcept {
  CivilDate from = civil_from_ms(from_ms);
  const CivilDate to = civil_from_ms(to_ms);
  if (to.day == days_in_month(to.year, to.month) && from.day > to.day) from.day = to.day;
  const std::int64_t months = (to.year - from.year) * 12 + to.month - from.month;
  const std::int64_t from_in_month = from.day * kDayMs + floor_remainder(from_ms, kDayMs);
  const std::int64_t to_in_month = to.day * kDayMs + floor_remainder(to_ms, kDayMs);
  return to_in_month < from_in_month ? months - 1 : months;
}

/// Milliseconds since New Year's, as if the year had no leap day where only one of two years has.
std::int64_t in_year(std::int64_t time_ms, std::int64_t year, bool drop_leap_day) noexcept {
  const std::int64_t passed_ms = time_ms - days_from_civil({year, 1, 1}) * kDayMs;
  return drop_leap_day && passed_ms >= 59 * kDayMs ? passed_ms - kDayMs : passed_ms;
}

/// REQUIRES: from_ms <= to_ms.
std::int64_t years_up(std::int64_t from_ms, std::int64_t to_ms) noexcept {
  const std::int64_t from_year = civil_from_ms(from_ms).year;
  const std::int64_t to_year = civil_from_ms(to_ms).year;
  const bool from_leap = is_leap_year(from_year);
  const bool to_leap = is_leap_year(to_year);
  const std::int64_t from_passed_ms = in_year(from_ms, from_year, from_leap && !to_leap);
  // Joda looks at the day of `from` only: before March nothing is out of step.
  const bool late = from_ms - days_from_civil({from_year, 1, 1}) * kDayMs >= 59 * kDayMs;
  const std::int64_t to_passed_ms = in_year(to_ms, to_year, late && to_leap && !from_leap);
  return to_year - from_year - (to_passed_ms < from_passed_ms ? 1 : 0);
}

template <std::int64_t (*up)(std::int64_t, std::int64_t) noexcept>
std::int64_t both_ways(std::int64_t from_ms, std::int64_t to_ms) noexcept {
  return to_ms < from_ms ? -up(to_ms, from_ms) : up(from_ms, to_ms);
}

std::int64_t floor_local(std::int64_t local_ms, CalendarUnit unit) noexcept {
  const CivilDate date = civil_from_ms(local_ms);
  switch (unit) {
    case CalendarUnit::kYear:
      return days_from_civil({date.year, 1, 1}) * kDayMs;
    case CalendarUnit::kMonth:
      return days_from_civil({date.year, date.month, 1}) * kDayMs;
    case CalendarUnit::kWeek: {
      const std::int64_t days = floor_divide(local_ms, kDayMs);
      return (days - day_of_week(days) + 1) * kDayMs;
    }
    default:
      return local_ms - floor_remainder(local_ms, unit_length_ms(unit));
  }
}

}  // namespace

std::int64_t unit_length_ms(CalendarUnit unit) noexcept {
  constexpr std::int64_t kLengths[] = {0, 0, kWeekMs, kDayMs, kHourMs, kMinuteMs, kSecondMs, 1};
  return kLengths[static_cast<std::size_t>(unit)];
}

std::int64_t add_units(const TimeZone& zone, std::int64_t time_ms, CalendarUnit unit, std::int64_t count) {
  if (count == 0) return time_ms;
  if (zone.is_utc() || !moves_local_clock(unit)) return add_in_utc(time_ms, unit, count);
  return zone.to_utc(add_in_utc(zone.to_local(time_ms), unit, count));
}

std::int64_t add_period(const TimeZone& zone, std::int64_t time_ms, const Period& period, std::int64_t count) {
  if (zone.is_utc()) return sarsen::add_period(time_ms, period, count);
  time_ms = add_units(zone, time_ms, CalendarUnit::kYear, period.years * count);
  time_ms = add_units(zone, time_ms, CalendarUnit::kMonth, period.months * count);
  time_ms = add_units(zone, time_ms, CalendarUnit::kWeek, period.weeks * count);
  time_ms = add_units(zone, time_ms, CalendarUnit::kDay, period.days * count);
  const Period time_part{
      .hours = period.hours, .minutes = period.minutes, .seconds = period.seconds, .millis = period.millis};
  return sarsen::add_period(time_ms, time_part, count);
}

std::int64_t units_between(const TimeZone& zone, std::int64_t from_ms, std::int64_t to_ms, CalendarUnit unit) noexcept {
  if (moves_local_clock(unit)) {
    from_ms = zone.to_local(from_ms);
    to_ms = zone.to_local(to_ms);
  }
  if (unit == CalendarUnit::kYear) return both_ways<years_up>(from_ms, to_ms);
  if (unit == CalendarUnit::kMonth) return both_ways<months_up>(from_ms, to_ms);
  return wrapping_subtract(to_ms, from_ms) / unit_length_ms(unit);
}

std::int64_t floor_to_unit(const TimeZone& zone, std::int64_t time_ms, CalendarUnit unit) noexcept {
  const std::int64_t offset_ms = zone.offset_ms(time_ms);
  const std::int64_t local_ms = floor_local(time_ms + offset_ms, unit);
  return moves_local_clock(unit) ? zone.to_utc(local_ms, time_ms) : local_ms - offset_ms;
}

}  // namespace sarsen::engine
