#include "storage/base/percent_encoding.h"

namespace sarsen {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

/// -1 where it is no hexadecimal digit.
int value_of(char digit) {
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  const std::size_t place = kDigits.find(digit);
  return place == std::string_view::npos ? -1 : static_cast<int>(place);
}

}  // namespace

std::string percent_encoded(std::string_view text, std::string_view also_plain) {
  constexpr std::string_view kPlain = "-_.~";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain || kPlain.find(c) != std::string_view::npos || also_plain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += kDigits[byte >> 4];
      result += kDigits[byte & 15];
    }
  }
  return result;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && value_of(text[i + 1]) >= 0 && value_of(text[i + 2]) >= 0;
    result += escape ? static_cast<char>(value_of(text[i + 1]) * 16 + value_of(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return result;
}

}  // namespace sarsen
