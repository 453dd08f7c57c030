#pragma once
// Bytes as tests write them down: "01 00 0000002A", spaces where they help the eye.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/byte_writer.h"

namespace sarsen {

inline std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

inline std::string hex(std::string_view text) { return hex(std::as_bytes(std::span(text))); }
inline std::string hex(const ByteWriter& bytes) { return hex(bytes.view()); }

/// The same without what was there for the eye.
inline std::string compact(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c != ' ' && c != '|') result += c;
  return result;
}

}  // namespace sarsen
