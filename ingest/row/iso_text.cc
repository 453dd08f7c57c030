#include "ingest/row/iso_text.h"

#include "ingest/row/calendar.h"
#include "ingest/row/zone_offset.h"
#include "storage/base/text_scanner.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kYearDigitsMax = 9;
constexpr std::size_t kFractionDigitsMax = 9;

std::optional<std::int64_t> scan_week(TextScanner& scanner, std::int64_t year) {
  const auto week = scanner.number(2);
  if (!week) return std::nullopt;
  std::int64_t day = 1;
  if (scanner.peek() == '-' && scanner.digits_ahead(1, 1) == 1) {
    scanner.accept('-');
    day = *scanner.number(1);
  }
  return days_of_week_date(year, *week, day);
}

std::optional<std::int64_t> scan_month(TextScanner& scanner, std::int64_t year) {
  const std::int64_t month = *scanner.number(2);
  std::int64_t day = 1;
  if (scanner.peek() == '-' && scanner.digits_ahead(1, 1) == 1) {
    scanner.accept('-');
    day = *scanner.number(2);
  }
  return days_of_date(year, month, day);
}

/// Days since 1970: yyyy, yyyy-MM, yyyy-MM-dd, yyyy-'W'ww[-e], yyyy-DDD.
std::optional<std::int64_t> scan_date(TextScanner& scanner) {
  const auto year = scanner.signed_number(kYearDigitsMax);
  if (!year) return std::nullopt;
  if (scanner.digits_ahead(1, 2) == 1 && scanner.accept("-W")) return scan_week(scanner, *year);
  const std::size_t digits = scanner.peek() == '-' ? scanner.digits_ahead(3, 1) : 0;
  if (digits == 0) return days_of_date(*year, 1, 1);
  scanner.accept('-');
  return digits == 3 ? days_of_ordinal_date(*year, *scanner.number(3)) : scan_month(scanner, *year);
}

/// The fraction of `unit_ms` behind a point or comma, cut to whole milliseconds; 0 where there is none.
std::int64_t scan_fraction(TextScanner& scanner, std::int64_t unit_ms) {
  if (!scanner.accept_decimal_point()) return 0;
  const std::size_t count = scanner.digits_ahead(kFractionDigitsMax);
  std::int64_t value = *scanner.number(kFractionDigitsMax);
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < count; ++i) scale *= 10;
  return value * unit_ms / scale;
}

bool number_follows_colon(const TextScanner& scanner) noexcept {
  return scanner.peek() == ':' && scanner.digits_ahead(1, 1) == 1;
}

/// Milliseconds of the day: HH[:mm[:ss]] with a fraction on the last part.
std::optional<std::int64_t> scan_time(TextScanner& scanner) {
  const auto hour = scanner.number(2);
  if (!hour || *hour > 23) return std::nullopt;
  std::int64_t time_ms = *hour * kHourMs;
  if (!number_follows_colon(scanner)) return time_ms + scan_fraction(scanner, kHourMs);
  scanner.accept(':');
  const std::int64_t minute = *scanner.number(2);
  time_ms += minute * kMinuteMs;
  if (minute > 59) return std::nullopt;
  if (!number_follows_colon(scanner)) return time_ms + scan_fraction(scanner, kMinuteMs);
  scanner.accept(':');
  const std::int64_t second = *scanner.number(2);
  if (second > 59) return std::nullopt;
  return time_ms + second * 1000 + scan_fraction(scanner, 1000);
}

bool take_separator(TextScanner& scanner, IsoForm form) {
  return scanner.accept('T') || (form == IsoForm::kBlankForT && scanner.accept(' '));
}

/// What follows the separator: both parts may be missing.
std::optional<std::int64_t> scan_time_and_offset(TextScanner& scanner) {
  std::int64_t time_ms = 0;
  if (scanner.digits_ahead(1) == 1) {
    const auto time = scan_time(scanner);
    if (!time) return std::nullopt;
    time_ms = *time;
  }
  if (scanner.at_end()) return time_ms;
  const auto offset_ms = scan_zone_offset(scanner);
  if (!offset_ms) return std::nullopt;
  return time_ms - *offset_ms;
}

}  // namespace

std::optional<std::int64_t> parse_iso_text(std::string_view text, IsoForm form) {
  TextScanner scanner(text);
  std::int64_t days = 0;
  const bool time_only = form == IsoForm::kStrict && scanner.peek() == 'T';
  if (!time_only) {
    const auto date = scan_date(scanner);
    if (!date) return std::nullopt;
    days = *date;
    if (scanner.at_end()) return days * kDayMs;
  }
  if (!take_separator(scanner, form)) return std::nullopt;
  if (time_only && scanner.digits_ahead(1) == 0) return std::nullopt;
  const auto time_ms = scan_time_and_offset(scanner);
  if (!time_ms || !scanner.at_end()) return std::nullopt;
  return days * kDayMs + *time_ms;
}

}  // namespace sarsen::ingest
