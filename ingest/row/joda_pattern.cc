#include "ingest/row/joda_pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>

#include "ingest/row/calendar.h"
#include "ingest/row/zone_offset.h"
#include "storage/base/error.h"
#include "storage/base/text_scanner.h"

namespace sarsen::ingest {
namespace {

constexpr std::string_view kLetters = "GCYyxweEDMdaKhHkmsSzZ";
constexpr std::size_t kDigitsMax = 18;  // of any number: what 64 bits surely hold
constexpr std::size_t kTextCount = 3;   // from three letters on, M and the like are text

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};

bool is_letter(char byte) noexcept { return std::isalpha(static_cast<unsigned char>(byte)) != 0; }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char left, char right) {
           return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
         });
}

/// The number (from 1) of the name that lies ahead, in full or as its first three letters.
template <std::size_t size>
std::optional<std::int64_t> scan_name(TextScanner& scanner, const std::array<std::string_view, size>& names) {
  for (std::size_t i = 0; i < size; ++i) {
    for (const std::string_view form : {names[i], names[i].substr(0, 3)}) {
      if (!starts_with_ignoring_case(scanner.rest(), form)) continue;
      scanner.seek(scanner.position() + form.size());
      return static_cast<std::int64_t>(i + 1);
    }
  }
  return std::nullopt;
}

bool is_number_piece(char letter, std::size_t count) noexcept {
  if (letter == 'M' || letter == 'e') return count < kTextCount;
  return letter != '\0' && letter != 'G' && letter != 'E' && letter != 'a' && letter != 'z' && letter != 'Z';
}

std::size_t digits_max(char letter, std::size_t count, bool number_follows) noexcept {
  if (number_follows || letter == 'S') return std::min(count, kDigitsMax);
  switch (letter) {
    case 'y':
    case 'Y':
    case 'x':
      return 9;
    case 'D':
      return 3;
    case 'C':
      return 9;
    default:
      return 2;
  }
}

/// "yy" with exactly two digits: Joda's pivot is the current year; the year nearest to it, within 50 years behind and
/// 49 ahead.
std::int64_t two_digit_year(std::int64_t value, std::int64_t current_year) noexcept {
  const std::int64_t low = current_year - 50;
  std::int64_t year = low - low % 100 + value;
  return year < low ? year + 100 : year;
}

std::int64_t current_year() {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<int>(std::chrono::year_month_day(today).year());
}

}  // namespace

struct JodaPattern::Fields {
  std::optional<std::int64_t> year, weekyear, month, day, ordinal_day, week, weekday, hour, half_day_hour;
  std::int64_t minute = 0, second = 0, fraction_ms = 0, offset_ms = 0;
  bool afternoon = false;
  bool before_christ = false;

  std::optional<std::int64_t> days() const {
    const std::int64_t signed_year = before_christ ? 1 - year.value_or(1) : year.value_or(weekyear ? *weekyear : 1970);
    if (ordinal_day) return days_of_ordinal_date(signed_year, *ordinal_day);
    if (weekyear || week)
      return days_of_week_date(weekyear.value_or(signed_year), week.value_or(1), weekday.value_or(1));
    return days_of_date(year || !month ? signed_year : 2000, month.value_or(1), day.value_or(1));
  }

  std::optional<std::int64_t> time_ms() const {
    std::int64_t hours = hour.value_or(0);
    if (half_day_hour) hours = *half_day_hour % 12 + (afternoon ? 12 : 0);
    if (hours > 23 || minute > 59 || second > 59) return std::nullopt;
    return hours * kHourMs + minute * kMinuteMs + second * kSecondMs + fraction_ms;
  }
};

JodaPattern::JodaPattern(std::string_view pattern) {
  const auto refuse = [pattern](const std::string& problem) {
    throw Error(ErrorCategory::kInvalidInput,
                "timestampSpec.format: " + problem + ", in pattern [" + std::string(pattern) + "]");
  };
  if (pattern.empty()) refuse("a pattern must not be empty");
  for (std::size_t i = 0; i < pattern.size();) {
    const char byte = pattern[i];
    if (is_letter(byte)) {
      if (kLetters.find(byte) == std::string_view::npos) refuse(std::string("unknown letter '") + byte + "'");
      const std::size_t end = std::min(pattern.find_first_not_of(byte, i), pattern.size());
      pieces_.push_back({byte, end - i, {}, false});
      i = end;
      continue;
    }
    std::string literal;
    if (byte != '\'') {
      literal = byte;
      ++i;
    } else if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
      literal = "'";
      i += 2;
    } else {
      for (++i; i < pattern.size(); ++i) {
        if (pattern[i] == '\'') {
          if (i + 1 == pattern.size() || pattern[i + 1] != '\'') break;
          ++i;
        }
        literal += pattern[i];
      }
      i = std::min(i + 1, pattern.size());
    }
    pieces_.push_back({'\0', 0, std::move(literal), false});
  }
  for (std::size_t i = 0; i + 1 < pieces_.size(); ++i)
    pieces_[i].number_follows = is_number_piece(pieces_[i].letter, pieces_[i].count) &&
                                is_number_piece(pieces_[i + 1].letter, pieces_[i + 1].count);
}

