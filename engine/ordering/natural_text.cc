#include "engine/ordering/natural_text.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/base/decimal_text.h"
#include "storage/base/java_character.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

int sign(std::strong_ordering order) { return order < 0 ? -1 : order > 0; }

/// The first code point of `text` and its length in bytes. REQUIRES: text is not empty.
struct CodePoint {
  std::uint32_t value;
  std::size_t length;
};
CodePoint first_code_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = std::min<std::size_t>(lead < 0x80   ? 1
                                                   : lead < 0xE0 ? 2
                                                   : lead < 0xF0 ? 3
                                                                 : 4,
                                                   text.size());
  std::uint32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return {value, length};
}

/// Its value as a digit: ASCII, Arabic-Indic, extended Arabic-Indic, Devanagari or full-width; -1: none.
int digit_value(std::uint32_t point) {
  for (const std::uint32_t zero : {0x30U, 0x0660U, 0x06F0U, 0x0966U, 0xFF10U})
    if (point >= zero && point < zero + 10) return static_cast<int>(point - zero);
  return -1;
}

bool starts_with_digit(std::string_view text) { return digit_value(first_code_point(text).value) >= 0; }

/// Takes the leading run of digits off `text`, as their values.
std::vector<int> take_digits(std::string_view& text) {
  std::vector<int> digits;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    const int digit = digit_value(point.value);
    if (digit < 0) break;
    digits.push_back(digit);
    text.remove_prefix(point.length);
  }
  return digits;
}

std::string_view take_others(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && !starts_with_digit(text.substr(end))) end += first_code_point(text.substr(end)).length;
  const std::string_view run = text.substr(0, end);
  text.remove_prefix(end);
  return run;
}

/// By value; of equal values the one with fewer leading zeros first. A run of zeros only comes first where more text
/// follows it, but where it ends the string it comes after such a run (Druid's own quirk: "0a" sorts before "0").
int compare_digit_runs(const std::vector<int>& left, bool left_ends, const std::vector<int>& right, bool right_ends) {
  const auto zeros = [](const std::vector<int>& run) {
    return static_cast<std::size_t>(std::find_if(run.begin(), run.end(), [](int digit) { return digit != 0; }) -
                                    run.begin());
  };
  const std::size_t left_zeros = zeros(left);
  const std::size_t right_zeros = zeros(right);
  const auto rank = [](const std::vector<int>& run, std::size_t zero_count, bool ends) -> std::size_t {
    if (zero_count == run.size()) return ends ? 1 : 0;
    return run.size() - zero_count + 1;
  };
  const std::size_t left_rank = rank(left, left_zeros, left_ends);
  const std::size_t right_rank = rank(right, right_zeros, right_ends);
  if (left_rank != right_rank) return left_rank < right_rank ? -1 : 1;
  for (std::size_t i = 0; left_zeros + i < left.size(); ++i)
    if (left[left_zeros + i] != right[right_zeros + i]) return left[left_zeros + i] < right[right_zeros + i] ? -1 : 1;
  return sign(left_zeros <=> right_zeros);
}

/// String.compareToIgnoreCase: since Java 16 in the order of code points, which is that of UTF-8's bytes.
int compare_ignoring_case(std::string_view left, std::string_view right) {
  return sign(ignoring_case(left).compare(ignoring_case(right)) <=> 0);
}

}  // namespace

int compare_alphanumeric(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return static_cast<int>(!left.empty()) - static_cast<int>(!right.empty());
  const std::size_t left_size = utf16_length(left);
  const std::size_t right_size = utf16_length(right);
  while (!left.empty() && !right.empty()) {
    const bool left_digit = starts_with_digit(left);
    const bool right_digit = starts_with_digit(right);
    if (left_digit != right_digit) return left_digit ? -1 : 1;
    int order = 0;
    if (left_digit) {
      const std::vector<int> left_run = take_digits(left);
      const std::vector<int> right_run = take_digits(right);
      order = compare_digit_runs(left_run, left.empty(), right_run, right.empty());
    } else {
      order = compare_ignoring_case(take_others(left), take_others(right));
    }
    if (order != 0) return order;
  }
  return sign(left_size <=> right_size);
}

int compare_numeric(std::string_view left, std::string_view right) {
  const std::optional<Decimal> left_number = parse_decimal(with_ascii_digits(left));
  const std::optional<Decimal> right_number = parse_decimal(with_ascii_digits(right));
  if (left_number && right_number) return compare_decimals(*left_number, *right_number);
  if (left_number || right_number) return left_number ? 1 : -1;
  return sign(java_compare(left, right));
}

}  // namespace sarsen::engine
