#define PCRE2_CODE_UNIT_WIDTH 8
#include "engine/text/java_pattern.h"

#include <pcre2.h>

#include <algorithm>
#include <utility>

#include "engine/text/java_pattern_syntax.h"
#include "storage/base/error.h"
#include "storage/base/utf8.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kHeapKibibytesMax = 20 * 1024;
constexpr std::size_t kJitStackStart = 32 * 1024;
constexpr std::size_t kJitStackMax = 1024 * 1024;

template <auto kFree>
struct Freeing {
  template <class T>
  void operator()(T* object) const noexcept {
    kFree(object);
  }
};
template <class T, auto kFree>
using Owned = std::unique_ptr<T, Freeing<kFree>>;

/// What a thread needs to search, made once per thread: limits, and a stack for compiled patterns.
class ThreadContext {
 public:
  ThreadContext()
      : context_(pcre2_match_context_create(nullptr)),
        stack_(pcre2_jit_stack_create(kJitStackStart, kJitStackMax, nullptr)) {
    if (context_ == nullptr) throw std::bad_alloc();
    pcre2_set_match_limit(context_.get(), kPatternStepsMax);
    pcre2_set_depth_limit(context_.get(), kPatternStepsMax);
    pcre2_set_heap_limit(context_.get(), kHeapKibibytesMax);
    if (stack_ != nullptr) pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
  }

  pcre2_match_context* get() noexcept { return context_.get(); }

  /// Room for the positions of `groups` groups.
  pcre2_match_data* room(std::uint32_t groups) {
    if (data_ == nullptr || pcre2_get_ovector_count(data_.get()) < groups)
      data_.reset(pcre2_match_data_create(std::max<std::uint32_t>(groups, 8), nullptr));
    if (data_ == nullptr) throw std::bad_alloc();
    return data_.get();
  }

 private:
  Owned<pcre2_match_context, pcre2_match_context_free> context_;
  Owned<pcre2_jit_stack, pcre2_jit_stack_free> stack_;
  Owned<pcre2_match_data, pcre2_match_data_free> data_;
};

ThreadContext& thread_context() {
  thread_local ThreadContext context;
  return context;
}

std::string message_of(int code) {
  PCRE2_UCHAR buffer[256];
  const int size = pcre2_get_error_message(code, buffer, sizeof(buffer));
  return size > 0 ? std::string(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(size)) : "error";
}

bool is_valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    if (!step.valid) return false;
    text.remove_prefix(step.size);
  }
  return true;
}

/// Malformed pieces as U+FFFD.
std::string repaired(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    append_utf8(valid, step.code_point);
    text.remove_prefix(step.size);
  }
  return valid;
}

}  // namespace

class JavaPattern::Code {
 public:
  Code(const std::string& pattern, std::string_view java) {
    int error = 0;
    PCRE2_SIZE place = 0;
    code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF, &error, &place,
                              nullptr));
    if (code_ == nullptr) refuse(error, java);
    pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE);  // where it cannot, pcre2_match interprets
    pcre2_pattern_info(code_.get(), PCRE2_INFO_CAPTURECOUNT, &groups_);
  }

  const pcre2_code* get() const noexcept { return code_.get(); }
  std::uint32_t groups() const noexcept { return groups_; }

 private:
  /// Java allows lookbehind of any bounded length, PCRE2 of a fixed one.
  [[noreturn]] static void refuse(int error, std::string_view java) {
    const bool lookbehind = error == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH;
    throw Error(lookbehind ? ErrorCategory::kUnsupported : ErrorCategory::kInvalidInput,
                "The regular expression cannot be used, " + message_of(error) + ": " + std::string(java));
  }

  Owned<pcre2_code, pcre2_code_free> code_;
  std::uint32_t groups_ = 0;
};

