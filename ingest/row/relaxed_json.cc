#include "ingest/row/relaxed_json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ingest/row/json_text.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using enum JsonFeature;

constexpr std::size_t kDepthMax = 1000;  // readers take half of it
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kEndOfToken = " \t\r\n,:{}[]\"'";
constexpr std::string_view kDigits = "0123456789";

bool holds(std::string_view characters, char c) noexcept { return characters.find(c) != std::string_view::npos; }
bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20; }

/// What Jackson takes for a character of a name without quotes.
bool is_name_character(char c) noexcept {
  const char letter = static_cast<char>(c | 0x20);
  return (letter >= 'a' && letter <= 'z') || holds(kDigits, c) || holds("_$@#*-+", c) ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Relaxed {
 public:
  Relaxed(std::string_view text, JsonFeatures features) : text_(text), features_(features) {
    out_.reserve(text.size());
  }

  std::string result() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  enum class Last : std::uint8_t { kOpen, kComma, kColon, kValue };
  struct Container {
    bool is_object;
    std::unordered_set<std::string> names;  // where duplicates are looked for
  };

  void step() {
    const char c = text_[at_];
    if (holds(kBlanks, c)) return copy();
    if (skip_comment()) return;
    if (c == '{' || c == '[') return open(c);
    if (c == '}' || c == ']') return close(c);
    if (c == ',') return comma();
    if (c == ':') return colon();
    if (c == '"' || (c == '\'' && features_.has(kSingleQuotes))) return quoted(c);
    wants_name() ? bare_name() : bare_value();
  }

  void copy() { out_ += text_[at_++]; }

  bool in_object() const noexcept { return !open_.empty() && open_.back().is_object; }
  bool in_array() const noexcept { return !open_.empty() && !open_.back().is_object; }
  bool wants_name() const noexcept { return in_object() && (last_ == Last::kOpen || last_ == Last::kComma); }

  /// Becomes a blank; one that does not end takes the rest of the text.
  bool skip_comment() {
    const std::string_view rest = text_.substr(at_);
    const bool line =
        (features_.has(kComments) && rest.starts_with("//")) || (features_.has(kYamlComments) && rest.starts_with('#'));
    if (!line && !(features_.has(kComments) && rest.starts_with("/*"))) return false;
    const std::size_t end = line ? rest.find_first_of("\r\n") : rest.find("*/", 2);
    at_ = end == std::string_view::npos ? text_.size() : at_ + end + (line ? 0 : 2);
    out_ += ' ';
    return true;
  }

  void open(char c) {
    if (open_.size() == kDepthMax)
      throw Error(ErrorCategory::kInvalidInput, "the message is not valid JSON: it is nested too deeply");
    open_.push_back({c == '{', {}});
    last_ = Last::kOpen;
    copy();
  }

  void close(char c) {
    if (last_ == Last::kComma && features_.has(kTrailingComma) && comma_follows_value_)
      out_[comma_] = ' ';
    else if (c == ']' && in_array() && last_ == Last::kComma && features_.has(kMissingValues))
      out_ += "null";
    if (!open_.empty()) open_.pop_back();
    last_ = Last::kValue;
    copy();
  }

  void comma() {
    const bool missing = last_ == Last::kColon || (in_array() && last_ != Last::kValue);
    if (missing && !open_.empty() && features_.has(kMissingValues)) {
      out_ += "null";
      last_ = Last::kValue;
    }
    comma_follows_value_ = last_ == Last::kValue;
    comma_ = out_.size();
    last_ = Last::kComma;
    copy();
  }

  void colon() {
    last_ = Last::kColon;
    copy();
  }

  /// What has just been written from `begin` on is a name or a value.
  void end_text(std::size_t begin, bool name) {
    last_ = Last::kValue;
    if (!name || !features_.has(kStrictDuplicates)) return;
    const std::string_view raw = std::string_view(out_).substr(begin + 1);
    auto content = unescape_json(raw);
    if (content && !open_.back().names.insert(*content).second)
      throw Error(ErrorCategory::kInvalidInput, "the message is not valid JSON: Duplicate field '" + *content + "'");
  }

  void quoted(char quote) {
    const bool name = wants_name();
    const std::size_t begin = out_.size();
    out_ += '"';
    for (++at_; at_ < text_.size() && text_[at_] != quote;) text_[at_] == '\\' ? escape() : character(text_[at_++]);
    if (at_ == text_.size()) return;  // it does not end, and neither does what is written
    ++at_;
    out_ += '"';
    end_text(begin, name);
  }

  void character(char c) {
    if (c == '"') {
      out_ += "\\\"";
    } else if (is_control(c) && features_.has(kUnquotedControlChars)) {
      constexpr std::string_view kHexDigits = "0123456789abcdef";
      out_ += "\\u00";
      out_ += kHexDigits[static_cast<unsigned char>(c) >> 4];
      out_ += kHexDigits[static_cast<unsigned char>(c) & 15];
    } else {
      out_ += c;
    }
  }

  void escape() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const bool plain = !holds("\"\\/bfnrtu", next) && at_ + 1 < text_.size() &&
                       (features_.has(kBackslashEscapesAny) || (next == '\'' && features_.has(kSingleQuotes)));
    at_ += 1;
    if (plain) return character(text_[at_++]);
    out_ += '\\';
    if (at_ < text_.size()) copy();
  }

  void bare_name() {
    const std::size_t begin = out_.size();
    std::size_t end = at_;
    while (end < text_.size() && is_name_character(text_[end])) ++end;
    if (end == at_ || !features_.has(kUnquotedFieldNames)) return copy();
    out_.append("\"").append(text_.substr(at_, end - at_)).append("\"");
    at_ = end;
    end_text(begin, true);
  }

  void bare_value() {
    const std::size_t found = std::min(text_.find_first_of(kEndOfToken, at_ + 1), text_.size());
    const std::string_view token = text_.substr(at_, comment_in(found) - at_);
    at_ += token.size();
    last_ = Last::kValue;
    if (!write_non_numeric(token)) write_number(token);
  }

  /// Where a comment begins at or behind the token's second character, or `end`.
  std::size_t comment_in(std::size_t end) const noexcept {
    for (std::size_t i = at_ + 1; i < end; ++i)
      if ((text_[i] == '/' && features_.has(kComments)) || (text_[i] == '#' && features_.has(kYamlComments))) return i;
    return end;
  }

  bool write_non_numeric(std::string_view token) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kWords = {{{"NaN", kNotANumber},
                                                                                             {"INF", "1e999"},
                                                                                             {"+INF", "1e999"},
                                                                                             {"-INF", "-1e999"},
                                                                                             {"Infinity", "1e999"},
                                                                                             {"+Infinity", "1e999"},
                                                                                             {"-Infinity", "-1e999"}}};
    if (token == kNotANumber) out_ += '-';  // which means nothing in a text that somebody sent
    if (!features_.has(kNonNumericNumbers)) return false;
    const auto word =
        std::find_if(kWords.begin(), kWords.end(), [&](const auto& known) { return known.first == token; });
    if (word == kWords.end()) return false;
    out_ += word->second;
    return true;
  }

  static bool digit_at(std::string_view token, std::size_t place) noexcept {
    return place < token.size() && holds(kDigits, token[place]);
  }

  /// Whatever is no number goes through as it is.
  void write_number(std::string_view token) {
    const bool signed_number = !token.empty() && (token[0] == '-' || token[0] == '+');
    const bool point = signed_number ? token.substr(1).starts_with('.') : token.starts_with('.');
    if (token[0] == '+' && features_.has(kLeadingPlusSign) && (digit_at(token, 1) || point)) {
      token.remove_prefix(1);
    } else if (signed_number) {
      out_ += token[0];
      token.remove_prefix(1);
    }
    if (features_.has(kLeadingZeros))
      while (token.size() > 1 && token[0] == '0' && digit_at(token, 1)) token.remove_prefix(1);
    if (token.starts_with('.') && digit_at(token, 1) && features_.has(kLeadingDecimalPoint)) out_ += '0';
    const std::size_t whole = std::min(token.find_first_not_of(kDigits), token.size());
    out_ += token.substr(0, whole);
    token.remove_prefix(whole);
    if (!token.starts_with('.')) return void(out_ += token);
    out_ += '.';
    token.remove_prefix(1);
    if (whole > 0 && !digit_at(token, 0) && features_.has(kTrailingDecimalPoint)) out_ += '0';
    out_ += token;
  }

  std::string_view text_;
  JsonFeatures features_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Container> open_;
  Last last_ = Last::kOpen;
  std::size_t comma_ = 0;  // where the last one was written
  bool comma_follows_value_ = false;
};

}  // namespace

std::string strict_json(std::string_view text, JsonFeatures features) { return Relaxed(text, features).result(); }

}  // namespace sarsen::ingest
