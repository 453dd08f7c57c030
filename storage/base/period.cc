#include "storage/base/period.h"

#include <fmt/format.h>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/text_scanner.h"

namespace sarsen {

namespace {

struct Unit {
  char letter;
  std::int32_t Period::* amount;
};

constexpr std::array<Unit, 4> kDateUnits = {
    {{'Y', &Period::years}, {'M', &Period::months}, {'W', &Period::weeks}, {'D', &Period::days}}};
constexpr std::array<Unit, 2> kTimeUnits = {{{'H', &Period::hours}, {'M', &Period::minutes}}};

constexpr std::size_t kAmountDigits = 10;  // as many as Joda reads

class PeriodParser {
 public:
  explicit PeriodParser(std::string_view text) noexcept : text_(text), scanner_(text) {}

  Period parse() {
    if (!scanner_.accept_letter('P')) fail();
    units(kDateUnits);
    if (scanner_.accept_letter('T')) {
      if (scanner_.at_end()) fail();
      units(kTimeUnits);
      seconds();
    }
    if (!scanner_.at_end()) fail();
    return period_;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorCategory::kInvalidInput,
                fmt::format("Invalid period: \"{}\"; expected ISO-8601 such as P1D or PT10M", text_));
  }

  /// Units come in the order of `known`, each at most once.
  template <std::size_t kCount>
  void units(const std::array<Unit, kCount>& known) {
    for (const Unit& unit : known) {
      const std::size_t begin = scanner_.position();
      const std::optional<std::int64_t> amount = scanner_.signed_number(kAmountDigits);
      if (amount && scanner_.accept_letter(unit.letter))
        period_.*unit.amount = narrow(*amount);
      else
        scanner_.seek(begin);
    }
  }

  std::int32_t narrow(std::int64_t amount) const {
    if (amount < INT32_MIN || amount > INT32_MAX) fail();
    return static_cast<std::int32_t>(amount);
  }

  /// [sign] digits [point digits], where one side of the point may be empty; digits past milliseconds are cut.
  void seconds() {
    const bool negative = scanner_.peek() == '-';
    const std::size_t begin = scanner_.position();
    const std::int64_t whole = scanner_.signed_number(kAmountDigits).value_or(0);
    const bool has_whole = scanner_.position() != begin;
    std::size_t digits = scanner_.position() - begin;
    std::int64_t fraction_ms = 0;
    std::size_t fraction_digits = 0;
    if (scanner_.accept('.') || scanner_.accept(',')) {
      std::int64_t digit_ms = 100;
      for (; is_ascii_digit(scanner_.peek()); ++fraction_digits, digit_ms /= 10)
        fraction_ms += *scanner_.number(1) * digit_ms;
      if (!has_whole && fraction_digits == 0) fail();
    } else if (!has_whole) {
      return;
    }
    if (text_[begin] == '-' || text_[begin] == '+') --digits;
    if (digits + fraction_digits > kAmountDigits || !scanner_.accept_letter('S')) fail();
    period_.seconds = narrow(whole);
    period_.millis = static_cast<std::int32_t>(negative ? -fraction_ms : fraction_ms);
  }

  std::string_view text_;
  TextScanner scanner_;
  Period period_;
};

void append_amount(std::string& text, std::int32_t amount, char letter) {
  if (amount != 0) fmt::format_to(std::back_inserter(text), "{}{}", amount, letter);
}

void append_seconds(std::string& text, std::int64_t total_ms) {
  if (total_ms == 0) return;
  const std::int64_t size_ms = total_ms < 0 ? -total_ms : total_ms;
  fmt::format_to(std::back_inserter(text), "{}{}", total_ms < 0 ? "-" : "", size_ms / kSecondMs);
  if (size_ms % kSecondMs != 0) fmt::format_to(std::back_inserter(text), ".{:03}", size_ms % kSecondMs);
  text += 'S';
}

[[noreturn]] void fail_range(std::int64_t time_ms) {
  throw Error(ErrorCategory::kInvalidInput,
              "Out of the range of times when adding a period to milliseconds: " + std::to_string(time_ms));
}

std::int64_t times(std::int64_t amount, std::int64_t count, std::int64_t time_ms) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(amount, count, &product)) fail_range(time_ms);
  return product;
}

/// More months than lie between Joda's years; keeps the arithmetic of months from overflowing.
constexpr std::int64_t kMonthsMax = (kYearMax - kYearMin + 1) * 12;

}  // namespace

Period Period::parse(std::string_view text) { return PeriodParser(text).parse(); }

std::string Period::to_string() const {
  std::string date_part = "P";
  for (const Unit& unit : kDateUnits) append_amount(date_part, this->*unit.amount, unit.letter);
  std::string time_part;
  for (const Unit& unit : kTimeUnits) append_amount(time_part, this->*unit.amount, unit.letter);
  append_seconds(time_part, std::int64_t{seconds} * kSecondMs + millis);
  if (!time_part.empty()) return date_part + "T" + time_part;
  return is_zero() ? "PT0S" : date_part;
}

std::optional<std::int64_t> Period::fixed_ms() const noexcept {
  if (years != 0 || months != 0) return std::nullopt;
  // Amounts of 32 bits: the sum stays below 1.5e18.
  return weeks * kWeekMs + days * kDayMs + hours * kHourMs + minutes * kMinuteMs + seconds * kSecondMs + millis;
}

std::int64_t add_months_ms(std::int64_t time_ms, std::int64_t months) {
  if (months == 0) return time_ms;
  if (months > kMonthsMax || months < -kMonthsMax) fail_range(time_ms);
  const CivilDate date = add_months(civil_from_ms(time_ms), months);
  if (date.year < kYearMin || date.year > kYearMax) fail_range(time_ms);
  return days_from_civil(date) * kDayMs + floor_remainder(time_ms, kDayMs);
}

std::int64_t add_fixed_ms(std::int64_t time_ms, std::int64_t unit_ms, std::int64_t count) {
  std::int64_t amount_ms = 0;
  std::int64_t result_ms = 0;
  if (__builtin_mul_overflow(unit_ms, count, &amount_ms) || __builtin_add_overflow(time_ms, amount_ms, &result_ms))
    fail_range(time_ms);
  return result_ms;
}

std::int64_t add_period(std::int64_t time_ms, const Period& period, std::int64_t count) {
  time_ms = add_months_ms(time_ms, times(std::int64_t{period.years} * 12, count, time_ms));
  time_ms = add_months_ms(time_ms, times(period.months, count, time_ms));
  time_ms = add_fixed_ms(time_ms, kWeekMs, times(period.weeks, count, time_ms));
  time_ms = add_fixed_ms(time_ms, kDayMs, times(period.days, count, time_ms));
  time_ms = add_fixed_ms(time_ms, kHourMs, times(period.hours, count, time_ms));
  time_ms = add_fixed_ms(time_ms, kMinuteMs, times(period.minutes, count, time_ms));
  time_ms = add_fixed_ms(time_ms, kSecondMs, times(period.seconds, count, time_ms));
  return add_fixed_ms(time_ms, 1, times(period.millis, count, time_ms));
}

}  // namespace sarsen