JavaPattern::JavaPattern(std::string_view pattern) : text_(pattern) {
  if (pattern.size() > kPatternBytesMax)
    throw Error(ErrorCategory::kInvalidInput,
                "A regular expression must not have more than " + std::to_string(kPatternBytesMax) + " bytes");
  if (!is_valid_utf8(pattern)) throw Error(ErrorCategory::kInvalidInput, "A regular expression must be UTF-8");
  const std::string translated = JavaPatternReader(text_).translated();
  anywhere_ = std::make_unique<Code>(translated, text_);
  whole_ = std::make_unique<Code>("\\A(?:" + translated + ")\\z", text_);
}

JavaPattern::~JavaPattern() = default;
JavaPattern::JavaPattern(JavaPattern&&) noexcept = default;
JavaPattern& JavaPattern::operator=(JavaPattern&&) noexcept = default;

std::size_t JavaPattern::group_count() const noexcept { return anywhere_->groups(); }

std::optional<std::size_t> JavaPattern::group_number(std::string_view name) const {
  const std::string terminated(name);
  const int number =
      pcre2_substring_number_from_name(anywhere_->get(), reinterpret_cast<PCRE2_SPTR>(terminated.c_str()));
  return number > 0 ? std::optional<std::size_t>(static_cast<std::size_t>(number)) : std::nullopt;
}

/// REQUIRES: `subject` is UTF-8. Callers repair it first, for positions must be those of what is searched.
bool JavaPattern::search(const Code& code, std::string_view subject, std::size_t from, Spans* spans) const {
  ThreadContext& context = thread_context();
  pcre2_match_data* data = context.room(spans != nullptr ? code.groups() + 1 : 1);
  const int found = pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), from,
                                PCRE2_NO_UTF_CHECK, data, context.get());
  if (found == PCRE2_ERROR_NOMATCH) return false;
  if (found < 0)
    throw Error(ErrorCategory::kResourceLimit,
                "The regular expression takes too many steps, " + message_of(found) + ": " + text_);
  if (spans == nullptr) return true;
  const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data);
  const auto set = static_cast<std::size_t>(found);
  spans->assign(code.groups() + 1, {PCRE2_UNSET, PCRE2_UNSET});
  for (std::size_t i = 0; i < std::min(set, spans->size()); ++i) (*spans)[i] = {places[2 * i], places[2 * i + 1]};
  return true;
}

bool JavaPattern::find(std::string_view subject) const {
  if (!is_valid_utf8(subject)) return find(repaired(subject));
  return search(*anywhere_, subject, 0, nullptr);
}

bool JavaPattern::matches(std::string_view subject) const {
  if (!is_valid_utf8(subject)) return matches(repaired(subject));
  return search(*whole_, subject, 0, nullptr);
}

std::optional<JavaPattern::Groups> JavaPattern::find_groups(std::string_view subject) const {
  return groups(*anywhere_, subject);
}

std::optional<JavaPattern::Groups> JavaPattern::match_groups(std::string_view subject) const {
  return groups(*whole_, subject);
}

std::optional<JavaPattern::Groups> JavaPattern::groups(const Code& code, std::string_view subject) const {
  if (!is_valid_utf8(subject)) return groups(code, repaired(subject));
  Spans spans;
  if (!search(code, subject, 0, &spans)) return std::nullopt;
  Groups found;
  for (const auto& [begin, end] : spans)
    found.push_back(begin == PCRE2_UNSET || end < begin
                        ? std::nullopt
                        : std::optional(std::string(subject.substr(begin, end - begin))));
  return found;
}

template <class Visit>
void JavaPattern::for_each_match(std::string_view subject, Visit visit) const {
  Spans spans;
  std::size_t from = 0;
  while (from <= subject.size() && search(*anywhere_, subject, from, &spans)) {
    visit(spans);
    const auto [begin, end] = spans[0];
    from = end;
    if (begin != end) continue;  // after an empty match, Java looks from the next character on
    from += from < subject.size() ? next_code_point(subject.substr(from)).size : 1;
  }
}

