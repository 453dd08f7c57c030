// The brackets of a Java pattern: unions, classes in classes, intersections, and the names of classes. What fits into
// one bracket of PCRE2 becomes one; an intersection is a lookahead before the last of its parts.

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "engine/text/java_pattern_syntax.h"
#include "storage/base/ascii_case.h"

namespace sarsen::engine {
namespace {

struct NamedClass {
  std::string_view name;
  std::string_view items;  // inside brackets
};

/// POSIX names, ASCII only, and Java's own methods.
constexpr std::array kNamedClasses = std::to_array<NamedClass>({
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", R"(\x{0}-\x{7F})"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", R"(!-\/:-@\[-`{-~)"},
    {"Graph", "!-~"},
    {"Print", R"(\x{20}-~)"},
    {"Blank", R"(\x{20}\t)"},
    {"Cntrl", R"(\x{0}-\x{1F}\x{7F})"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", R"(\x{20}\t-\r)"},
    {"javaLowerCase", R"(\p{Lowercase})"},
    {"javaUpperCase", R"(\p{Uppercase})"},
    {"javaWhitespace",
     R"(\t-\r\x{1C}-\x{1F}\x{20}\x{1680}\x{2000}-\x{2006}\x{2008}-\x{200A}\x{2028}\x{2029}\x{205F}\x{3000})"},
    {"javaDigit", R"(\p{Nd})"},
    {"javaLetter", R"(\p{L})"},
    {"javaAlphabetic", R"(\p{Alphabetic})"},
    {"javaLetterOrDigit", R"(\p{L}\p{Nd})"},
    {"javaISOControl", R"(\x{0}-\x{1F}\x{7F}-\x{9F})"},
    {"javaSpaceChar", R"(\p{Z})"},
    {"L1", R"(\x{0}-\x{FF})"},
    {"all", R"(\x{0}-\x{10FFFF})"},
    {"LC", R"(\p{Lu}\p{Ll}\p{Lt})"},
});

/// The binary properties that Java knows after "Is".
constexpr std::array kBinaryProperties = {"alphabetic",
                                          "ideographic",
                                          "letter",
                                          "lowercase",
                                          "uppercase",
                                          "titlecase",
                                          "white_space",
                                          "whitespace",
                                          "control",
                                          "punctuation",
                                          "hex_digit",
                                          "hexdigit",
                                          "join_control",
                                          "joincontrol",
                                          "digit",
                                          "noncharacter_code_point",
                                          "noncharactercodepoint",
                                          "assigned"};

std::string binary_property(const std::string& name) {
  if (name == "letter") return R"(\p{L})";
  if (name == "titlecase") return R"(\p{Lt})";
  if (name == "white_space" || name == "whitespace") return R"(\p{White_Space})";
  if (name == "control") return R"(\p{Cc})";
  if (name == "punctuation") return R"(\p{P})";
  if (name == "digit") return R"(\p{Nd})";
  if (name == "hex_digit" || name == "hexdigit") return R"(\p{Nd}\p{Hex_Digit})";
  if (name == "assigned") return R"(\P{Cn})";
  return "\\p{" + name + "}";
}

/// Categories have one or two letters, the first a capital.
bool is_category(std::string_view name) {
  constexpr std::string_view kFirst = "CLMNPSZ";
  if (name.empty() || name.size() > 2 || kFirst.find(name[0]) == std::string_view::npos) return false;
  return name.size() == 1 || (std::islower(static_cast<unsigned char>(name[1])) != 0);
}

}  // namespace

/// After the opening bracket. Gives a piece of pattern that matches one character.
std::string JavaPatternReader::character_class() {
  if (++depth_ > kDepthMax) fail("Too many classes inside each other");
  const bool negated = take("^");
  std::string before;
  std::string last = class_union();
  while (take("&&")) {
    if (at("]")) break;
    before += "(?=" + last + ")";
    last = class_union();
  }
  if (!take("]")) fail("Unclosed character class");
  --depth_;
  const std::string positive = before.empty() ? last : "(?:" + before + last + ")";
  if (!negated) return positive;
  const bool one_bracket = positive.starts_with("[") && !positive.starts_with("[^");
  return one_bracket ? "[^" + positive.substr(1) : "(?:(?!" + positive + ")(?s:.))";
}

/// Up to `&&` or the closing bracket.
std::string JavaPatternReader::class_union() {
  std::string items;
  std::vector<std::string> nested;
  while (!done() && !at("&&") && !at("]")) {
    if (flags_.comments) {
      skip_comments();
      if (done() || at("]") || at("&&")) break;
    }
    if (take("[")) {
      nested.push_back(character_class());
      continue;
    }
    char32_t character = 0;
    bool is_character = true;
    if (take("\\")) {
      std::string other = class_escape(items, is_character, character);
      if (other.starts_with("[") && !other.starts_with("[^")) {
        items += other.substr(1, other.size() - 2);
      } else if (other.starts_with("\\")) {
        items += other;
      } else if (!other.empty()) {
        nested.push_back(std::move(other));
      }
    } else {
      character = next();
    }
    if (is_character) class_range(character, items);
  }
  if (items.empty() && nested.empty()) fail("Unclosed character class");
  const std::string opening = flags_.caseless && flags_.unicode ? "(?i:[" : "[";
  std::string all = items.empty() ? "" : opening + items + (opening.size() > 1 ? "])" : "]");
  if (nested.empty()) return all;
  for (const std::string& part : nested) all += (all.empty() ? "" : "|") + part;
  return "(?:" + all + ")";
}

/// `first`, or `first`-`last` where a hyphen and a character follow.
void JavaPatternReader::class_range(char32_t first, std::string& items) {
  const bool range = at("-") && position_ + 1 < pattern_.size() && pattern_[position_ + 1] != ']' &&
                     pattern_[position_ + 1] != '[' && pattern_.substr(position_ + 1, 2) != "&&";
  if (!range) return append_class_character(items, first);
  take("-");
  char32_t last = 0;
  if (take("\\")) {
    bool is_character = true;
    std::string other;
    const std::string nested = class_escape(other, is_character, last);
    if (!is_character || !nested.empty()) fail("Illegal character range");
  } else {
    last = next();
  }
  if (last < first) fail("Illegal character range");
  append_quoted_character(items, first);
  items += '-';
  append_quoted_character(items, last);
  if (!flags_.caseless || flags_.unicode) return;
  for (char32_t letter = U'a'; letter <= U'z'; ++letter) {
    const char32_t upper = letter - 0x20;
    if (letter >= first && letter <= last) append_quoted_character(items, upper);
    if (upper >= first && upper <= last) append_quoted_character(items, letter);
  }
}

void JavaPatternReader::append_class_character(std::string& items, char32_t character) const {
  append_quoted_character(items, character);
  const char32_t lower = character | 0x20;
  if (flags_.caseless && !flags_.unicode && lower >= U'a' && lower <= U'z')
    append_quoted_character(items, character ^ 0x20);
}

/// After a backslash inside brackets: a character, or a class, which is added to `items` or given back where it needs
/// brackets of its own.
std::string JavaPatternReader::class_escape(std::string& items, bool& is_character, char32_t& character) {
  const char32_t letter = next();
  is_character = false;
  if (letter == U'p' || letter == U'P') return property(letter == U'P');
  if (letter == U'Q') {
    while (!done() && !at("\\E")) append_class_character(items, next());
    take("\\E");
    return {};
  }
  if (std::string predefined = predefined_class(letter); !predefined.empty()) return predefined;
  is_character = true;
  character = escaped_character(letter);
  return {};
}

/// \d and its like; empty where `letter` names no class.
std::string JavaPatternReader::predefined_class(char32_t letter) const {
  const bool all = flags_.unicode_classes;
  switch (letter) {
    case U'd':
      return all ? R"(\p{Nd})" : "[0-9]";
    case U'D':
      return all ? R"(\P{Nd})" : "[^0-9]";
    case U'w':
      return all ? R"([\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}])" : "[a-zA-Z0-9_]";
    case U'W':
      return all ? R"([^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}])" : "[^a-zA-Z0-9_]";
    case U's':
      return all ? R"(\p{White_Space})" : R"([\x{20}\t-\r])";
    case U'S':
      return all ? R"(\P{White_Space})" : R"([^\x{20}\t-\r])";
    case U'h':
      return R"(\h)";
    case U'H':
      return R"(\H)";
    case U'v':
      return R"(\v)";
    case U'V':
      return R"(\V)";
    default:
      return {};
  }
}

/// After \p or \P: one letter, or a name in braces.
std::string JavaPatternReader::property(bool negated) {
  std::string name;
  if (take("{")) {
    const std::size_t end = pattern_.find('}', position_);
    if (end == std::string_view::npos) fail("Unclosed character family");
    name = pattern_.substr(position_, end - position_);
    position_ = end + 1;
    if (name.empty()) fail("Empty character family");
  } else {
    name = std::string(1, static_cast<char>(next() & 0x7F));
  }
  const std::string bracket = negated ? "[^" : "[";
  if (const auto* found = std::find_if(kNamedClasses.begin(), kNamedClasses.end(),
                                       [&](const NamedClass& entry) { return entry.name == name; });
      found != kNamedClasses.end())
    return bracket + std::string(found->items) + "]";
  const std::size_t equals = name.find('=');
  const std::string key = storage::lower_ascii(name.substr(0, equals));
  std::string value = equals == std::string::npos ? name : name.substr(equals + 1);
  if (equals == std::string::npos && name.starts_with("Is")) {
    value = name.substr(2);
    const std::string lower = storage::lower_ascii(value);
    if (std::find(kBinaryProperties.begin(), kBinaryProperties.end(), lower) != kBinaryProperties.end())
      return bracket + binary_property(lower) + "]";
  } else if (equals != std::string::npos && (key == "blk" || key == "block")) {
    refuse("Unicode blocks");
  } else if (equals == std::string::npos && name.starts_with("In")) {
    refuse("Unicode blocks");
  } else if (equals != std::string::npos && key != "sc" && key != "script" && key != "gc" &&
             key != "general_category") {
    fail("Unknown Unicode property {name=<" + key + ">, value=<" + value + ">}");
  } else if (equals == std::string::npos && !is_category(value)) {
    fail("Unknown character property name {" + value + "}");
  }
  for (const char c : value)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') fail("Unknown character property name");
  return bracket + "\\p{" + value + "}]";
}

/// After a backslash: a letter that stands for a character, or a character that stands for itself.
char32_t JavaPatternReader::escaped_character(char32_t letter) {
  switch (letter) {
    case U't':
      return U'\t';
    case U'n':
      return U'\n';
    case U'r':
      return U'\r';
    case U'f':
      return U'\f';
    case U'a':
      return 0x07;
    case U'e':
      return 0x1B;
    case U'c':
      return next() ^ 64;
    case U'x':
      return hexadecimal(2);
    case U'u':
      return unicode_escape();
    case U'N':
      refuse("names of characters (\\N)");
    case U'0': {
      char32_t value = 0;
      std::size_t digits = 0;
      while (digits < 3 && !done() && pattern_[position_] >= '0' && pattern_[position_] <= '7' && value * 8 <= 0377) {
        value = value * 8 + static_cast<char32_t>(pattern_[position_++] - '0');
        ++digits;
      }
      if (digits == 0) fail("Illegal octal escape sequence");
      return value;
    }
    default:
      if ((letter >= U'a' && letter <= U'z') || (letter >= U'A' && letter <= U'Z'))
        fail("Illegal/unsupported escape sequence");
      return letter;
  }
}

char32_t JavaPatternReader::hexadecimal(std::size_t digits) {
  const bool braces = digits == 2 && take("{");
  char32_t value = 0;
  std::size_t taken = 0;
  while (!done() && (braces || taken < digits) && std::isxdigit(static_cast<unsigned char>(pattern_[position_])) != 0) {
    const auto digit = static_cast<unsigned char>(pattern_[position_++]);
    value = value * 16 + static_cast<char32_t>(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    if (value > 0x10FFFF) fail("Hexadecimal codepoint is too big");
    ++taken;
  }
  if (braces ? taken == 0 || !take("}") : taken != digits) fail("Illegal hexadecimal escape sequence");
  if (digits == 2 && value >= 0xD800 && value <= 0xDFFF) refuse("single surrogates");
  return value;
}

/// Two surrogates in a row are one character.
char32_t JavaPatternReader::unicode_escape() {
  const char32_t high = hexadecimal(4);
  if (high < 0xD800 || high > 0xDFFF) return high;
  if (high > 0xDBFF || !take("\\u")) refuse("single surrogates");
  const char32_t low = hexadecimal(4);
  if (low < 0xDC00 || low > 0xDFFF) refuse("single surrogates");
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace sarsen::engine
