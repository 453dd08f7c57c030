#include "storage/base/interval.h"

#include <fmt/format.h>

#include <optional>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/period.h"
#include "storage/base/text_scanner.h"
#include "storage/base/utc_offset.h"

namespace sarsen {

namespace {

// Joda parses one year more at each end than it can add to; those times exist as far as 64 bits reach.
constexpr std::int64_t kParsedYearMin = kYearMin - 1;
constexpr std::int64_t kParsedYearMax = kYearMax + 1;

constexpr std::size_t kYearDigits = 9;
constexpr std::size_t kFractionDigits = 9;

[[noreturn]] void fail(std::string_view problem, std::string_view text) {
  throw Error(ErrorCategory::kInvalidInput, fmt::format("{}: \"{}\"", problem, text));
}

/// One walk over a text: date [T [time] [offset]] or T time [offset].
class InstantParser {
 public:
  explicit InstantParser(std::string_view text) noexcept : text_(text), scanner_(text) {}

  std::int64_t parse() {
    if (ascii_upper(scanner_.peek()) == 'T') {
      scanner_.accept_letter('T');
      if (!time()) fail("Invalid time, expected hours after the T", text_);
      offset();
    } else {
      date();
      if (scanner_.accept_letter('T')) {
        time();
        offset();
      }
    }
    if (!scanner_.at_end()) fail_malformed();
    return result();
  }

 private:
  [[noreturn]] void fail_malformed() const {
    throw Error(ErrorCategory::kInvalidInput,
                fmt::format("Invalid time: \"{}\" is malformed at \"{}\"", text_, text_.substr(scanner_.position())));
  }

  void check_range(std::string_view field, std::int64_t value, std::int64_t low, std::int64_t high) const {
    if (value >= low && value <= high) return;
    throw Error(ErrorCategory::kInvalidInput,
                fmt::format("Invalid time: \"{}\": value {} for {} must be in the range [{},{}]", text_, value, field,
                            low, high));
  }

  void date() {
    const std::optional<std::int64_t> year = scanner_.signed_number(kYearDigits);
    if (!year) fail("Invalid time, expected an ISO-8601 date", text_);
    check_range("year", *year, kParsedYearMin, kParsedYearMax);
    if (week_date(*year) || day_of_year_date(*year)) return;
    month_date(*year);
  }

  bool week_date(std::int64_t year) {
    if (scanner_.peek() != '-' || ascii_upper(scanner_.peek(1)) != 'W' || !is_ascii_digit(scanner_.peek(2)))
      return false;
    scanner_.seek(scanner_.position() + 2);
    const std::int64_t week = *scanner_.number(2);
    const std::int64_t day = after_dash(1).value_or(1);
    check_range("weekOfWeekyear", week, 1, weeks_in_year(year));
    check_range("dayOfWeek", day, 1, 7);
    days_ = week_year_start(year) + (week - 1) * 7 + day - 1;
    return true;
  }

  /// Three digits are a day of the year; one or two are a month.
  bool day_of_year_date(std::int64_t year) {
    const bool three_digits = scanner_.peek() == '-' && is_ascii_digit(scanner_.peek(1)) &&
                              is_ascii_digit(scanner_.peek(2)) && is_ascii_digit(scanner_.peek(3));
    if (!three_digits) return false;
    const std::int64_t day = *after_dash(3);
    check_range("dayOfYear", day, 1, is_leap_year(year) ? 366 : 365);
    days_ = days_from_civil({year, 1, 1}) + day - 1;
    return true;
  }

  void month_date(std::int64_t year) {
    const std::optional<std::int64_t> month = after_dash(2);
    const std::optional<std::int64_t> day = month ? after_dash(2) : std::nullopt;
    check_range("monthOfYear", month.value_or(1), 1, 12);
    check_range("dayOfMonth", day.value_or(1), 1, days_in_month(year, month.value_or(1)));
    days_ = days_from_civil({year, month.value_or(1), day.value_or(1)});
  }

  std::optional<std::int64_t> after_dash(std::size_t digits_max) {
    if (scanner_.peek() != '-' || !is_ascii_digit(scanner_.peek(1))) return std::nullopt;
    scanner_.accept('-');
    return scanner_.number(digits_max);
  }

  std::optional<std::int64_t> after_colon() {
    if (scanner_.peek() != ':' || !is_ascii_digit(scanner_.peek(1))) return std::nullopt;
    scanner_.accept(':');
    return scanner_.number(2);
  }

