#pragma once
// Steps through UTF-8 that may be broken, with the replacement rule of Java's decoder: a malformed piece is one step
// and stands for U+FFFD.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen {

struct Utf8Step {
  std::uint32_t code_point;  // U+FFFD where invalid
  std::size_t size;          // bytes to advance, at least 1
  bool valid;
};

namespace detail {

inline Utf8Step malformed(std::size_t size) noexcept { return {0xFFFD, size, false}; }

inline bool is_continuation(unsigned char byte) noexcept { return (byte & 0xC0) == 0x80; }

}  // namespace detail

/// REQUIRES: `text` is not empty.
inline Utf8Step next_code_point(std::string_view text) noexcept {
  using detail::is_continuation;
  using detail::malformed;
  const auto byte = [text](std::size_t index) {  // a missing byte reads as one that ends the sequence
    return index < text.size() ? static_cast<unsigned char>(text[index]) : static_cast<unsigned char>(0);
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  if (first < 0xC2 || first > 0xF4) return malformed(1);
  const unsigned char second = byte(1);
  if (!is_continuation(second)) return malformed(1);
  if (first < 0xE0) return {(first & 0x1F) << 6 | (second & 0x3Fu), 2, true};
  const unsigned char third = byte(2);
  if (first < 0xF0) {
    if (first == 0xE0 && second < 0xA0) return malformed(1);
    if (!is_continuation(third)) return malformed(2);
    const std::uint32_t code_point = (first & 0x0F) << 12 | (second & 0x3Fu) << 6 | (third & 0x3Fu);
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    return surrogate ? malformed(3) : Utf8Step{code_point, 3, true};
  }
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return malformed(1);
  if (!is_continuation(third)) return malformed(2);
  const unsigned char fourth = byte(3);
  if (!is_continuation(fourth)) return malformed(3);
  return {(first & 0x07) << 18 | (second & 0x3Fu) << 12 | (third & 0x3Fu) << 6 | (fourth & 0x3Fu), 4, true};
}

/// REQUIRES: at most U+10FFFF and no surrogate.
inline void append_utf8(std::string& text, std::uint32_t code_point) {
  const auto append = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
  const auto append_rest = [&append, code_point](unsigned shift) { append(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | code_point >> 6);
    append_rest(0);
  } else if (code_point < 0x10000) {
    append(0xE0 | code_point >> 12);
    append_rest(6);
    append_rest(0);
  } else {
    append(0xF0 | code_point >> 18);
    append_rest(12);
    append_rest(6);
    append_rest(0);
  }
}

}  // namespace sarsen
