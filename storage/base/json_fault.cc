#include "storage/base/json_fault.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "storage/base/json.h"
#include "storage/base/utf8.h"

namespace sarsen {

namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_hex(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'f') || (character >= 'A' && character <= 'F');
}

/// Each step either advances or throws the fault, which find_json_fault() catches.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  void document() {
    blanks();
    if (at_end()) fail("there is nothing to read");
    value(1);
    blanks();
    if (!at_end()) fail("unexpected text after the end of the value");
  }

 private:
  bool at_end() const { return position_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[position_]; }
  bool next_is(char character) const { return !at_end() && text_[position_] == character; }

  [[noreturn]] void fail(std::string_view reason) const { fail_at(position_, reason); }
  [[noreturn]] static void fail_at(std::size_t position, std::string_view reason) { throw JsonFault{position, reason}; }

  void expect_more() const {
    if (at_end()) fail("unexpected end of text");
  }

  void blanks() {
    while (next_is(' ') || next_is('\t') || next_is('\n') || next_is('\r')) ++position_;
  }

  void value(std::size_t depth) {
    expect_more();
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  /// Past the bracket; true where the container ends at once. As in simdjson an empty one does not add to the depth.
  bool enter(std::size_t depth, char closing) {
    const std::size_t begin = position_++;
    blanks();
    if (next_is(closing)) {
      ++position_;
      return true;
    }
    if (depth >= kJsonDepthMax) fail_at(begin, "nested too deeply");
    return false;
  }

  void object(std::size_t depth) {
    if (enter(depth, '}')) return;
    do {
      blanks();
      expect_more();
      if (!next_is('"')) fail("expected a member's name in double quotes");
      string();
      blanks();
      expect_more();
      if (!next_is(':')) fail("expected ':' after a member's name");
      ++position_;
      blanks();
      value(depth + 1);
      blanks();
    } while (comma());
    close('}', "expected ',' or '}' in an object");
  }

  void array(std::size_t depth) {
    if (enter(depth, ']')) return;
    do {
      blanks();
      value(depth + 1);
      blanks();
    } while (comma());
    close(']', "expected ',' or ']' in an array");
  }

  bool comma() {
    if (!next_is(',')) return false;
    ++position_;
    return true;
  }

  void close(char bracket, std::string_view reason) {
    expect_more();
    if (!next_is(bracket)) fail(reason);
    ++position_;
  }

  void word(std::string_view expected) {
    const bool spelled = text_.substr(position_).starts_with(expected);
    const char next = position_ + expected.size() < text_.size() ? text_[position_ + expected.size()] : ' ';
    if (!spelled || is_word_character(next)) fail("unknown word; expected true, false or null");
    position_ += expected.size();
  }

  static bool is_word_character(char character) {
    return is_digit(character) || (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           character == '_' || character == '.' || character == '+' || character == '-';
  }

  void number() {
    const std::size_t begin = position_;
    if (next_is('-')) ++position_;
    if (!is_digit(peek())) fail_at(begin, "expected a value");
    if (next_is('0') && position_ + 1 < text_.size() && is_digit(text_[position_ + 1]))
      fail_at(begin, "a number must not begin with zeros");
    digits();
    if (next_is('.')) {
      ++position_;
      digits();
    }
    if (next_is('e') || next_is('E')) {
      ++position_;
      if (next_is('+') || next_is('-')) ++position_;
      digits();
    }
    if (is_word_character(peek())) fail_at(begin, "malformed number");
    if (!std::isfinite(std::strtod(std::string(text_.substr(begin, position_ - begin)).c_str(), nullptr)))
      fail_at(begin, "number out of range");
  }

  void digits() {
    if (!is_digit(peek())) fail("expected a digit");
    while (is_digit(peek())) ++position_;
  }

  void string() {
    const std::size_t begin = position_++;
    while (true) {
      if (at_end()) fail_at(begin, "a string without closing quote");
      const auto character = static_cast<unsigned char>(peek());
      if (character == '"') break;
      if (character < 0x20) fail("a control character in a string must be escaped");
      if (character == '\\')
        escape();
      else
        code_point();
    }
    ++position_;
  }

  void code_point() {
    const Utf8Step step = next_code_point(text_.substr(position_));
    if (!step.valid) fail("invalid UTF-8");
    position_ += step.size;
  }

  void escape() {
    constexpr std::string_view kSimple = "\"\\/bfnrt";
    const std::size_t begin = position_++;
    expect_more();
    if (!next_is('u')) {
      if (kSimple.find(peek()) == std::string_view::npos) fail_at(begin, "unknown escape in a string");
      ++position_;
      return;
    }
    const std::uint32_t first = hex_unit(begin);
    if (first >= 0xDC00 && first <= 0xDFFF) fail_at(begin, "half of a surrogate pair in a string");
    if (first < 0xD800 || first > 0xDFFF) return;
    if (!text_.substr(position_).starts_with("\\u")) fail_at(begin, "half of a surrogate pair in a string");
    ++position_;
    const std::uint32_t second = hex_unit(begin);
    if (second < 0xDC00 || second > 0xDFFF) fail_at(begin, "half of a surrogate pair in a string");
  }

  /// REQUIRES: the position is at the 'u'.
  std::uint32_t hex_unit(std::size_t begin) {
    ++position_;
    const std::string_view hex = text_.substr(position_, 4);
    if (hex.size() < 4 || !std::all_of(hex.begin(), hex.end(), is_hex)) fail_at(begin, "\\u needs four hex digits");
    position_ += 4;
    return static_cast<std::uint32_t>(std::strtoul(std::string(hex).c_str(), nullptr, 16));
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::optional<JsonFault> find_json_fault(std::string_view text) {
  try {
    Walk(text).document();
  } catch (const JsonFault& fault) {  // only this walk throws it
    return fault;
  }
  return std::nullopt;
}

std::string describe(std::string_view text, const JsonFault& fault) {
  const std::string_view before = text.substr(0, fault.position);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return std::string(fault.reason) + ", at line " + std::to_string(line) + " column " +
         std::to_string(fault.position - line_begin + 1);
}

}  // namespace sarsen
