#pragma once
// Regular expressions with the meaning that java.util.regex gives them, over UTF-8. The only door to PCRE2: the pattern
// is rewritten first (java_pattern_syntax.h), then compiled to machine code where that is possible. A search that
// needs too many steps, as catastrophic patterns do, ends with kResourceLimit instead of going on.
//
// Malformed UTF-8 is searched as Java decodes it, with U+FFFD. Thread safety: a JavaPattern is immutable and shared.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::engine {

/// Steps that one search may take.
inline constexpr std::uint32_t kPatternStepsMax = 5'000'000;
/// Bytes of a pattern.
inline constexpr std::size_t kPatternBytesMax = 64 * 1024;

class JavaPattern {
 public:
  /// Throws kInvalidInput where Java refuses the pattern, kUnsupported for what Java has and this does not.
  explicit JavaPattern(std::string_view pattern);
  ~JavaPattern();
  JavaPattern(JavaPattern&&) noexcept;
  JavaPattern& operator=(JavaPattern&&) noexcept;

  const std::string& text() const noexcept { return text_; }
  /// Capturing groups, the whole match not counted.
  std::size_t group_count() const noexcept;
  /// The number of a named group.
  std::optional<std::size_t> group_number(std::string_view name) const;

  /// Matcher.find: anywhere in `subject`.
  bool find(std::string_view subject) const;
  /// Matcher.matches: the whole of `subject`.
  bool matches(std::string_view subject) const;

  /// What the groups of a match hold, group 0 the whole; nullopt where a group took no part.
  using Groups = std::vector<std::optional<std::string>>;
  /// The first match; nullopt where there is none.
  std::optional<Groups> find_groups(std::string_view subject) const;
  /// The same of a match of the whole of `subject`.
  std::optional<Groups> match_groups(std::string_view subject) const;

  /// Matcher.replaceAll: `$1`, `${name}` and `\` in the replacement have Java's meaning. Throws kInvalidInput for a
  /// group that does not exist, where there is a match.
  std::string replace_all(std::string_view subject, std::string_view replacement) const;

  /// Pattern.split with limit 0: no empty piece at the end, nor one at the start before an empty match.
  std::vector<std::string> split(std::string_view subject) const;

 private:
  class Code;
  struct Span {
    std::size_t begin;
    std::size_t end;
  };
  using Spans = std::vector<Span>;

  std::optional<Groups> groups(const Code& code, std::string_view subject) const;
  bool search(const Code& code, std::string_view subject, std::size_t from, Spans* spans) const;
  /// Calls visit(spans) for each match from left to right, as Matcher.find steps on.
  template <class Visit>
  void for_each_match(std::string_view subject, Visit visit) const;

  std::string text_;
  std::unique_ptr<const Code> anywhere_;
  std::unique_ptr<const Code> whole_;
};

/// Matcher.quoteReplacement: a replacement that stands for itself.
std::string quoted_replacement(std::string_view text);
/// Pattern.quote: a pattern that matches `text`.
std::string quoted_pattern(std::string_view text);

}  // namespace sarsen::engine
