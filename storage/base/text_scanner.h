#pragma once
// Steps through the text of a date or a period: small pieces that match or leave the position where it was.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen {

constexpr bool is_ascii_digit(char character) noexcept { return character >= '0' && character <= '9'; }

constexpr char ascii_upper(char character) noexcept {
  return character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
}

class TextScanner {
 public:
  explicit TextScanner(std::string_view text) noexcept : text_(text) {}

  bool at_end() const noexcept { return position_ == text_.size(); }
  std::size_t position() const noexcept { return position_; }
  void seek(std::size_t position) noexcept { position_ = position; }
  std::string_view rest() const noexcept { return text_.substr(position_); }

  /// The character `offset` further on; NUL past the end.
  char peek(std::size_t offset = 0) const noexcept {
    return position_ + offset < text_.size() ? text_[position_ + offset] : '\0';
  }

  bool accept(char character) noexcept {
    if (at_end() || peek() != character) return false;
    ++position_;
    return true;
  }

  bool accept(std::string_view word) noexcept {
    if (!rest().starts_with(word)) return false;
    position_ += word.size();
    return true;
  }

  /// Digits that lie ahead, from `offset` on, up to `count_max`.
  std::size_t digits_ahead(std::size_t count_max, std::size_t offset = 0) const noexcept {
    std::size_t count = 0;
    while (count < count_max && is_ascii_digit(peek(offset + count))) ++count;
    return count;
  }

  /// In either case. REQUIRES: `upper` is an upper-case letter or no letter.
  bool accept_letter(char upper) noexcept {
    if (at_end() || ascii_upper(peek()) != upper) return false;
    ++position_;
    return true;
  }

  /// A '.' or ',' that a digit follows.
  bool accept_decimal_point() noexcept {
    if ((peek() != '.' && peek() != ',') || !is_ascii_digit(peek(1))) return false;
    ++position_;
    return true;
  }

  /// One to `digits_max` digits (at most 18); the digits after those stay.
  std::optional<std::int64_t> number(std::size_t digits_max) noexcept {
    const std::size_t begin = position_;
    std::int64_t value = 0;
    while (position_ - begin < digits_max && is_ascii_digit(peek())) value = value * 10 + (text_[position_++] - '0');
    return position_ == begin ? std::nullopt : std::optional(value);
  }

  /// As number(), after an optional sign.
  std::optional<std::int64_t> signed_number(std::size_t digits_max) noexcept {
    const bool has_sign = (peek() == '-' || peek() == '+') && is_ascii_digit(peek(1));
    const bool negative = has_sign && peek() == '-';
    if (has_sign) ++position_;
    const std::optional<std::int64_t> value = number(digits_max);
    return value && negative ? std::optional(-*value) : value;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace sarsen
