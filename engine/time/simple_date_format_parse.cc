// Reading dates as ICU's lenient SimpleDateFormat does.

#include <algorithm>
#include <cctype>
#include <chrono>

#include "engine/time/hybrid_calendar.h"
#include "engine/time/locale_words.h"
#include "engine/time/simple_date_format.h"
#include "storage/base/civil_time.h"
#include "storage/base/utc_offset.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kDigitsMax = 18;              // of a number; those after them are not read
constexpr std::int64_t kJulianPeriod = -2'440'588;  // its first day, in days since 1970-01-01
constexpr std::int64_t kDayMax = 0x7F000000;        // of that period
constexpr std::string_view kNumbers = "yudDhHkKmsS";

bool is_number(char letter, std::size_t count) noexcept {
  return kNumbers.find(letter) != std::string_view::npos || ((letter == 'M' || letter == 'L') && count < 3);
}

bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

void skip_blanks(TextScanner& scanner) noexcept {
  while (!scanner.at_end() && is_blank(scanner.peek())) scanner.seek(scanner.position() + 1);
}

bool accept_ignoring_case(TextScanner& scanner, std::string_view word) noexcept {
  const std::string_view rest = scanner.rest();
  const bool found = rest.size() >= word.size() &&
                     std::equal(word.begin(), word.end(), rest.begin(),
                                [](char left, char right) { return ascii_upper(left) == ascii_upper(right); });
  if (found) scanner.seek(scanner.position() + word.size());
  return found;
}

std::optional<std::int64_t> scan_name(TextScanner& scanner, const std::vector<std::string>& names,
                                      const std::vector<std::string>& short_names) {
  for (const auto* list : {&names, &short_names})
    for (std::size_t i = 0; i < list->size(); ++i)
      if (accept_ignoring_case(scanner, (*list)[i])) return static_cast<std::int64_t>(i + 1);
  return std::nullopt;
}

/// A blank of the pattern stands for any number of them, none included.
bool scan_literal(TextScanner& scanner, std::string_view literal) {
  for (const char c : literal) {
    if (is_blank(c)) {
      skip_blanks(scanner);
    } else if (!scanner.accept(c)) {
      return false;
    }
  }
  return true;
}

/// Names of zones in America, UTC, and distances from it: "+0100", "-05:00", "GMT+2".
std::optional<std::int64_t> scan_zone(TextScanner& scanner) {
  struct Zone {
    std::string_view name;
    std::int64_t hours;
  };
  constexpr Zone kZones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6},  {"CDT", -5},  {"MST", -7}, {"MDT", -6},
                             {"PST", -8}, {"PDT", -7}, {"AKST", -9}, {"AKDT", -8}, {"HST", -10}};
  for (const Zone& zone : kZones)
    if (accept_ignoring_case(scanner, zone.name)) return zone.hours * kHourMs;
  const bool named = accept_ignoring_case(scanner, "UTC") || accept_ignoring_case(scanner, "GMT") ||
                     accept_ignoring_case(scanner, "Z");
  if (const auto offset = scan_utc_offset(scanner)) return offset;
  const char sign = scanner.peek();
  if (named && (sign == '+' || sign == '-') && is_ascii_digit(scanner.peek(1))) {
    scanner.accept(sign);
    return (sign == '-' ? -1 : 1) * *scanner.number(2) * kHourMs;
  }
  return named ? std::optional<std::int64_t>(0) : std::nullopt;
}

/// "yy" with two digits: within eighty years before today and twenty after.
std::int64_t two_digit_year(std::int64_t value) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::int64_t low = static_cast<int>(std::chrono::year_month_day(today).year()) - 80;
  const std::int64_t year = low - low % 100 + value;
  return year <= low ? year + 100 : year;
}

}  // namespace

struct SimpleDateFormat::Fields {
  std::int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millis = 0, offset_ms = 0;
  std::optional<std::int64_t> ordinal_day;
  bool before_christ = false, afternoon = false, half_day = false;

  void set(char letter, std::int64_t value) {
    switch (letter) {
      case 'y':
      case 'u':
        year = value;
        return;
      case 'M':
      case 'L':
        month = value;
        return;
      case 'd':
        day = value;
        return;
      case 'D':
        ordinal_day = value;
        return;
      case 'h':
      case 'K':
        hour = letter == 'h' && value == 12 ? 0 : value;
        half_day = true;
        return;
      case 'k':
        hour = value == 24 ? 0 : value;
        return;
      case 'H':
        hour = value;
        return;
      case 'm':
        minute = value;
        return;
      default:
        second = value;
    }
  }

