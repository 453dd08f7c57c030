#include "engine/time/posix_zone.h"

#include <algorithm>

#include "storage/base/check.h"
#include "storage/base/civil_time.h"
#include "storage/base/text_scanner.h"

namespace sarsen::engine {

namespace {

constexpr const char* kProblem = "time zone file: malformed rule for the future";
constexpr std::int64_t kHoursMax = 167;

std::int64_t number(TextScanner& scanner, std::int64_t low, std::int64_t high) {
  const std::optional<std::int64_t> value = scanner.number(3);
  check_format(value && *value >= low && *value <= high, kProblem);
  return *value;
}

/// "EST" or "<+0330>".
void skip_name(TextScanner& scanner) {
  const bool quoted = scanner.accept('<');
  const auto in_name = [&scanner, quoted] {
    if (scanner.at_end()) return false;
    if (quoted) return scanner.peek() != '>';
    const char letter = ascii_upper(scanner.peek());
    return letter >= 'A' && letter <= 'Z';
  };
  while (in_name()) scanner.seek(scanner.position() + 1);
  if (quoted) check_format(scanner.accept('>'), kProblem);
}

/// [+-]h[:mm[:ss]]
std::int64_t clock_ms(TextScanner& scanner) {
  const bool negative = scanner.accept('-');
  if (!negative) scanner.accept('+');
  std::int64_t amount_ms = number(scanner, 0, kHoursMax) * kHourMs;
  if (scanner.accept(':')) amount_ms += number(scanner, 0, 59) * kMinuteMs;
  if (scanner.accept(':')) amount_ms += number(scanner, 0, 59) * kSecondMs;
  return negative ? -amount_ms : amount_ms;
}

PosixDay day(TextScanner& scanner) {
  PosixDay day{};
  check_format(scanner.accept(','), kProblem);
  if (scanner.accept('M')) {
    day.kind = PosixDay::Kind::kMonthWeekDay;
    day.month = number(scanner, 1, 12);
    check_format(scanner.accept('.'), kProblem);
    day.week = number(scanner, 1, 5);
    check_format(scanner.accept('.'), kProblem);
    day.day = number(scanner, 0, 6);
  } else if (scanner.accept('J')) {
    day.kind = PosixDay::Kind::kJulianWithoutLeapDay;
    day.day = number(scanner, 1, 365);
  } else {
    day.kind = PosixDay::Kind::kZeroBased;
    day.day = number(scanner, 0, 365);
  }
  day.time_ms = scanner.accept('/') ? clock_ms(scanner) : 2 * kHourMs;
  return day;
}

/// The `week`th weekday `day` (0 is Sunday) of a month, in days since 1970-01-01.
std::int64_t weekday_of_month(std::int64_t year, std::int64_t month, std::int64_t week, std::int64_t day) noexcept {
  const std::int64_t first = days_from_civil({year, month, 1});
  const std::int64_t to_weekday =
      floor_remainder(day - day_of_week(first), 7);  // Sunday is 7 there, 0 here: the same modulo 7
  const std::int64_t in_month = to_weekday + (week - 1) * 7;
  return first + (in_month < days_in_month(year, month) ? in_month : in_month - 7);
}

}  // namespace

std::int64_t PosixDay::local_ms(std::int64_t year) const noexcept {
  const std::int64_t new_year = days_from_civil({year, 1, 1});
  std::int64_t days = new_year + day;
  if (kind == Kind::kMonthWeekDay) days = weekday_of_month(year, month, week, day);
  if (kind == Kind::kJulianWithoutLeapDay) days = new_year + day - (is_leap_year(year) && day >= 60 ? 0 : 1);
  return days * kDayMs + time_ms;
}

std::array<ZoneChange, 2> PosixZone::changes(std::int64_t year) const noexcept {
  std::array<ZoneChange, 2> both = {{{summer->begin.local_ms(year) - offset_ms, summer->offset_ms},
                                     {summer->end.local_ms(year) - summer->offset_ms, offset_ms}}};
  if (both[1].time_ms < both[0].time_ms) std::swap(both[0], both[1]);
  return both;
}

PosixZone parse_posix_zone(std::string_view text) {
  TextScanner scanner(text);
  PosixZone zone;
  skip_name(scanner);
  zone.offset_ms = -clock_ms(scanner);
  if (scanner.at_end()) return zone;
  skip_name(scanner);
  PosixZone::Summer summer{};
  summer.offset_ms = scanner.peek() == ',' ? zone.offset_ms + kHourMs : -clock_ms(scanner);
  summer.begin = day(scanner);
  summer.end = day(scanner);
  check_format(scanner.at_end(), kProblem);
  zone.summer = summer;
  return zone;
}

}  // namespace sarsen::engine
