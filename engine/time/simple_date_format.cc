#include "engine/time/simple_date_format.h"

#include <algorithm>

#include "engine/time/date_pattern.h"
#include "engine/time/hybrid_calendar.h"
#include "engine/time/locale_words.h"
#include "storage/base/civil_time.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

constexpr std::string_view kParsed = "GyuMLdDEahHkKmsSzZX";
constexpr std::string_view kPrinted = "GyuYMLdDwEecahHkKmsSzZXxQqFA";
constexpr std::string_view kAllOfIcu = "GyYuUrQqMLlwWdDFgEecabBhHkKmsSAzZOvVXx";

/// 1 (Sunday) to 7.
std::int64_t american_weekday(std::int64_t days) noexcept { return day_of_week(days) % 7 + 1; }

/// The Sunday that begins the first week of a year: the week that holds January 1st.
std::int64_t first_sunday(std::int64_t year) noexcept {
  const std::int64_t first = days_from_hybrid({year, 1, 1});
  return first - (american_weekday(first) - 1);
}

std::int64_t american_week_year(std::int64_t days, std::int64_t year) noexcept {
  return days >= first_sunday(year + 1) ? year + 1 : year;
}

std::string_view utc_text(char letter, std::size_t count) noexcept {
  if (letter == 'z') return count < 4 ? "UTC" : "Coordinated Universal Time";
  if (letter == 'Z') return count < 4 ? "+0000" : count == 4 ? "GMT" : "Z";
  if (letter == 'X') return "Z";
  return count == 1 ? "+00" : count == 3 || count == 5 ? "+00:00" : "+0000";
}

/// One to three letters: short; four: whole; five: the first letter; six: two letters.
std::string name_of_length(const std::string& whole, const std::string& brief, std::size_t count) {
  if (count <= 3) return brief;
  if (count == 4) return whole;
  return whole.substr(0, count == 5 ? 1 : 2);
}

}  // namespace

SimpleDateFormat::SimpleDateFormat(std::string_view pattern, Use use) {
  for (std::size_t i = 0; i < pattern.size();) {
    const char byte = pattern[i];
    if (is_pattern_letter(byte)) {
      const std::size_t end = std::min(pattern.find_first_not_of(byte, i), pattern.size());
      const bool known = (use == Use::kParse ? kParsed : kPrinted).find(byte) != std::string_view::npos;
      const bool icu_knows = kAllOfIcu.find(byte) != std::string_view::npos;
      if (!known || end - i > kPatternLettersMax)
        throw Error(icu_knows ? ErrorCategory::kUnsupported : ErrorCategory::kInvalidInput,
                    std::string(icu_knows ? "This pattern character is not part of this version: "
                                          : "Illegal pattern character: ") +
                        byte + " in the pattern of dates [" + std::string(pattern) + "]");
      pieces_.push_back({byte, end - i, {}});
      i = end;
      continue;
    }
    pieces_.push_back({'\0', 0, take_pattern_text(pattern, i)});
  }
}

std::string SimpleDateFormat::print(std::int64_t time_ms) const {
  std::string out;
  for (const Piece& piece : pieces_) print_piece(piece, time_ms, out);
  return out;
}

void SimpleDateFormat::print_piece(const Piece& piece, std::int64_t time_ms, std::string& out) {
  const LocaleWords& words = LocaleWords::find("en");
  const std::int64_t days = floor_divide(time_ms, kDayMs);
  const std::int64_t of_day = floor_remainder(time_ms, kDayMs);
  const std::int64_t hour = of_day / kHourMs;
  const CivilDate date = hybrid_from_days(days);
  const std::int64_t year = date.year > 0 ? date.year : 1 - date.year;
  const auto weekday = static_cast<std::size_t>(day_of_week(days) - 1);
  const auto month = static_cast<std::size_t>(date.month - 1);
  switch (piece.letter) {
    case '\0':
      out += piece.literal;
      return;
    case 'G':
      out += date.year > 0 ? (piece.count == 4   ? "Anno Domini"
                              : piece.count == 5 ? "A"
                                                 : "AD")
                           : (piece.count == 4   ? "Before Christ"
                              : piece.count == 5 ? "B"
                                                 : "BC");
      return;
    case 'y':
      return append_padded(out, piece.count == 2 ? year % 100 : year, piece.count);
    case 'u':
      return append_padded(out, date.year, piece.count);
    case 'Y': {
      const std::int64_t week_year = american_week_year(days, date.year);
      return append_padded(out, piece.count == 2 ? week_year % 100 : week_year, piece.count);
    }
    case 'w':
      return append_padded(out, (days - first_sunday(american_week_year(days, date.year))) / 7 + 1, piece.count);
    case 'M':
    case 'L':
      if (piece.count < 3) return append_padded(out, date.month, piece.count);
      out += name_of_length(words.months[month], words.short_months[month], piece.count);
      return;
    case 'Q':
    case 'q': {
      const std::int64_t quarter = (date.month - 1) / 3 + 1;
      constexpr std::string_view kNames[] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
      if (piece.count == 3) out += 'Q';
      if (piece.count == 4) {
        out += kNames[quarter - 1];
        return;
      }
      return append_padded(out, quarter, piece.count == 2 ? 2 : 1);
    }
    case 'd':
      return append_padded(out, date.day, piece.count);
    case 'D':
      return append_padded(out, days - days_from_hybrid({date.year, 1, 1}) + 1, piece.count);
    case 'F':
      return append_padded(out, (date.day - 1) / 7 + 1, piece.count);
    case 'e':
    case 'c':
      if (piece.count < 3) return append_padded(out, american_weekday(days), piece.letter == 'e' ? piece.count : 1);
      out += name_of_length(words.weekdays[weekday], words.short_weekdays[weekday], piece.count);
      return;
    case 'E':
      out += name_of_length(words.weekdays[weekday], words.short_weekdays[weekday], piece.count);
      return;
    case 'a':
      out += words.half_days[hour < 12 ? 0 : 1];
      return;
    case 'h':
      return append_padded(out, (hour + 11) % 12 + 1, piece.count);
    case 'H':
      return append_padded(out, hour, piece.count);
    case 'k':
      return append_padded(out, hour == 0 ? 24 : hour, piece.count);
    case 'K':
      return append_padded(out, hour % 12, piece.count);
    case 'm':
      return append_padded(out, of_day % kHourMs / kMinuteMs, piece.count);
    case 's':
      return append_padded(out, of_day % kMinuteMs / kSecondMs, piece.count);
    case 'A':
      return append_padded(out, of_day, piece.count);
    case 'S': {
      std::string fraction;
      append_padded(fraction, of_day % kSecondMs, 3);
      fraction.resize(piece.count, '0');
      out += fraction;
      return;
    }
    default:
      out += utc_text(piece.letter, piece.count);
  }
}

}  // namespace sarsen::engine
