#pragma once
// Java's String.compareTo over UTF-8: the order of UTF-16 code units. Dictionaries, column names and Druid's
// "lexicographic" are in this order. It is byte order but for one case: a code point past U+FFFF is two surrogates
// (D800-DFFF) in UTF-16 and so sorts before U+E000-U+FFFF, whose UTF-8 begins with EE or EF.

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

namespace sarsen {

namespace detail {

/// The length of the common prefix, eight bytes at a time.
inline std::size_t common_prefix(std::string_view left, std::string_view right) noexcept {
  const std::size_t size = std::min(left.size(), right.size());
  std::size_t position = 0;
  while (position + 8 <= size && std::memcmp(left.data() + position, right.data() + position, 8) == 0) position += 8;
  while (position < size && left[position] == right[position]) ++position;
  return position;
}

}  // namespace detail

inline std::strong_ordering java_compare(std::string_view left, std::string_view right) noexcept {
  const std::size_t position = detail::common_prefix(left, right);
  if (position == left.size() || position == right.size()) return left.size() <=> right.size();
  const auto left_byte = static_cast<unsigned char>(left[position]);
  const auto right_byte = static_cast<unsigned char>(right[position]);
  if (left_byte < 0xEE || right_byte < 0xEE) [[likely]]
    return left_byte <=> right_byte;
  const bool left_late = left_byte <= 0xEF;  // U+E000 and above, unless it is F0-F4: surrogates
  const bool right_late = right_byte <= 0xEF;
  return left_late == right_late ? left_byte <=> right_byte : left_late <=> right_late;
}

/// String.length(): one unit for every lead byte, and one more where it leads four bytes.
inline std::size_t utf16_length(std::string_view utf8) noexcept {
  std::size_t units = 0;
  for (const char character : utf8) {
    const auto byte = static_cast<unsigned char>(character);
    units += (byte & 0xC0U) != 0x80U ? 1U : 0U;
    units += byte >= 0xF0U ? 1U : 0U;
  }
  return units;
}

/// Null first, as everywhere in Druid.
inline std::strong_ordering java_compare_nullable(std::optional<std::string_view> left,
                                                  std::optional<std::string_view> right) noexcept {
  if (!left || !right) return left.has_value() <=> right.has_value();
  return java_compare(*left, *right);
}

/// "Comes before", for std::sort and the like.
struct JavaLess {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const noexcept {
    return java_compare(left, right) < 0;
  }
};

}  // namespace sarsen
