#include "engine/aggregator/sketch_aggregator.h"

#include <cmath>
#include <cstdint>

#include "engine/result/value_cast.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

/// The six bits of a character, or -1. Both alphabets are read, as Java's decoders for sketches do.
int six_bits(char character) noexcept {
  if (character >= 'A' && character <= 'Z') return character - 'A';
  if (character >= 'a' && character <= 'z') return character - 'a' + 26;
  if (character >= '0' && character <= '9') return character - '0' + 52;
  if (character == '+' || character == '-') return 62;
  if (character == '/' || character == '_') return 63;
  return -1;
}

}  // namespace

double ListNumberInput::number(const ValueView& value) {
  std::optional<std::string_view> only;
  if (const auto* text = std::get_if<std::string_view>(&value)) only = *text;
  const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&value);
  if (list != nullptr && list->size() == 1) only = list->front();
  return only ? try_parse_double(*only).value_or(0) : 0;
}

std::int64_t rounded(double estimate) noexcept { return java_long(std::floor(estimate + 0.5)); }

std::optional<std::string> raw_text(const ValueView& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return value_text(*integer);
  if (const auto* number = std::get_if<double>(&value)) return value_text(*number);
  if (const auto* number = std::get_if<float>(&value)) return value_text(*number);
  return std::nullopt;
}

std::vector<std::byte> sketch_from_base64(std::string_view text, const char* what) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char character : text) {
    const int value = six_bits(character);
    if (value < 0)
      throw Error(ErrorCategory::kInvalidInput, std::string(what) + " is not in base64: " + std::string(text));
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<std::byte>(bits >> held & 0xff));
  }
  return bytes;
}

}  // namespace sarsen::engine
