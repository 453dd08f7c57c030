#include "engine/sketch/sketch_summary.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace sarsen::engine::sketch {

std::string hexadecimal(std::uint64_t value) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return {digits.data(), end};
}

std::string seed_hash_text(std::uint16_t seed_hash) {
  return hexadecimal(seed_hash) + " | " + std::to_string(seed_hash);
}

std::string grouped_digits(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text;
}

std::string percent_text(double part) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.3f%%", part * 100.0);
  return text.data();
}

}  // namespace sarsen::engine::sketch
