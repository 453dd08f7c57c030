#pragma once
// Java's regular expressions in the syntax of PCRE2. Much is the same; what differs is written out: the ends of lines
// that `.`, `^` and `$` know, case that is ASCII's unless (?u), word boundaries that know all letters, nested classes
// and their intersections, names of Unicode properties, quoting, numbers of characters. What Java refuses is refused.

#include <string>
#include <string_view>

namespace sarsen::engine {

/// Where a pattern is being read, and the flags that hold there.
class JavaPatternReader {
 public:
  explicit JavaPatternReader(std::string_view pattern) : pattern_(pattern) {}

  /// The whole pattern for PCRE2, which must be compiled for UTF and without options.
  std::string translated();

 private:
  struct Flags {
    bool caseless = false;         // i
    bool unicode = false;          // u: of case
    bool multiline = false;        // m
    bool dot_all = false;          // s
    bool unix_lines = false;       // d
    bool comments = false;         // x
    bool unicode_classes = false;  // U
  };

  bool done() const noexcept { return position_ >= pattern_.size(); }
  bool at(std::string_view text) const noexcept { return pattern_.substr(position_).starts_with(text); }
  bool take(std::string_view text);
  char32_t next();
  [[noreturn]] void fail(std::string_view problem) const;
  [[noreturn]] void refuse(std::string_view feature) const;

  void alternatives();
  void element();
  void group();
  void flags_group();
  void flag(char32_t letter, bool on);
  void skip_comments();
  void quantifiers();
  void bounded_repeat();
  void line_start();
  void line_end(bool last_only);
  void dot();
  void escape();
  void back_reference();
  void named_reference();
  void quotation();
  void word_boundary(bool negated);
  std::string group_name();

  // java_character_class.cc
  std::string character_class();
  std::string class_union();
  void class_range(char32_t first, std::string& items);
  std::string class_escape(std::string& items, bool& is_character, char32_t& character);
  std::string predefined_class(char32_t letter) const;
  std::string property(bool negated);
  char32_t escaped_character(char32_t letter);
  char32_t hexadecimal(std::size_t digits);
  char32_t unicode_escape();
  void append_class_character(std::string& items, char32_t character) const;

  void literal(char32_t character);

  static constexpr std::size_t kDepthMax = 200;

  std::string_view pattern_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  Flags flags_;
  std::string out_;
};

/// `character` as it stands for itself, in and out of brackets.
void append_quoted_character(std::string& out, char32_t character);

}  // namespace sarsen::engine
