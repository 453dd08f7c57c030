#pragma once
// Steps through a timestamp's text. Every operation that does not find what it wants leaves the place as it was. Not
// thread-safe.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen::ingest {

class TextScanner {
 public:
  explicit TextScanner(std::string_view text) noexcept : rest_(text) {}

  bool done() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }
  char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  void skip(std::size_t count) noexcept { rest_.remove_prefix(count); }

  bool take(char wanted) noexcept {
    if (peek() != wanted || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take(std::string_view wanted) noexcept {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  /// Digits lying ahead, up to `count_max`.
  std::size_t digits_ahead(std::size_t count_max, std::size_t from = 0) const noexcept {
    std::size_t count = 0;
    while (count < count_max && from + count < rest_.size() && is_digit(rest_[from + count])) ++count;
    return count;
  }

  /// A number of 1 to `digits_max` digits. REQUIRES: digits_max <= 18.
  std::optional<std::int64_t> number(std::size_t digits_max) noexcept {
    const std::size_t count = digits_ahead(digits_max);
    if (count == 0) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(count);
    return value;
  }

  /// The same with an optional sign.
  std::optional<std::int64_t> signed_number(std::size_t digits_max) noexcept {
    const bool negative = peek() == '-';
    const std::size_t sign = negative || peek() == '+' ? 1 : 0;
    if (digits_ahead(1, sign) == 0) return std::nullopt;
    rest_.remove_prefix(sign);
    const auto value = number(digits_max);
    return negative ? -*value : *value;
  }

 private:
  static bool is_digit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

  std::string_view rest_;
};

/// Milliseconds east of UTC: "Z", "+01", "+0100", "+01:00" and so on to seconds. nullopt where the text ahead is none.
std::optional<std::int64_t> scan_zone_offset(TextScanner& scanner) noexcept;

}  // namespace sarsen::ingest