namespace {

/// A replacement taken apart: text and numbers of groups.
struct Replacement {
  struct Piece {
    std::string text;
    std::optional<std::size_t> group;
  };
  std::vector<Piece> pieces;

  Replacement(std::string_view text, const JavaPattern& pattern) {
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] == '\\') {
        if (i + 1 == text.size()) fail("character to be escaped is missing");
        add(text[i + 1]);
        i += 2;
      } else if (text[i] == '$') {
        i = add_group(text, i + 1, pattern);
      } else {
        add(text[i++]);
      }
    }
  }

 private:
  [[noreturn]] static void fail(const std::string& problem) { throw Error(ErrorCategory::kInvalidInput, problem); }

  void add(char c) {
    if (pieces.empty() || pieces.back().group) pieces.emplace_back();
    pieces.back().text += c;
  }

  std::size_t add_group(std::string_view text, std::size_t i, const JavaPattern& pattern) {
    const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    std::size_t number = 0;
    if (i < text.size() && text[i] == '{') {
      const std::size_t end = text.find('}', i);
      if (end == std::string_view::npos) fail("named capturing group is missing trailing '}'");
      const std::string name(text.substr(i + 1, end - i - 1));
      const std::optional<std::size_t> found = pattern.group_number(name);
      if (!found) fail("No group with name {" + name + "}");
      number = *found;
      i = end + 1;
    } else if (digit(i)) {
      number = static_cast<std::size_t>(text[i++] - '0');
      if (number > pattern.group_count()) fail("No group " + std::to_string(number));
      while (digit(i) && number * 10 + static_cast<std::size_t>(text[i] - '0') <= pattern.group_count())
        number = number * 10 + static_cast<std::size_t>(text[i++] - '0');
    } else {
      fail("Illegal group reference");
    }
    pieces.push_back({{}, number});
    return i;
  }
};

}  // namespace

std::string JavaPattern::replace_all(std::string_view subject, std::string_view replacement) const {
  if (!is_valid_utf8(subject)) return replace_all(repaired(subject), replacement);
  std::optional<Replacement> pieces;
  std::string replaced;
  std::size_t copied = 0;
  for_each_match(subject, [&](const Spans& spans) {
    if (!pieces) pieces.emplace(replacement, *this);
    replaced += subject.substr(copied, spans[0].begin - copied);
    for (const Replacement::Piece& piece : pieces->pieces) {
      replaced += piece.text;
      if (piece.group && spans[*piece.group].begin != PCRE2_UNSET)
        replaced += subject.substr(spans[*piece.group].begin, spans[*piece.group].end - spans[*piece.group].begin);
    }
    copied = spans[0].end;
  });
  return replaced += subject.substr(copied);
}

std::vector<std::string> JavaPattern::split(std::string_view subject) const {
  if (!is_valid_utf8(subject)) return split(repaired(subject));
  std::vector<std::string> pieces;
  std::size_t copied = 0;
  bool matched = false;
  for_each_match(subject, [&](const Spans& spans) {
    const auto [begin, end] = spans[0];
    if (end == 0) return;  // an empty match at the start parts nothing
    matched = true;
    pieces.emplace_back(subject.substr(copied, begin - copied));
    copied = end;
  });
  if (!matched) return {std::string(subject)};
  pieces.emplace_back(subject.substr(copied));
  while (!pieces.empty() && pieces.back().empty()) pieces.pop_back();
  return pieces;
}

std::string quoted_replacement(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\\' || c == '$') quoted += '\\';
    quoted += c;
  }
  return quoted;
}

std::string quoted_pattern(std::string_view text) {
  std::string quoted = "\\Q";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\\E")) {
      quoted += "\\E\\\\E\\Q";
      ++i;
    } else {
      quoted += text[i];
    }
  }
  return quoted + "\\E";
}

}  // namespace sarsen::engine
