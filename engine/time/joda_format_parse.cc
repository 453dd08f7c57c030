// Reading dates by a pattern.

#include <algorithm>
#include <chrono>

#include "engine/time/joda_format.h"
#include "storage/base/ascii_case.h"
#include "storage/base/civil_time.h"
#include "storage/base/utc_offset.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kDigitsMax = 18;  // of any number: what 64 bits surely hold
constexpr std::size_t kTextCount = 3;

/// The number (from 1) of the longest name that lies ahead.
std::optional<std::int64_t> scan_name(TextScanner& scanner, const std::vector<std::string>& names,
                                      const std::vector<std::string>& short_names) {
  std::size_t longest = 0;
  std::optional<std::int64_t> number;
  for (const auto* list : {&names, &short_names})
    for (std::size_t i = 0; i < list->size(); ++i)
      if ((*list)[i].size() > longest && storage::starts_with_ignoring_case(scanner.rest(), (*list)[i])) {
        longest = (*list)[i].size();
        number = static_cast<std::int64_t>(i + 1);
      }
  scanner.seek(scanner.position() + longest);
  return number;
}

std::size_t digits_max(char letter, std::size_t count, bool number_follows) noexcept {
  if (number_follows || letter == 'S') return std::min(count, kDigitsMax);
  if (letter == 'y' || letter == 'Y' || letter == 'x' || letter == 'C') return 9;
  if (letter == 'e') return 1;
  return letter == 'D' ? 3 : 2;
}

/// "yy" with exactly two digits: the year nearest to thirty years ago, 50 behind that to 49 ahead.
std::int64_t two_digit_year(std::int64_t value) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::int64_t low = static_cast<int>(std::chrono::year_month_day(today).year()) - 80;
  const std::int64_t year = low - low % 100 + value;
  return year < low ? year + 100 : year;
}

bool is_year(std::int64_t year) noexcept { return kYearMin <= year && year < kYearMax; }

std::optional<std::int64_t> days_of_date(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
  if (!is_year(year) || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return days_from_civil({year, month, day});
}

std::optional<std::int64_t> days_of_ordinal_date(std::int64_t year, std::int64_t day) noexcept {
  if (!is_year(year) || day < 1 || day > (is_leap_year(year) ? 366 : 365)) return std::nullopt;
  return days_from_civil({year, 1, 1}) + day - 1;
}

std::optional<std::int64_t> days_of_week_date(std::int64_t year, std::int64_t week, std::int64_t day) noexcept {
  if (!is_year(year) || week < 1 || week > weeks_in_year(year) || day < 1 || day > 7) return std::nullopt;
  return week_year_start(year) + (week - 1) * 7 + day - 1;
}

bool within(std::optional<std::int64_t> value, std::int64_t low, std::int64_t high) noexcept {
  return value && *value >= low && *value <= high;
}

}  // namespace

struct JodaFormat::Fields {
  std::optional<std::int64_t> year, weekyear, month, day, ordinal_day, week, weekday, hour, half_day_hour;
  std::int64_t minute = 0, second = 0, fraction_ms = 0;
  std::optional<std::int64_t> offset_ms;
  bool afternoon = false;
  bool before_christ = false;

  std::optional<std::int64_t> days() const {
    const std::int64_t signed_year = before_christ ? 1 - year.value_or(1) : year.value_or(weekyear ? *weekyear : 1970);
    if (ordinal_day) return days_of_ordinal_date(signed_year, *ordinal_day);
    if (weekyear || week)
      return days_of_week_date(weekyear.value_or(signed_year), week.value_or(1), weekday.value_or(1));
    return days_of_date(year || !month ? signed_year : 2000, month.value_or(1), day.value_or(1));
  }

  std::int64_t time_ms() const {
    std::int64_t hours = hour.value_or(0);
    if (half_day_hour) hours = *half_day_hour % 12 + (afternoon ? 12 : 0);
    return hours * kHourMs + minute * kMinuteMs + second * kSecondMs + fraction_ms;
  }

  /// The number that `letter` stands for; false where it is out of range.
  bool set(char letter, std::int64_t value) {
    switch (letter) {
      case 'y':
      case 'Y':
        year = value;
        return true;
      case 'x':
        weekyear = value;
        return true;
      case 'C':
        return true;
      case 'M':
        month = value;
        return within(month, 1, 12);
      case 'd':
        day = value;
        return within(day, 1, 31);
      case 'D':
        ordinal_day = value;
        return within(ordinal_day, 1, 366);
      case 'w':
        week = value;
        return within(week, 1, 53);
      case 'e':
        weekday = value;
        return within(weekday, 1, 7);
      case 'H':
        hour = value;
        return within(hour, 0, 23);
      case 'k':
        hour = value % 24;
        return within(value, 1, 24);
      case 'K':
        half_day_hour = value;
        return within(half_day_hour, 0, 11);
      case 'h':
        half_day_hour = value;
        return within(half_day_hour, 1, 12);
      case 'm':
        minute = value;
        return within(minute, 0, 59);
      default:
        second = value;
        return within(second, 0, 59);
    }
  }
};

