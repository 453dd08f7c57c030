#include "storage/base/java_number.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "storage/base/decimal_text.h"
#include "storage/base/java_character.h"
#include "storage/base/text_scanner.h"

namespace sarsen {

namespace {

/// The parts of Java's floating-point text, without sign and type suffix.
struct FloatingText {
  bool hexadecimal = false;
  std::string mantissa;       // digits, perhaps with a point
  std::int64_t exponent = 0;  // of ten, or of two
};

constexpr std::int64_t kExponentMax = 1'000'000'000'000;  // beyond any exponent and any length of digits that matters

bool is_hex_digit(char character) noexcept {
  const char upper = ascii_upper(character);
  return is_ascii_digit(character) || (upper >= 'A' && upper <= 'F');
}

/// At least one digit, perhaps with a point; empty where there is none.
std::string take_mantissa(TextScanner& scanner, bool hexadecimal) {
  std::string mantissa;
  bool point = false;
  bool digits = false;
  for (; !scanner.at_end(); scanner.seek(scanner.position() + 1)) {
    const char character = scanner.peek();
    const bool is_digit = hexadecimal ? is_hex_digit(character) : is_ascii_digit(character);
    if (!is_digit && (character != '.' || point)) break;
    (is_digit ? digits : point) = true;
    mantissa += character;
  }
  return digits ? mantissa : "";
}

/// [sign] digits, cut to kExponentMax.
std::optional<std::int64_t> take_exponent(TextScanner& scanner) {
  const bool negative = scanner.accept('-');
  if (!negative) scanner.accept('+');
  if (!is_ascii_digit(scanner.peek())) return std::nullopt;
  std::int64_t exponent = 0;
  while (const std::optional<std::int64_t> digit = scanner.number(1))
    exponent = std::min(exponent * 10 + *digit, kExponentMax);
  return negative ? -exponent : exponent;
}

std::optional<FloatingText> take_apart(TextScanner& scanner) {
  FloatingText parts;
  parts.hexadecimal = scanner.peek() == '0' && ascii_upper(scanner.peek(1)) == 'X';
  if (parts.hexadecimal) scanner.seek(scanner.position() + 2);
  parts.mantissa = take_mantissa(scanner, parts.hexadecimal);
  if (parts.mantissa.empty()) return std::nullopt;
  const bool has_exponent = scanner.accept_letter(parts.hexadecimal ? 'P' : 'E');
  if (parts.hexadecimal && !has_exponent) return std::nullopt;
  if (has_exponent) {
    const std::optional<std::int64_t> exponent = take_exponent(scanner);
    if (!exponent) return std::nullopt;
    parts.exponent = *exponent;
  }
  if (!scanner.accept_letter('D')) scanner.accept_letter('F');
  return scanner.at_end() ? std::optional(std::move(parts)) : std::nullopt;
}

/// True where the value has digits before the point once the exponent is applied: too large, if it is out of range.
bool is_large(const FloatingText& parts) {
  const std::size_t first = parts.mantissa.find_first_not_of("0.");
  const std::size_t point = std::min(parts.mantissa.find('.'), parts.mantissa.size());
  const std::int64_t place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return place * (parts.hexadecimal ? 4 : 1) + parts.exponent > 0;
}

/// Rounds once, from the text: half to even, to infinity or zero where the value is out of range.
template <class T>
T rounded(const FloatingText& parts) {
  if (parts.mantissa.find_first_not_of("0.") == std::string::npos) return 0;
  const std::string text = parts.mantissa + (parts.hexadecimal ? "p" : "e") + std::to_string(parts.exponent);
  T value = 0;
  const auto format = parts.hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const std::errc problem = std::from_chars(text.data(), text.data() + text.size(), value, format).ec;
  if (problem == std::errc()) return value;
  return is_large(parts) ? std::numeric_limits<T>::infinity() : T{0};
}

template <class T>
std::optional<T> parse_unsigned(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<T>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<T>::infinity();
  TextScanner scanner(text);
  const std::optional<FloatingText> parts = take_apart(scanner);
  return parts ? std::optional(rounded<T>(*parts)) : std::nullopt;
}

template <class T>
std::optional<T> parse_floating(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::optional<T> value = parse_unsigned<T>(text);
  return value && negative ? std::optional(-*value) : value;
}

}  // namespace

std::optional<std::int64_t> exact_long(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size()) return value;
  const std::optional<Decimal> decimal = parse_decimal(with_ascii_digits(text));
  if (!decimal) return std::nullopt;
  if (decimal->digits.empty()) return 0;
  constexpr std::int64_t kLongDigits = 19;
  const auto digits = static_cast<std::int64_t>(decimal->digits.size());
  if (decimal->exponent < digits || decimal->exponent > kLongDigits) return std::nullopt;  // a fraction, or too large
  const std::string integer = (decimal->negative ? "-" : "") + decimal->digits +
                              std::string(static_cast<std::size_t>(decimal->exponent - digits), '0');
  const std::errc too_large = std::from_chars(integer.data(), integer.data() + integer.size(), value).ec;
  return too_large == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<double> try_parse_double(std::string_view text) { return parse_floating<double>(text); }

std::optional<float> try_parse_float(std::string_view text) { return parse_floating<float>(text); }

std::int64_t java_long(double value) noexcept {
  if (value != value) return 0;
  if (value >= 0x1p63) return std::numeric_limits<std::int64_t>::max();
  if (value < -0x1p63) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

}  // namespace sarsen
