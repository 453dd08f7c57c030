#include "storage/base/properties.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "storage/base/error.h"
#include "storage/base/utf8.h"

namespace sarsen {

namespace {

bool is_blank(char character) noexcept { return character == ' ' || character == '\t' || character == '\f'; }
bool is_line_end(char character) noexcept { return character == '\n' || character == '\r'; }

/// Hands out logical lines: without comments, empty lines and the blanks they begin with; continued ones joined.
class LineReader {
 public:
  explicit LineReader(std::string_view text) noexcept : text_(text) {}

  struct Line {
    std::string text;
    std::size_t number;
  };

  std::optional<Line> next() {
    while (position_ < text_.size()) {
      const std::size_t number = number_;
      std::string line(natural_line());
      if (line.empty() || line.front() == '#' || line.front() == '!') continue;
      while (ends_in_backslash(line)) {
        line.pop_back();
        line += natural_line();
      }
      return Line{std::move(line), number};
    }
    return std::nullopt;
  }

 private:
  /// Up to the end of the line, which is passed, from the first character that is no blank.
  std::string_view natural_line() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
    const std::size_t begin = position_;
    while (position_ < text_.size() && !is_line_end(text_[position_])) ++position_;
    const std::string_view line = text_.substr(begin, position_ - begin);
    if (text_.substr(position_).starts_with("\r\n")) ++position_;
    if (position_ < text_.size()) ++position_;
    ++number_;
    return line;
  }

  /// An odd number of backslashes; an even number is that many escaped ones.
  static bool ends_in_backslash(std::string_view line) noexcept {
    const std::size_t last_other = line.find_last_not_of('\\');
    return (line.size() - (last_other + 1)) % 2 == 1;  // npos + 1 is 0
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t number_ = 1;
};

/// Where the name ends: at the first '=', ':' or blank that no backslash escapes.
std::size_t name_size(std::string_view line) noexcept {
  std::size_t position = 0;
  while (position < line.size()) {
    const char character = line[position];
    if (character == '=' || character == ':' || is_blank(character)) break;
    position += character == '\\' ? 2 : 1;
  }
  return std::min(position, line.size());
}

/// What follows the separator: blanks, at most one '=' or ':', blanks.
std::string_view value_after(std::string_view rest) noexcept {
  const auto skip_blanks = [&rest] {
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  };
  skip_blanks();
  if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) rest.remove_prefix(1);
  skip_blanks();
  return rest;
}

class Unescaper {
 public:
  Unescaper(std::string_view text, std::size_t line) noexcept : text_(text), line_(line) {}

  std::string run() {
    while (!text_.empty()) {
      const char character = take();
      if (character != '\\') {
        result_ += character;
      } else if (!text_.empty()) {
        escape(take());
      }
    }
    return std::move(result_);
  }

 private:
  char take() noexcept {
    const char character = text_.front();
    text_.remove_prefix(1);
    return character;
  }

  void escape(char letter) {
    switch (letter) {
      case 't':
        result_ += '\t';
        break;
      case 'n':
        result_ += '\n';
        break;
      case 'r':
        result_ += '\r';
        break;
      case 'f':
        result_ += '\f';
        break;
      case 'u':
        append_utf8(result_, code_point());
        break;
      default:
        result_ += letter;
    }
  }

  /// One \u escape, or the two of a surrogate pair. Half a pair becomes U+FFFD.
  std::uint32_t code_point() {
    const std::uint32_t first = hex_unit();
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF || !text_.starts_with("\\u")) return 0xFFFD;
    text_.remove_prefix(2);
    const std::uint32_t second = hex_unit();
    if (second < 0xDC00 || second > 0xDFFF) return 0xFFFD;
    return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  }

  std::uint32_t hex_unit() {
    std::uint32_t unit = 0;
    const std::string_view hex = text_.substr(0, 4);
    const auto [end, problem] = std::from_chars(hex.data(), hex.data() + hex.size(), unit, 16);
    if (hex.size() < 4 || problem != std::errc() || end != hex.data() + hex.size())
      throw Error(ErrorCategory::kInvalidInput,
                  "Properties: \\u needs four hex digits, at line " + std::to_string(line_));
    text_.remove_prefix(4);
    return unit;
  }

  std::string_view text_;
  std::size_t line_;
  std::string result_;
};

}  // namespace

std::vector<Property> parse_properties(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::vector<Property> properties;
  LineReader lines(text);
  while (const std::optional<LineReader::Line> line = lines.next()) {
    const std::string_view whole = line->text;
    const std::size_t end = name_size(whole);
    properties.push_back({Unescaper(whole.substr(0, end), line->number).run(),
                          Unescaper(value_after(whole.substr(end)), line->number).run(), line->number});
  }
  return properties;
}

}  // namespace sarsen
