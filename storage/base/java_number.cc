#include "storage/base/java_number.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

namespace sarsen {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A decimal number taken apart: digits without the point, and the power of ten that they are multiplied with.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

/// java.math.BigDecimal's syntax.
std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal decimal;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    decimal.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::size_t i = 0;
  while (i < text.size() && is_digit(text[i])) decimal.digits += text[i++];
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i) {
      decimal.digits += text[i];
      --decimal.exponent;
    }
  }
  if (decimal.digits.empty()) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && text[i] == '+') ++i;
    std::int32_t exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), exponent);
    if (error != std::errc()) return std::nullopt;
    decimal.exponent += exponent;
    i = static_cast<std::size_t>(end - text.data());
  }
  if (i != text.size()) return std::nullopt;
  return decimal;
}

/// Java's hexadecimal floating text after "0x": std::from_chars reads it where the binary exponent is there, which Java demands.
bool has_binary_exponent(std::string_view text) { return text.find_first_of("pP") != std::string_view::npos; }

template <class T>
std::optional<T> parse_floating(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const auto with_sign = [&](T value) { return negative ? -value : value; };
  if (text == "NaN") return std::numeric_limits<T>::quiet_NaN();
  if (text == "Infinity") return with_sign(std::numeric_limits<T>::infinity());
  if (text.empty()) return std::nullopt;
  std::chars_format format = std::chars_format::general;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    if (!has_binary_exponent(text)) return std::nullopt;
    format = std::chars_format::hex;
    text.remove_prefix(2);
  }
  const char last = text.back();
  if (last == 'd' || last == 'D' || last == 'f' || last == 'F') {
    if (format == std::chars_format::general || has_binary_exponent(text)) text.remove_suffix(1);
  }
  if (text.empty() || !(is_digit(text[0]) || text[0] == '.' || format == std::chars_format::hex)) return std::nullopt;
  std::string without_plus(text);  // from_chars wants no plus in the exponent; Java allows it
  std::erase(without_plus, '+');
  if (std::count(text.begin(), text.end(), '+') > 1) return std::nullopt;
  T value = 0;
  const auto [end, error] = std::from_chars(without_plus.data(), without_plus.data() + without_plus.size(), value, format);
  if (end != without_plus.data() + without_plus.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Java rounds: to infinity where the number is great, to zero where it is small.
    const std::size_t mark = without_plus.find_first_of(format == std::chars_format::hex ? "pP" : "eE");
    const bool small = mark != std::string::npos ? without_plus[mark + 1] == '-' : without_plus[0] == '.' || without_plus[0] == '0';
    return with_sign(small ? T{0} : std::numeric_limits<T>::infinity());
  }
  if (error != std::errc()) return std::nullopt;
  return with_sign(value);
}

}  // namespace

std::optional<std::int64_t> exact_long(std::string_view text) {
  std::int64_t plain = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), plain);
  if (error == std::errc() && end == text.data() + text.size()) return plain;
  std::optional<Decimal> decimal = parse_decimal(text);
  if (!decimal) return std::nullopt;
  decimal->digits.erase(0, std::min(decimal->digits.find_first_not_of('0'), decimal->digits.size()));
  if (decimal->digits.empty()) return 0;
  while (decimal->exponent < 0 && decimal->digits.back() == '0') {
    decimal->digits.pop_back();
    ++decimal->exponent;
  }
  constexpr std::int64_t kDigitsMax = 19;
  if (decimal->exponent < 0 || static_cast<std::int64_t>(decimal->digits.size()) + decimal->exponent > kDigitsMax) return std::nullopt;
  std::string integer = decimal->negative ? "-" : "";
  integer += decimal->digits;
  integer.append(static_cast<std::size_t>(decimal->exponent), '0');
  const auto [integer_end, integer_error] = std::from_chars(integer.data(), integer.data() + integer.size(), plain);
  return integer_error == std::errc() ? std::optional(plain) : std::nullopt;
}

std::optional<double> try_parse_double(std::string_view text) { return parse_floating<double>(text); }
std::optional<float> try_parse_float(std::string_view text) { return parse_floating<float>(text); }

std::int64_t java_long(double value) noexcept {
  if (value != value) return 0;
  if (value >= 9223372036854775808.0) return std::numeric_limits<std::int64_t>::max();
  if (value <= -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

}  // namespace sarsen
