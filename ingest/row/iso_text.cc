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
  if (scanner.digits_ahead(1, 2) == 1 && (scanner.accept("-W") || scanner.accept("-w")))
    return scan_week(scanner, *year);
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
  return scanner.accept_letter('T') || (form == IsoForm::kBlankForT && scanner.accept(' '));
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

/// Greater than any number of two digits where they are none.
unsigned two_digits(const char* text) noexcept {
  constexpr unsigned kNone = 1000;
  const unsigned tens = static_cast<unsigned char>(text[0] - '0'), ones = static_cast<unsigned char>(text[1] - '0');
  return tens > 9 || ones > 9 ? kNone : tens * 10 + ones;
}

/// "THH:mm:ss", then perhaps ".SSS" and "Z".
std::optional<std::int64_t> plain_time_of_day(std::string_view text, IsoForm form) noexcept {
  constexpr std::size_t kSecondsSize = 9, kMillisecondsSize = 13;
  if (text.ends_with('Z')) text.remove_suffix(1);
  if (text.size() != kSecondsSize && text.size() != kMillisecondsSize) return std::nullopt;
  const bool separated = text[0] == 'T' || (form == IsoForm::kBlankForT && text[0] == ' ');
  if (!separated || text[3] != ':' || text[6] != ':') return std::nullopt;
  const char* const bytes = text.data();
  const unsigned hour = two_digits(bytes + 1), minute = two_digits(bytes + 4), second = two_digits(bytes + 7);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t time_ms = (hour * 60 + minute) * kMinuteMs + second * kSecondMs;
  if (text.size() == kSecondsSize) return time_ms;
  const unsigned centiseconds = two_digits(bytes + 10);
  if (text[9] != '.' || centiseconds > 99 || !is_ascii_digit(text[12])) return std::nullopt;
  return time_ms + centiseconds * 10 + static_cast<unsigned>(text[12] - '0');
}

}  // namespace

std::optional<std::int64_t> parse_plain_iso_text(std::string_view text, IsoForm form) noexcept {
  constexpr std::size_t kDateSize = 10;
  if (text.size() < kDateSize || text[4] != '-' || text[7] != '-') return std::nullopt;
  const char* const bytes = text.data();
  const unsigned century = two_digits(bytes), year = two_digits(bytes + 2);
  if (century > 99 || year > 99) return std::nullopt;
  const auto days = days_of_date(century * 100 + year, two_digits(bytes + 5), two_digits(bytes + 8));
  if (!days) return std::nullopt;
  if (text.size() == kDateSize) return *days * kDayMs;
  const auto time_ms = plain_time_of_day(text.substr(kDateSize), form);
  return time_ms ? std::optional(*days * kDayMs + *time_ms) : std::nullopt;
}

std::optional<std::int64_t> parse_iso_text(std::string_view text, IsoForm form) {
  if (const auto time_ms = parse_plain_iso_text(text, form)) return time_ms;
  TextScanner scanner(text);
  std::int64_t days = 0;
  const bool time_only = form == IsoForm::kStrict && ascii_upper(scanner.peek()) == 'T';
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