bool JodaPattern::scan_piece(const Piece& piece, TextScanner& scanner, Fields& fields) {
  const auto number_in = [](std::optional<std::int64_t> value, std::int64_t low, std::int64_t high) {
    return value && *value >= low && *value <= high;
  };
  if (piece.letter == '\0') return scanner.accept(std::string_view(piece.literal));
  if (piece.letter == 'a') {
    fields.afternoon = starts_with_ignoring_case(scanner.rest(), "pm");
    if (!fields.afternoon && !starts_with_ignoring_case(scanner.rest(), "am")) return false;
    scanner.seek(scanner.position() + 2);
    return true;
  }
  if (piece.letter == 'G') {
    fields.before_christ = starts_with_ignoring_case(scanner.rest(), "bc");
    if (!fields.before_christ && !starts_with_ignoring_case(scanner.rest(), "ad")) return false;
    scanner.seek(scanner.position() + 2);
    return true;
  }
  if (piece.letter == 'Z' || piece.letter == 'z') {
    for (const std::string_view name : {"UTC", "GMT", "UT"})
      if ((piece.letter == 'z' || piece.count >= kTextCount) && scanner.accept(name)) return true;
    const auto offset_ms = scan_zone_offset(scanner);
    fields.offset_ms = offset_ms.value_or(0);
    return offset_ms.has_value();
  }
  if (piece.letter == 'E') return (fields.weekday = scan_name(scanner, kWeekdays)).has_value();
  if (piece.letter == 'M' && piece.count >= kTextCount) return (fields.month = scan_name(scanner, kMonths)).has_value();

  const std::size_t digits = digits_max(piece.letter, piece.count, piece.number_follows);
  const std::size_t found = scanner.digits_ahead(digits);
  const bool may_be_negative = piece.letter == 'y' || piece.letter == 'x';
  const auto value = may_be_negative ? scanner.signed_number(digits) : scanner.number(digits);
  if (!value) return false;
  switch (piece.letter) {
    case 'y':
    case 'Y':
      fields.year = piece.count == 2 && found == 2 ? two_digit_year(*value, current_year()) : *value;
      return true;
    case 'x':
      fields.weekyear = piece.count == 2 && found == 2 ? two_digit_year(*value, current_year()) : *value;
      return true;
    case 'C':
      return true;
    case 'M':
      fields.month = value;
      return number_in(value, 1, 12);
    case 'd':
      fields.day = value;
      return number_in(value, 1, 31);
    case 'D':
      fields.ordinal_day = value;
      return number_in(value, 1, 366);
    case 'w':
      fields.week = value;
      return number_in(value, 1, 53);
    case 'e':
      fields.weekday = value;
      return number_in(value, 1, 7);
    case 'H':
      fields.hour = value;
      return number_in(value, 0, 23);
    case 'k':
      fields.hour = *value % 24;
      return number_in(value, 1, 24);
    case 'K':
      fields.half_day_hour = value;
      return number_in(value, 0, 11);
    case 'h':
      fields.half_day_hour = value;
      return number_in(value, 1, 12);
    case 'm':
      fields.minute = *value;
      return number_in(value, 0, 59);
    case 's':
      fields.second = *value;
      return number_in(value, 0, 59);
    default:
      break;
  }
  std::int64_t scaled = *value;  // S: a fraction of a second
  for (std::size_t i = found; i < 3; ++i) scaled *= 10;
  for (std::size_t i = 3; i < found; ++i) scaled /= 10;
  fields.fraction_ms = scaled;
  return true;
}

std::optional<std::int64_t> JodaPattern::parse(std::string_view text) const {
  TextScanner scanner(text);
  Fields fields;
  for (const Piece& piece : pieces_)
    if (!scan_piece(piece, scanner, fields)) return std::nullopt;
  if (!scanner.at_end()) return std::nullopt;
  const auto days = fields.days();
  const auto time_ms = fields.time_ms();
  if (!days || !time_ms) return std::nullopt;
  return *days * kDayMs + *time_ms - fields.offset_ms;
}

}  // namespace sarsen::ingest
