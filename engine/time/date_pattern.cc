#include "engine/time/date_pattern.h"

#include <algorithm>
#include <cctype>

namespace sarsen::engine {

bool is_pattern_letter(char byte) noexcept { return std::isalpha(static_cast<unsigned char>(byte)) != 0; }

std::string take_pattern_text(std::string_view pattern, std::size_t& position) {
  if (pattern[position] != '\'') return std::string(1, pattern[position++]);
  if (pattern.substr(position).starts_with("''")) {
    position += 2;
    return "'";
  }
  std::string text;
  for (++position; position < pattern.size(); ++position) {
    if (pattern[position] == '\'') {
      if (!pattern.substr(position).starts_with("''")) break;
      ++position;
    }
    text += pattern[position];
  }
  position = std::min(position + 1, pattern.size());
  return text;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  if (value < 0) out += '-';
  const std::string digits = std::to_string(value < 0 ? -value : value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace sarsen::engine
