#include "engine/text/java_pattern_syntax.h"

#include <algorithm>

#include "storage/base/error.h"
#include "storage/base/utf8.h"

namespace sarsen::engine {
namespace {

// What ends a line in Java: PCRE2's "any newline" counts vertical tabs and form feeds too.
constexpr std::string_view kLineEnds = R"(\n\r\x{85}\x{2028}\x{2029})";
constexpr std::string_view kWordCharacter = R"([\p{L}\p{Nd}_])";

bool is_ascii_letter(char32_t c) noexcept { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_digit(char32_t c) noexcept { return c >= U'0' && c <= U'9'; }

}  // namespace

void append_quoted_character(std::string& out, char32_t character) {
  const bool plain = is_digit(character) || is_ascii_letter(character) || character >= 0x80;
  if (character < 0x20 || character == 0x7F) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    out += {'\\', 'x', kDigits[character / 16], kDigits[character % 16]};
    return;
  }
  if (!plain) out += '\\';
  append_utf8(out, character);
}

std::string JavaPatternReader::translated() {
  alternatives();
  if (!done()) fail("Unmatched closing ')'");
  return std::move(out_);
}

bool JavaPatternReader::take(std::string_view text) {
  if (!at(text)) return false;
  position_ += text.size();
  return true;
}

char32_t JavaPatternReader::next() {
  if (done()) fail("Unexpected end of the pattern");
  const Utf8Step step = next_code_point(pattern_.substr(position_));
  position_ += step.size;
  return step.code_point;
}

void JavaPatternReader::fail(std::string_view problem) const {
  throw Error(ErrorCategory::kInvalidInput, std::string(problem) + " near index " + std::to_string(position_) +
                                                " of the regular expression " + std::string(pattern_));
}

void JavaPatternReader::refuse(std::string_view feature) const {
  throw Error(ErrorCategory::kUnsupported, "Regular expressions with " + std::string(feature) +
                                               " are not part of this version: " + std::string(pattern_));
}

/// Up to the end or the parenthesis that closes the group. Flags set inside end with it.
void JavaPatternReader::alternatives() {
  if (++depth_ > kDepthMax) fail("Too many groups inside each other");
  const Flags outside = flags_;
  while (!done() && !at(")")) {
    if (take("|")) {
      out_ += '|';
    } else {
      element();
    }
  }
  flags_ = outside;
  --depth_;
}

void JavaPatternReader::element() {
  if (flags_.comments) skip_comments();
  if (done() || at(")") || at("|")) return;
  const std::size_t begin = out_.size();
  if (at("(")) {
    group();
  } else if (take("[")) {
    out_ += character_class();
  } else if (take("\\")) {
    escape();
  } else if (take(".")) {
    dot();
  } else if (take("^")) {
    line_start();
  } else if (take("$")) {
    line_end(!flags_.multiline);
  } else if (at("*") || at("+") || at("?")) {
    fail("Dangling meta character '" + std::string(pattern_.substr(position_, 1)) + "'");
  } else if (at("{")) {
    fail("Illegal repetition");
  } else {
    literal(next());
  }
  if (out_.size() != begin) quantifiers();
}

void JavaPatternReader::skip_comments() {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  while (!done()) {
    if (kBlanks.find(pattern_[position_]) != std::string_view::npos) {
      ++position_;
    } else if (at("#")) {
      position_ = std::min(pattern_.find_first_of("\n\r", position_), pattern_.size());
    } else {
      return;
    }
  }
}

void JavaPatternReader::literal(char32_t character) {
  if (flags_.caseless && flags_.unicode) {
    out_ += "(?i:";
    append_quoted_character(out_, character);
    out_ += ')';
  } else if (flags_.caseless && is_ascii_letter(character)) {
    out_ += {'[', static_cast<char>(character | 0x20), static_cast<char>(character & ~char32_t{0x20}), ']'};
  } else {
    append_quoted_character(out_, character);
  }
}

std::string JavaPatternReader::group_name() {
  std::string name;
  while (!done() && !at(">")) {
    const char32_t character = next();
    if (!is_ascii_letter(character) && (name.empty() || !is_digit(character))) fail("Illegal name of a group");
    name += static_cast<char>(character);
  }
  if (!take(">") || name.empty()) fail("named capturing group is missing trailing '>'");
  return name;
}

void JavaPatternReader::group() {
  for (const std::string_view opening : {"(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"}) {
    if (!take(opening)) continue;
    out_ += opening;
    alternatives();
    if (!take(")")) fail("Unclosed group");
    out_ += ')';
    return;
  }
  if (take("(?<")) {
    out_ += "(?<" + group_name() + ">";
  } else if (take("(?")) {
    return flags_group();
  } else {
    take("(");
    out_ += '(';
  }
  alternatives();
  if (!take(")")) fail("Unclosed group");
  out_ += ')';
}

/// (?i) holds to the end of the group around it, (?i:X) for X. Flags are worked into what is written, so that PCRE2
/// need not know them.
void JavaPatternReader::flags_group() {
  const Flags outside = flags_;
  bool on = true;
  while (!at(")") && !at(":")) {
    const char32_t letter = next();
    if (letter == U'-' && on) {
      on = false;
    } else {
      flag(letter, on);
    }
  }
  if (take(")")) return;
  take(":");
  out_ += "(?:";
  alternatives();
  if (!take(")")) fail("Unclosed group");
  out_ += ')';
  flags_ = outside;
}

void JavaPatternReader::flag(char32_t letter, bool on) {
  switch (letter) {
    case U'i':
      flags_.caseless = on;
      return;
    case U'u':
      flags_.unicode = on;
      return;
    case U'm':
      flags_.multiline = on;
      return;
    case U's':
      flags_.dot_all = on;
      return;
    case U'd':
      flags_.unix_lines = on;
      return;
    case U'x':
      flags_.comments = on;
      return;
    case U'U':
      flags_.unicode_classes = on;
      flags_.unicode = flags_.unicode || on;
      return;
    default:
      fail("Unknown inline modifier");
  }
}

void JavaPatternReader::quantifiers() {
  if (flags_.comments) skip_comments();
  if (at("*") || at("+") || at("?")) {
    out_ += pattern_[position_++];
  } else if (at("{")) {
    bounded_repeat();
  } else {
    return;
  }
  if (at("?") || at("+")) out_ += pattern_[position_++];
}

/// {n}, {n,} or {n,m}; everything else is an error in Java.
void JavaPatternReader::bounded_repeat() {
  const std::size_t end = pattern_.find('}', position_);
  if (end == std::string_view::npos) fail("Unclosed counted closure");
  const std::string_view body = pattern_.substr(position_ + 1, end - position_ - 1);
  const std::size_t comma = std::min(body.find(','), body.size());
  const std::string_view least = body.substr(0, comma);
  const std::string_view most = comma < body.size() ? body.substr(comma + 1) : std::string_view();
  const auto digits = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= '0' && c <= '9'; });
  };
  if (least.empty() || !digits(least) || !digits(most)) fail("Illegal repetition");
  if (least.size() > 9 || most.size() > 9) fail("Illegal repetition range");
  if (!most.empty() && std::stol(std::string(least)) > std::stol(std::string(most))) fail("Illegal repetition range");
  out_ += '{' + std::string(body) + '}';
  position_ = end + 1;
}

