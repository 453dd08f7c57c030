#include "ingest/row/json_text.h"

#include <charconv>
#include <cstdint>

#include "storage/base/utf8.h"

namespace sarsen::ingest {
namespace {

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code_point < 0x80) return byte(code_point);
  if (code_point < 0x800) {
    byte(0xC0 | code_point >> 6);
  } else {
    if (code_point < 0x10000) {
      byte(0xE0 | code_point >> 12);
    } else {
      byte(0xF0 | code_point >> 18);
      byte(0x80 | (code_point >> 12 & 0x3F));
    }
    byte(0x80 | (code_point >> 6 & 0x3F));
  }
  byte(0x80 | (code_point & 0x3F));
}

std::optional<std::uint32_t> hex4(std::string_view text) {
  std::uint32_t value = 0;
  if (text.size() < 4) return std::nullopt;
  const auto parsed = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (parsed.ptr != text.data() + 4) return std::nullopt;
  return value;
}

/// What "\uXXXX" stands for, `text` beginning behind the u; takes the second of a pair of surrogates too. A surrogate
/// alone is what Java writes for it: a question mark.
std::optional<std::uint32_t> scan_unicode_escape(std::string_view& text) {
  const auto first = hex4(text);
  if (!first) return std::nullopt;
  text.remove_prefix(4);
  if (*first < 0xD800 || *first > 0xDFFF) return first;
  if (*first <= 0xDBFF && text.starts_with("\\u")) {
    const auto second = hex4(text.substr(2));
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
      text.remove_prefix(6);
      return 0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00);
    }
  }
  return '?';
}

}  // namespace

/// The content of a JSON string that simdjson refuses, which it does for surrogates alone. `raw` begins behind the
/// quote.
std::optional<std::string> unescape_json(std::string_view raw) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  std::string text;
  while (!raw.empty() && raw.front() != '"') {
    if (raw.front() != '\\') {
      text.push_back(raw.front());
      raw.remove_prefix(1);
      continue;
    }
    if (raw.size() < 2) return std::nullopt;
    const char letter = raw[1];
    raw.remove_prefix(2);
    if (letter == 'u') {
      const auto code_point = scan_unicode_escape(raw);
      if (!code_point) return std::nullopt;
      append_utf8(text, *code_point);
    } else if (const std::size_t known = kEscapes.find(letter); known != std::string_view::npos) {
      text.push_back(kMeanings[known]);
    } else {
      return std::nullopt;
    }
  }
  if (raw.empty()) return std::nullopt;
  return text;
}

bool is_json_number(std::string_view text) {
  const auto digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  if (const std::size_t count = digits(); count == 0 || (zero && count > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

std::size_t first_object_end(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '{') return text.size();
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char byte = text[i];
    if (quoted && byte == '\\')
      ++i;
    else if (byte == '"')
      quoted = !quoted;
    else if (!quoted && (byte == '{' || byte == '['))
      ++depth;
    else if (!quoted && (byte == '}' || byte == ']') && --depth == 0)
      return i + 1;
  }
  return text.size();
}

std::string replace_malformed_utf8(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    step.valid ? void(result.append(text.substr(0, step.size))) : append_utf8(result, step.code_point);
    text.remove_prefix(step.size);
  }
  return result;
}

}  // namespace sarsen::ingest
