#include "engine/time/joda_format.h"

#include <algorithm>
#include <cstdlib>

#include "engine/time/date_pattern.h"
#include "engine/time/zone_words.h"
#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/utc_offset.h"

namespace sarsen::engine {
namespace {

constexpr std::string_view kLetters = "GCYyxweEDMdaKhHkmsSzZ";
constexpr std::size_t kTextCount = 3;      // from three letters on, M and the like are text
constexpr std::size_t kLongTextCount = 4;  // from four on, the whole word

bool is_number_piece(char letter, std::size_t count) noexcept {
  if (letter == 'M') return count < kTextCount;
  return letter != '\0' && letter != 'G' && letter != 'E' && letter != 'a' && letter != 'z' && letter != 'Z';
}

void append_fraction(std::string& out, std::int64_t millis, std::size_t digits) {
  std::string text;
  append_padded(text, millis, 3);
  text.resize(std::max<std::size_t>(digits, 3), '0');
  out += text.substr(0, digits);
}

std::int64_t year_of_era(std::int64_t year) noexcept { return year > 0 ? year : 1 - year; }

struct WeekDate {
  std::int64_t year;
  std::int64_t week;
};

WeekDate week_date(std::int64_t days, std::int64_t year) noexcept {
  if (days < week_year_start(year)) --year;
  if (days >= week_year_start(year + 1)) ++year;
  return {year, (days - week_year_start(year)) / 7 + 1};
}

}  // namespace

JodaFormat::JodaFormat(std::string_view pattern, std::shared_ptr<const TimeZone> zone, std::string_view locale)
    : zone_(std::move(zone)), words_(&LocaleWords::find(locale)) {
  const auto refuse = [pattern](const std::string& problem) {
    throw Error(ErrorCategory::kInvalidInput, problem + ", in the pattern of dates [" + std::string(pattern) + "]");
  };
  if (pattern.empty()) refuse("Invalid pattern specification: a pattern must not be empty");
  for (std::size_t i = 0; i < pattern.size();) {
    const char byte = pattern[i];
    if (is_pattern_letter(byte)) {
      if (kLetters.find(byte) == std::string_view::npos) refuse(std::string("Illegal pattern component: ") + byte);
      const std::size_t end = std::min(pattern.find_first_not_of(byte, i), pattern.size());
      if (end - i > kPatternLettersMax) refuse(std::string("Too many of one letter: ") + byte);
      pieces_.push_back({byte, end - i, {}, false});
      i = end;
      continue;
    }
    pieces_.push_back({'\0', 0, take_pattern_text(pattern, i), false});
  }
  for (std::size_t i = 0; i + 1 < pieces_.size(); ++i)
    pieces_[i].number_follows = is_number_piece(pieces_[i].letter, pieces_[i].count) &&
                                is_number_piece(pieces_[i + 1].letter, pieces_[i + 1].count);
  const bool english = words_ == &LocaleWords::find({});
  for (const Piece& piece : pieces_)
    if (piece.letter == 'z' && (piece.count >= kLongTextCount || !english))
      throw Error(ErrorCategory::kUnsupported,
                  "Only short English names of time zones are part of this version, in the pattern of dates [" +
                      std::string(pattern) + "]");
  draw_picture();
}

std::string JodaFormat::print(std::int64_t time_ms) const {
  const std::int64_t local_ms = zone_->to_local(time_ms);
  std::string out;
  for (const Piece& piece : pieces_) print_piece(piece, time_ms, local_ms, out);
  return out;
}

void JodaFormat::print_piece(const Piece& piece, std::int64_t time_ms, std::int64_t local_ms, std::string& out) const {
  const std::int64_t days = floor_divide(local_ms, kDayMs);
  const std::int64_t of_day = floor_remainder(local_ms, kDayMs);
  const std::int64_t hour = of_day / kHourMs;
  const CivilDate date = civil_from_days(days);
  const auto weekday = static_cast<std::size_t>(day_of_week(days) - 1);
  const bool whole_word = piece.count >= kLongTextCount;
  switch (piece.letter) {
    case '\0':
      out += piece.literal;
      return;
    case 'G':
      out += words_->eras[date.year > 0 ? 1 : 0];
      return;
    case 'C':
      return append_padded(out, year_of_era(date.year) / 100, piece.count);
    case 'Y':
      return append_padded(out, piece.count == 2 ? std::abs(date.year) % 100 : year_of_era(date.year), piece.count);
    case 'y':
      return append_padded(out, piece.count == 2 ? std::abs(date.year) % 100 : date.year, piece.count);
    case 'x': {
      const std::int64_t year = week_date(days, date.year).year;
      return append_padded(out, piece.count == 2 ? std::abs(year) % 100 : year, piece.count);
    }
    case 'w':
      return append_padded(out, week_date(days, date.year).week, piece.count);
    case 'e':
      return append_padded(out, day_of_week(days), piece.count);
    case 'E':
      out += whole_word ? words_->weekdays[weekday] : words_->short_weekdays[weekday];
      return;
    case 'D':
      return append_padded(out, days - days_from_civil({date.year, 1, 1}) + 1, piece.count);
    case 'M':
      if (piece.count < kTextCount) return append_padded(out, date.month, piece.count);
      out += (whole_word ? words_->months : words_->short_months)[static_cast<std::size_t>(date.month - 1)];
      return;
    case 'd':
      return append_padded(out, date.day, piece.count);
    case 'a':
      out += words_->half_days[hour < 12 ? 0 : 1];
      return;
    case 'K':
      return append_padded(out, hour % 12, piece.count);
    case 'h':
      return append_padded(out, (hour + 11) % 12 + 1, piece.count);
    case 'H':
      return append_padded(out, hour, piece.count);
    case 'k':
      return append_padded(out, hour == 0 ? 24 : hour, piece.count);
    case 'm':
      return append_padded(out, of_day % kHourMs / kMinuteMs, piece.count);
    case 's':
      return append_padded(out, of_day % kMinuteMs / kSecondMs, piece.count);
    case 'S':
      return append_fraction(out, of_day % kSecondMs, piece.count);
    default:
      return print_zone(piece, time_ms, out);
  }
}

/// Z: +0100, ZZ: +01:00, ZZZ: Europe/Berlin, z: CET.
void JodaFormat::print_zone(const Piece& piece, std::int64_t time_ms, std::string& out) const {
  const std::int64_t offset_ms = zone_->offset_ms(time_ms);
  if (piece.letter == 'Z' && piece.count >= kTextCount) {
    out += zone_->id();
  } else if (piece.letter == 'Z') {
    std::string text = utc_offset_text(offset_ms);
    if (piece.count == 1) std::erase(text, ':');
    out += text;
  } else {
    const std::int64_t year = civil_from_ms(time_ms).year;
    const std::int64_t january = days_from_civil({year, 1, 1}) * kDayMs, july = days_from_civil({year, 7, 1}) * kDayMs;
    const bool summer = offset_ms > std::min(zone_->offset_ms(january), zone_->offset_ms(july));
    const std::string_view name = short_zone_name(zone_->id(), summer);
    out += name.empty() ? utc_offset_text(offset_ms) : std::string(name);
  }
}

}  // namespace sarsen::engine