void JavaPatternReader::dot() {
  out_ += flags_.dot_all ? "(?s:.)" : flags_.unix_lines ? R"([^\n])" : "[^" + std::string(kLineEnds) + "]";
}

void JavaPatternReader::line_start() {
  if (!flags_.multiline) {
    out_ += R"(\A)";
  } else if (flags_.unix_lines) {
    out_ += R"((?:\A|(?<=\n)(?!\z)))";
  } else {
    out_ += R"((?:\A|(?:(?<=[\n\x{85}\x{2028}\x{2029}])|(?<=\r)(?!\n))(?!\z)))";
  }
}

/// `last_only`: before the end or the one line end that is there.
void JavaPatternReader::line_end(bool last_only) {
  if (flags_.unix_lines) {
    out_ += last_only ? R"((?=\n?\z))" : R"((?=\n|\z))";
  } else {
    out_ += last_only ? R"((?=(?:\r\n|(?<!\r)\n|[\r\x{85}\x{2028}\x{2029}])?\z))"
                      : R"((?=(?<!\r)\n|[\r\x{85}\x{2028}\x{2029}]|\z))";
  }
}

void JavaPatternReader::word_boundary(bool negated) {
  const std::string word(kWordCharacter);
  const std::string before = "(?<=" + word + ")", not_before = "(?<!" + word + ")";
  const std::string after = "(?=" + word + ")", not_after = "(?!" + word + ")";
  out_ += negated ? "(?:" + before + after + "|" + not_before + not_after + ")"
                  : "(?:" + before + not_after + "|" + not_before + after + ")";
}

void JavaPatternReader::escape() {
  if (done()) fail("Unexpected internal error: \\ at the end");
  const char32_t letter = next();
  if (letter >= U'1' && letter <= U'9') {
    --position_;
    return back_reference();
  }
  switch (letter) {
    case U'b':
      if (at("{")) refuse("\\b{g}");
      return word_boundary(false);
    case U'B':
      return word_boundary(true);
    case U'A':
    case U'z':
    case U'G':
    case U'R':
    case U'X':
      out_ += '\\';
      out_ += static_cast<char>(letter);
      return;
    case U'Z':
      return line_end(true);
    case U'Q':
      return quotation();
    case U'k':
      return named_reference();
    case U'p':
    case U'P':
      out_ += property(letter == U'P');
      return;
    default:
      break;
  }
  if (const std::string predefined = predefined_class(letter); !predefined.empty()) {
    out_ += predefined;
  } else {
    literal(escaped_character(letter));
  }
}

/// The longest number that is one of the groups so far, as Java reads it.
void JavaPatternReader::back_reference() {
  std::size_t groups = 0;
  for (std::size_t i = 0; i < out_.size(); ++i) {
    if (out_[i] == '\\') {
      ++i;
    } else if (out_[i] == '(') {
      const bool plain = i + 1 >= out_.size() || out_[i + 1] != '?';
      const bool named = out_.compare(i, 3, "(?<") == 0 && out_[i + 3] != '=' && out_[i + 3] != '!';
      if (plain || named) ++groups;
    }
  }
  std::size_t number = static_cast<std::size_t>(pattern_[position_++] - '0');
  while (!done() && is_digit(static_cast<unsigned char>(pattern_[position_]))) {
    const std::size_t longer = number * 10 + static_cast<std::size_t>(pattern_[position_] - '0');
    if (longer > groups) break;
    number = longer;
    ++position_;
  }
  const std::string reference = number > groups ? "(?!)" : "\\g{" + std::to_string(number) + "}";
  out_ += flags_.caseless ? "(?i:" + reference + ")" : reference;
}

void JavaPatternReader::named_reference() {
  if (!take("<")) fail("\\k is not followed by '<' for named capturing group");
  const std::string reference = "\\k{" + group_name() + "}";
  out_ += flags_.caseless ? "(?i:" + reference + ")" : reference;
}

void JavaPatternReader::quotation() {
  const std::size_t end = std::min(pattern_.find("\\E", position_), pattern_.size());
  while (position_ < end) {
    literal(next());
    if (position_ == end) {
      take("\\E");
      return;
    }
  }
  take("\\E");
}

}  // namespace sarsen::engine
