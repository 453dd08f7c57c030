#include "storage/base/decimal_text.h"

#include <algorithm>

#include "storage/base/text_scanner.h"

namespace sarsen {

namespace {

std::string_view take_digits(TextScanner& scanner, std::string_view text) {
  const std::size_t begin = scanner.position();
  while (is_ascii_digit(scanner.peek())) scanner.seek(scanner.position() + 1);
  return text.substr(begin, scanner.position() - begin);
}

/// What follows the "e"; nullopt where it is malformed or beyond 32 bits.
std::optional<std::int64_t> take_exponent(TextScanner& scanner, std::string_view text) {
  const bool negative = scanner.accept('-');
  if (!negative) scanner.accept('+');
  std::string_view digits = take_digits(scanner, text);
  if (digits.empty()) return std::nullopt;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > 10) return std::nullopt;
  const std::int64_t size = TextScanner(digits).number(10).value_or(0);
  const std::int64_t exponent = negative ? -size : size;
  return exponent < INT32_MIN || exponent > INT32_MAX ? std::nullopt : std::optional(exponent);
}

bool is_negative_long_after_plus(std::string_view text) noexcept {
  constexpr std::size_t kLongDigits = 19;
  return text.starts_with("+-") && text.size() > 2 && text.size() <= kLongDigits + 2 &&
         std::all_of(text.begin() + 2, text.end(), is_ascii_digit);
}

void drop_zeros(Decimal& decimal) {
  const std::size_t zeros = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, zeros);
  decimal.exponent -= static_cast<std::int64_t>(zeros);
  while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
  if (decimal.digits.empty()) decimal = Decimal();
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  if (is_negative_long_after_plus(text)) text.remove_prefix(1);
  TextScanner scanner(text);
  Decimal decimal;
  decimal.negative = scanner.accept('-');
  if (!decimal.negative) scanner.accept('+');
  const std::string_view whole = take_digits(scanner, text);
  const std::string_view fraction = scanner.accept('.') ? take_digits(scanner, text) : std::string_view();
  if (whole.empty() && fraction.empty()) return std::nullopt;
  decimal.exponent = static_cast<std::int64_t>(whole.size());
  if (scanner.accept_letter('E')) {
    const std::optional<std::int64_t> exponent = take_exponent(scanner, text);
    if (!exponent) return std::nullopt;
    decimal.exponent += *exponent;
  }
  if (!scanner.at_end()) return std::nullopt;
  (decimal.digits += whole) += fraction;
  drop_zeros(decimal);
  return decimal;
}

int compare_decimals(const Decimal& left, const Decimal& right) noexcept {
  const auto sign = [](const Decimal& value) { return value.digits.empty() ? 0 : value.negative ? -1 : 1; };
  if (sign(left) != sign(right)) return sign(left) - sign(right);
  const int by_size =
      left.exponent != right.exponent ? (left.exponent < right.exponent ? -1 : 1) : left.digits.compare(right.digits);
  return left.negative ? -by_size : by_size;
}

}  // namespace sarsen