bool JodaFormat::scan_piece(const Piece& piece, TextScanner& scanner, Fields& fields) const {
  switch (piece.letter) {
    case '\0':
      return scanner.accept(std::string_view(piece.literal));
    case 'a': {
      const auto half = scan_name(scanner, words_->half_days, words_->half_days);
      fields.afternoon = half == 2;
      return half.has_value();
    }
    case 'G': {
      const auto era = scan_name(scanner, words_->eras, words_->eras);
      fields.before_christ = era == 1;
      return era.has_value();
    }
    case 'Z':
    case 'z':
      for (const std::string_view name : {"UTC", "GMT", "UT"})
        if ((piece.letter == 'z' || piece.count >= kTextCount) && scanner.accept(name)) {
          fields.offset_ms = 0;
          return true;
        }
      fields.offset_ms = scanner.accept('Z') ? std::optional<std::int64_t>(0) : scan_utc_offset(scanner);
      return fields.offset_ms.has_value();
    case 'E':
      fields.weekday = scan_name(scanner, words_->weekdays, words_->short_weekdays);
      return fields.weekday.has_value();
    case 'M':
      if (piece.count < kTextCount) break;
      fields.month = scan_name(scanner, words_->months, words_->short_months);
      return fields.month.has_value();
    default:
      break;
  }
  const std::size_t digits = digits_max(piece.letter, piece.count, piece.number_follows);
  const std::size_t found = scanner.digits_ahead(digits);
  const bool may_be_negative = piece.letter == 'y' || piece.letter == 'x';
  const auto value = may_be_negative ? scanner.signed_number(digits) : scanner.number(digits);
  if (!value) return false;
  if (piece.letter != 'S') {
    const bool is_year = piece.letter == 'y' || piece.letter == 'Y' || piece.letter == 'x';
    return fields.set(piece.letter, is_year && piece.count == 2 && found == 2 ? two_digit_year(*value) : *value);
  }
  std::int64_t scaled = *value;
  for (std::size_t i = found; i < 3; ++i) scaled *= 10;
  for (std::size_t i = 3; i < found; ++i) scaled /= 10;
  fields.fraction_ms = scaled;
  return true;
}

/// Where the pattern has a year and other numbers, each once and of as many digits as are common, and texts without
/// digits between them.
void JodaFormat::draw_picture() {
  constexpr std::string_view kStraight[] = {"yyyy", "MM", "dd", "HH", "mm", "ss", "SSS"};
  std::string letters;
  for (const Piece& piece : pieces_) {
    const bool literal = piece.letter == '\0';
    const bool straight = literal ? std::none_of(piece.literal.begin(), piece.literal.end(), is_ascii_digit)
                                  : letters.find(piece.letter) == std::string::npos &&
                                        std::count(std::begin(kStraight), std::end(kStraight),
                                                   std::string(piece.count, piece.letter)) != 0;
    if (!straight) return picture_.clear();
    if (!literal) numbers_.push_back({piece.letter, picture_.size(), piece.count});
    if (!literal) letters += piece.letter;
    picture_ += literal ? piece.literal : std::string(piece.count, '0');
  }
  if (letters.find('y') == std::string::npos) picture_.clear();
}

bool JodaFormat::is_as_pictured(std::string_view text) const noexcept {
  if (picture_.empty() || text.size() != picture_.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (picture_[i] == '0' ? !is_ascii_digit(text[i]) : text[i] != picture_[i]) return false;
  return true;
}

/// nullopt where the text is not as pictured, or no time: it may still be good, or is looked at once more.
std::optional<std::int64_t> JodaFormat::parse_straight(std::string_view text) const {
  if (!is_as_pictured(text)) return std::nullopt;
  CivilDate date{0, 1, 1};
  std::int64_t hour = 0, minute = 0, second = 0, fraction_ms = 0;
  for (const Number& number : numbers_) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < number.size; ++i) value = value * 10 + (text[number.begin + i] - '0');
    switch (number.letter) {
      case 'y':
        date.year = value;
        break;
      case 'M':
        date.month = value;
        break;
      case 'd':
        date.day = value;
        break;
      case 'H':
        hour = value;
        break;
      case 'm':
        minute = value;
        break;
      case 's':
        second = value;
        break;
      default:
        fraction_ms = value;
    }
  }
  const auto days = days_of_date(date.year, date.month, date.day);
  if (!days || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return zone_->to_utc(*days * kDayMs + hour * kHourMs + minute * kMinuteMs + second * kSecondMs + fraction_ms);
}

std::optional<std::int64_t> JodaFormat::parse(std::string_view text) const {
  if (const auto time_ms = parse_straight(text)) return time_ms;
  TextScanner scanner(text);
  Fields fields;
  for (const Piece& piece : pieces_)
    if (!scan_piece(piece, scanner, fields)) return std::nullopt;
  if (!scanner.at_end()) return std::nullopt;
  const auto days = fields.days();
  if (!days) return std::nullopt;
  const std::int64_t local_ms = *days * kDayMs + fields.time_ms();
  return fields.offset_ms ? local_ms - *fields.offset_ms : zone_->to_utc(local_ms);
}

}  // namespace sarsen::engine
