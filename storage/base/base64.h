#pragma once
// Bytes as base64 text, with padding and without line breaks: how Jackson prints binary values; and back, as Java's
// Base64.getDecoder reads it. Thread safety: pure.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sarsen {

inline std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const auto byte = [&](std::size_t k) { return k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U; };
    const unsigned triple = byte(0) << 16 | byte(1) << 8 | byte(2);
    text += kDigits[triple >> 18];
    text += kDigits[(triple >> 12) & 63];
    text += left > 1 ? kDigits[(triple >> 6) & 63] : '=';
    text += left > 2 ? kDigits[triple & 63] : '=';
  }
  return text;
}

namespace detail {

/// 64 for what is no digit.
inline std::uint32_t base64_digit(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a' + 26);
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0' + 52);
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

}  // namespace detail

/// Padding may be missing, but not be cut short; nullopt for anything that is no base64.
inline std::optional<std::string> base64_bytes(std::string_view text) {
  const std::size_t digits = std::min(text.find('='), text.size());
  const std::size_t padding = text.size() - digits;
  if (digits % 4 == 1 || (padding != 0 && (digits + padding) % 4 != 0) || padding > 2) return std::nullopt;
  if (text.find_first_not_of('=', digits) != std::string_view::npos) return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint32_t digit = detail::base64_digit(text[i]);
    if (digit == 64) return std::nullopt;
    bits = bits << 6 | digit;
    if (i % 4 != 0) bytes += static_cast<char>(bits >> (6 - 2 * (i % 4)) & 0xFF);
  }
  return bytes;
}

}  // namespace sarsen
