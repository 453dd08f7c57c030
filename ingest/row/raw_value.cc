#include "ingest/row/raw_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <type_traits>

#include "storage/base/json_writer.h"

namespace sarsen::ingest {
namespace {

using Kind = RawValue::Kind;

/// String.trim(): everything up to and including the blank.
std::string_view java_trim(std::string_view text) noexcept {
  const auto blank = [](char byte) { return static_cast<unsigned char>(byte) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

/// Java's cast: saturating, NaN is 0.
std::int64_t to_long(double value) noexcept {
  if (std::isnan(value)) return 0;
  if (value >= 9223372036854775808.0) return std::numeric_limits<std::int64_t>::max();
  if (value < -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

template <class T>
T cast_number(double value) noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return to_long(value);
  else
    return static_cast<T>(value);
}

template <class T>
Converted<T> found(T value) noexcept {
  return {.value = value, .null = false};
}

template <class T>
Converted<T> failure() noexcept {
  return {.failed = true};
}

/// The integer that a decimal text stands for exactly ("5.0", "1e3"), as BigDecimal.longValueExact().
std::optional<std::int64_t> exact_long(std::string_view text) {
  if (const auto value = parse_java_long(text)) return value;
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  std::string digits;
  std::int64_t scale = 0;  // digits × 10^-scale
  bool point = false;
  std::size_t position = 0;
  for (; position < rest.size() && (is_digit(rest[position]) || (rest[position] == '.' && !point)); ++position) {
    if (rest[position] == '.') {
      point = true;
    } else {
      digits.push_back(rest[position]);
      scale += point ? 1 : 0;
    }
  }
  if (digits.empty()) return std::nullopt;
  if (position < rest.size()) {
    if (rest[position] != 'e' && rest[position] != 'E') return std::nullopt;
    std::string_view exponent_text = rest.substr(position + 1);
    const auto exponent = parse_java_long(exponent_text);
    if (!exponent || *exponent > INT32_MAX || *exponent < -INT32_MAX) return std::nullopt;
    scale -= *exponent;
  }
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return 0;
  digits.erase(0, first);
  while (scale > 0 && digits.back() == '0') {
    digits.pop_back();
    --scale;
  }
  constexpr std::int64_t kDigitsMax = 19;
  if (scale > 0 || static_cast<std::int64_t>(digits.size()) - scale > kDigitsMax) return std::nullopt;
  digits.append(static_cast<std::size_t>(-scale), '0');
  return parse_java_long((negative ? "-" : "") + digits);
}

std::string list_text(std::span<const RawValue> list) {
  std::string text = "[";
  std::string scratch;
  for (const RawValue& element : list) {
    if (text.size() > 1) text += ", ";
    text += text_of(element, scratch).value_or("null");
  }
  return text + "]";
}

template <class T>
Converted<T> metric_text(std::string_view text) {
  std::string cleaned;
  text = java_trim(text);
  if (text.find(',') != std::string_view::npos) {
    cleaned.assign(text);
    std::erase(cleaned, ',');
    text = cleaned;
  }
  if (const auto integer = parse_java_long(text)) return found(static_cast<T>(*integer));
  if (const auto number = parse_java_double(text)) return found(cast_number<T>(*number));
  return failure<T>();
}

template <class T>
Converted<T> dimension_text(std::string_view text) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    const auto value = exact_long(text);
    return value ? found(*value) : failure<T>();
  } else {
    const auto value = parse_java_double(text);
    return value ? found(static_cast<T>(*value)) : failure<T>();
  }
}

std::optional<double> parse_hex_double(std::string_view digits) {
  if (digits.find_first_of("pP") == std::string_view::npos) return std::nullopt;  // Java wants the exponent
  double value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::hex);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// Overflow and underflow are no errors in Java: from_chars leaves the value alone then.
double out_of_range_value(std::string_view digits) {
  const std::size_t exponent = digits.find_first_of("eE");
  const bool small = exponent != std::string_view::npos && exponent + 1 < digits.size() && digits[exponent + 1] == '-';
  const bool fraction = digits.starts_with("0.") || digits.starts_with('.');
  return small || (fraction && exponent == std::string_view::npos) ? 0.0 : std::numeric_limits<double>::infinity();
}

std::optional<double> parse_unsigned_double(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text.empty() || !(is_digit(text.front()) || text.front() == '.')) return std::nullopt;
  const char last = text.back();
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (last == 'd' || last == 'D' || last == 'f' || last == 'F') text.remove_suffix(1);
  if (hex) return parse_hex_double(text.substr(2));
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::general);
  if (parsed.ptr != text.data() + text.size()) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) return out_of_range_value(text);
  if (parsed.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> parse_java_long(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_java_double(std::string_view text) {
  text = java_trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto value = parse_unsigned_double(text);
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

std::optional<std::string_view> text_of(const RawValue& value, std::string& scratch) {
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kNull:
      return std::nullopt;
    case Kind::kText:
    case Kind::kObject:
      return value.text;
    case Kind::kBoolean:
      return value.boolean ? "true" : "false";
    case Kind::kLong:
      scratch = std::to_string(value.integer);
      return scratch;
    case Kind::kDouble:
      scratch = java_text(value.number);
      return scratch;
    case Kind::kList:
      scratch = list_text(value.list);
      return scratch;
  }
  return std::nullopt;
}

template <class T>
Converted<T> dimension_number(const RawValue& value) {
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kNull:
      return {};
    case Kind::kLong:
      return found(static_cast<T>(value.integer));
    case Kind::kDouble:
      return found(cast_number<T>(value.number));
    case Kind::kText:
      return dimension_text<T>(value.text);
    case Kind::kBoolean:
      return std::is_same_v<T, std::int64_t> ? found(static_cast<T>(value.boolean)) : failure<T>();
    case Kind::kList:
    case Kind::kObject:
      break;
  }
  return failure<T>();
}

template <class T>
Converted<T> metric_number(const RawValue& value) {
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kNull:
      return {};
    case Kind::kLong:
      return found(static_cast<T>(value.integer));
    case Kind::kDouble:
      return found(cast_number<T>(value.number));
    case Kind::kText:
      return metric_text<T>(value.text);
    case Kind::kBoolean:
    case Kind::kList:
    case Kind::kObject:
      break;
  }
  return failure<T>();
}

template Converted<std::int64_t> dimension_number(const RawValue&);
template Converted<float> dimension_number(const RawValue&);
template Converted<double> dimension_number(const RawValue&);
template Converted<std::int64_t> metric_number(const RawValue&);
template Converted<float> metric_number(const RawValue&);
template Converted<double> metric_number(const RawValue&);

}  // namespace sarsen::ingest
