#include "engine/sketch/utf16.h"

#include <array>
#include <cstdint>

#include "storage/base/utf8.h"

namespace sarsen::engine::sketch {
namespace {

std::byte* append(std::byte* end, std::uint32_t unit) noexcept {
  end[0] = static_cast<std::byte>(unit & 0xff);
  end[1] = static_cast<std::byte>(unit >> 8);
  return end + 2;
}

/// Writes at most two bytes for each one of the text; returns the end.
std::byte* write_utf16(std::string_view text, std::byte* end) noexcept {
  while (!text.empty()) {
    if (const auto byte = static_cast<unsigned char>(text.front()); byte < 0x80) {
      end = append(end, byte);
      text.remove_prefix(1);
      continue;
    }
    const Utf8Step step = next_code_point(text);
    text.remove_prefix(step.size);
    if (step.code_point < 0x10000) {
      end = append(end, step.code_point);
    } else {
      const std::uint32_t rest = step.code_point - 0x10000;
      end = append(append(end, 0xD800 + (rest >> 10)), 0xDC00 + (rest & 0x3ff));
    }
  }
  return end;
}

}  // namespace

void to_utf16_le(std::string_view text, std::vector<std::byte>& bytes) {
  bytes.resize(text.size() * 2);
  bytes.resize(static_cast<std::size_t>(write_utf16(text, bytes.data()) - bytes.data()));
}

Hash128 murmur3_of_utf16(std::string_view text, std::uint64_t seed) {
  std::array<std::byte, 256> few;
  if (text.size() * 2 <= few.size()) return murmur3(std::span(few.data(), write_utf16(text, few.data())), seed);
  std::vector<std::byte> many;
  to_utf16_le(text, many);
  return murmur3(many, seed);
}

}  // namespace sarsen::engine::sketch
