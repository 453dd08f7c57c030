#include "engine/text/shortest_digits.h"

#include <charconv>
#include <string_view>

namespace sarsen::engine {

ShortestDigits ShortestDigits::of(double magnitude) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), magnitude, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(result.ptr - buffer));
  const std::size_t mark = text.find('e');
  const std::size_t sign = text[mark + 1] == '+' ? 1 : 0;
  int exponent = 0;
  std::from_chars(text.data() + mark + 1 + sign, text.data() + text.size(), exponent);
  std::string digits(text.substr(0, 1));
  if (mark > 2) digits += text.substr(2, mark - 2);
  return {std::move(digits), exponent + 1};
}

void ShortestDigits::round_to(std::size_t count) {
  const bool up = digits[count] >= '5';
  digits.resize(count);
  if (!up) return;
  for (std::size_t i = count; i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return;
    }
    digits[i] = '0';
  }
  digits.insert(0, "1");
  ++exponent;
}

}  // namespace sarsen::engine