  /// False where there is none. The last unit given may carry a decimal fraction.
  bool time() {
    const std::optional<std::int64_t> hour = scanner_.number(2);
    if (!hour) return false;
    check_range("hourOfDay", *hour, 0, 23);
    time_ms_ = *hour * kHourMs;
    std::int64_t last_unit_ms = kHourMs;
    if (const std::optional<std::int64_t> minute = after_colon()) {
      check_range("minuteOfHour", *minute, 0, 59);
      time_ms_ += *minute * kMinuteMs;
      last_unit_ms = kMinuteMs;
      if (const std::optional<std::int64_t> second = after_colon()) {
        check_range("secondOfMinute", *second, 0, 59);
        time_ms_ += *second * kSecondMs;
        last_unit_ms = kSecondMs;
      }
    }
    if (scanner_.accept_decimal_point()) time_ms_ += fraction_ms(last_unit_ms);
    return true;
  }

  /// Digit by digit as Joda adds it up: a third of a minute is 19.999 seconds.
  std::int64_t fraction_ms(std::int64_t unit_ms) {
    std::int64_t tenths = 0;
    for (std::size_t digit = 0; digit < kFractionDigits && is_ascii_digit(scanner_.peek()); ++digit) {
      tenths += (scanner_.peek() - '0') * unit_ms;
      unit_ms /= 10;
      scanner_.seek(scanner_.position() + 1);
    }
    return tenths / 10;
  }

  void offset() {
    if (scanner_.accept_letter('Z') || (scanner_.peek() != '-' && scanner_.peek() != '+')) return;
    const std::optional<std::int64_t> offset_ms = scan_utc_offset(scanner_);
    if (!offset_ms) fail_malformed();
    offset_ms_ = *offset_ms;
  }

  std::int64_t result() const {
    std::int64_t day_ms = 0;
    std::int64_t time_ms = 0;
    const bool overflow = __builtin_mul_overflow(days_, kDayMs, &day_ms) ||
                          __builtin_add_overflow(day_ms, time_ms_ - offset_ms_, &time_ms);
    if (overflow) fail("Invalid time, out of range", text_);
    return time_ms;
  }

  std::string_view text_;
  TextScanner scanner_;
  std::int64_t days_ = 0;
  std::int64_t time_ms_ = 0;
  std::int64_t offset_ms_ = 0;
};

/// With zeros before it, as far as it has fewer digits, and what follows it.
void append_number(std::string& text, std::int64_t number, std::size_t digits, char follower) {
  char reversed[20];
  std::size_t count = 0;
  for (; number > 0 || count < digits; number /= 10) reversed[count++] = static_cast<char>('0' + number % 10);
  while (count > 0) text.push_back(reversed[--count]);
  text.push_back(follower);
}

bool is_period(std::string_view text) noexcept { return text.front() == 'P' || text.front() == 'p'; }

Interval interval_of(std::string_view left, std::string_view right) {
  if (is_period(left)) {
    const std::int64_t end_ms = parse_iso(right);
    return {add_period(end_ms, Period::parse(left), -1), end_ms};
  }
  const std::int64_t start_ms = parse_iso(left);
  return {start_ms, is_period(right) ? add_period(start_ms, Period::parse(right)) : parse_iso(right)};
}

}  // namespace

std::string format_iso(std::int64_t time_ms) {
  const std::int64_t days = floor_divide(time_ms, kDayMs);
  const CivilDate date = civil_from_days(days);
  const std::int64_t day_ms = floor_remainder(time_ms, kDayMs);
  std::string text = date.year < 0 ? "-" : "";
  append_number(text, date.year < 0 ? -date.year : date.year, 4, '-');
  append_number(text, date.month, 2, '-');
  append_number(text, date.day, 2, 'T');
  append_number(text, day_ms / kHourMs, 2, ':');
  append_number(text, day_ms / kMinuteMs % 60, 2, ':');
  append_number(text, day_ms / kSecondMs % 60, 2, '.');
  append_number(text, day_ms % kSecondMs, 3, 'Z');
  return text;
}

std::string format_iso(const Interval& interval) {
  return format_iso(interval.start_ms) + "/" + format_iso(interval.end_ms);
}

std::int64_t parse_iso(std::string_view text) { return InstantParser(text).parse(); }

Interval parse_interval(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size())
    fail("Invalid interval, expected start/end, start/period or period/end", text);
  const std::string_view left = text.substr(0, slash);
  const std::string_view right = text.substr(slash + 1);
  if (is_period(left) && is_period(right)) fail("Invalid interval, composed of two periods", text);
  Interval interval;
  try {
    interval = interval_of(left, right);
  } catch (const Error& error) {  // the part that failed knows only itself
    fail(fmt::format("Invalid interval ({})", error.what()), text);
  }
  if (interval.end_ms < interval.start_ms) fail("Invalid interval, the end must not be before the start", text);
  return interval;
}

}  // namespace sarsen