  /// ICU counts days in 32 bits, from the beginning of the Julian period. By which calendar is decided by the result.
  static std::int64_t days_of(const CivilDate& date) noexcept {
    const auto wrapped = [](std::int64_t days) {
      const auto number = static_cast<std::int32_t>(static_cast<std::uint32_t>(days - kJulianPeriod));
      return std::clamp(std::int64_t{number}, -kDayMax, kDayMax) + kJulianPeriod;
    };
    const std::int64_t days = wrapped(days_from_civil({date.year, date.month, 1}) + date.day - 1);
    return date.year >= 1582 && days >= kGregorianStart ? days : wrapped(days_from_julian(date));
  }

  /// Whatever is too much goes over into the next larger unit.
  std::int64_t time_ms() const {
    const std::int64_t signed_year = before_christ ? 1 - year : year;
    const std::int64_t months = ordinal_day ? 0 : month - 1;
    const CivilDate date{signed_year + floor_divide(months, 12), floor_remainder(months, 12) + 1,
                         ordinal_day.value_or(day)};
    const std::int64_t days = days_of(date);
    const std::int64_t hours = hour + (half_day && afternoon ? 12 : 0);
    return days * kDayMs + hours * kHourMs + minute * kMinuteMs + second * kSecondMs + millis - offset_ms;
  }
};

bool SimpleDateFormat::scan_piece(const Piece& piece, std::size_t digits_max, TextScanner& scanner, Fields& fields) {
  const LocaleWords& words = LocaleWords::find("en");
  if (piece.letter == '\0') return scan_literal(scanner, piece.literal);
  skip_blanks(scanner);
  if (!is_number(piece.letter, piece.count)) {
    std::optional<std::int64_t> value;
    if (piece.letter == 'M' || piece.letter == 'L') {
      value = scan_name(scanner, words.months, words.short_months);
      fields.month = value.value_or(1);
    } else if (piece.letter == 'E') {
      value = scan_name(scanner, words.weekdays, words.short_weekdays);
    } else if (piece.letter == 'a') {
      value = scan_name(scanner, words.half_days, words.half_days);
      fields.afternoon = value == 2;
    } else if (piece.letter == 'G') {
      value = scan_name(scanner, {"Before Christ", "Anno Domini"}, words.eras);
      fields.before_christ = value == 1;
    } else {
      value = scan_zone(scanner);
      fields.offset_ms = value.value_or(0);
    }
    return value.has_value();
  }
  const bool negative = scanner.peek() == '-' && is_ascii_digit(scanner.peek(1));
  if (negative) scanner.accept('-');
  const std::size_t found = scanner.digits_ahead(digits_max);
  const std::optional<std::int64_t> value = scanner.number(digits_max);
  if (!value) return false;
  if (piece.letter == 'S') {
    fields.millis = *value;
    for (std::size_t i = found; i < 3; ++i) fields.millis *= 10;
    for (std::size_t i = 3; i < found; ++i) fields.millis /= 10;
  } else if (piece.letter == 'y' && piece.count == 2 && found == 2 && !negative) {
    fields.year = two_digit_year(*value);
  } else {
    const std::int64_t number = negative ? -*value : *value;
    fields.set(piece.letter, static_cast<std::int32_t>(static_cast<std::uint32_t>(number)));
  }
  return true;
}

/// The end of the numbers from `begin` on that follow each other without anything between.
std::size_t SimpleDateFormat::run_end(std::size_t begin) const {
  std::size_t end = begin;
  while (end < pieces_.size() && is_number(pieces_[end].letter, pieces_[end].count)) ++end;
  return end;
}

/// Each takes as many digits as it has letters; where that is too much, the first does with fewer.
bool SimpleDateFormat::scan_run(std::size_t begin, std::size_t end, TextScanner& scanner, Fields& fields) const {
  const std::size_t position = scanner.position();
  for (std::size_t first = pieces_[begin].count; first > 0; --first) {
    scanner.seek(position);
    bool fits = true;
    for (std::size_t i = begin; i < end && fits; ++i)
      fits = scan_piece(pieces_[i], i == begin ? first : pieces_[i].count, scanner, fields);
    if (fits) return true;
  }
  return false;
}

std::optional<std::int64_t> SimpleDateFormat::parse(std::string_view text) const {
  TextScanner scanner(text);
  Fields fields;
  for (std::size_t i = 0; i < pieces_.size();) {
    const std::size_t end = run_end(i);
    const bool run = end > i + 1;
    if (run ? !scan_run(i, end, scanner, fields) : !scan_piece(pieces_[i], kDigitsMax, scanner, fields))
      return std::nullopt;
    i = run ? end : i + 1;
  }
  return fields.time_ms();
}

}  // namespace sarsen::engine
