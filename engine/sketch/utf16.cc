#include "engine/sketch/utf16.h"

#include <cstdint>

#include "storage/base/utf8.h"

namespace sarsen::engine::sketch {
namespace {

void append(std::vector<std::byte>& bytes, std::uint32_t unit) {
  bytes.push_back(static_cast<std::byte>(unit & 0xff));
  bytes.push_back(static_cast<std::byte>(unit >> 8));
}

}  // namespace

void to_utf16_le(std::string_view text, std::vector<std::byte>& bytes) {
  bytes.clear();
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    text.remove_prefix(step.size);
    if (step.code_point < 0x10000) {
      append(bytes, step.code_point);
    } else {
      const std::uint32_t rest = step.code_point - 0x10000;
      append(bytes, 0xD800 + (rest >> 10));
      append(bytes, 0xDC00 + (rest & 0x3ff));
    }
  }
}

}  // namespace sarsen::engine::sketch
