#include "engine/expression/token.h"

#include <fmt/format.h>

#include <array>

#include "storage/base/error.h"
#include "storage/base/utf8.h"

namespace sarsen::engine::expression {
namespace {

/// Longest first.
constexpr std::array<std::string_view, 21> kSymbols = {"<=", ">=", "==", "!=", "&&", "||", "->", "+", "-", "*", "/",
                                                       "%",  "^",  "<",  ">",  "!",  "(",  ")",  "[", "]", ","};

/// The types of arrays that stand before their brackets: one token each.
constexpr std::array<std::string_view, 3> kElementTypes = {"<LONG>", "<DOUBLE>", "<STRING>"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name_start(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool is_name_part(char c) noexcept { return is_name_start(c) || is_digit(c); }

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Token> all() {
    std::vector<Token> tokens;
    do {
      tokens.push_back(next());
    } while (tokens.back().kind != Token::Kind::kEnd);
    return tokens;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorCategory::kInvalidInput, "Cannot read the expression at position " + std::to_string(position_) +
                                                  ": " + problem + " in " + std::string(text_));
  }

  char at(std::size_t offset = 0) const noexcept {
    return position_ + offset < text_.size() ? text_[position_ + offset] : '\0';
  }
  bool starts(std::string_view word) const noexcept { return text_.substr(position_).starts_with(word); }

  void skip_blanks() {
    const auto blank = [&] { return at() == ' ' || at() == '\t' || at() == '\r' || at() == '\n'; };
    while (position_ < text_.size() && (blank() || (at() == '.' && is_digit(at(1))))) ++position_;
  }

  Token next() {
    skip_blanks();
    const std::size_t begin = position_;
    if (begin == text_.size()) return {Token::Kind::kEnd, "", begin};
    Token token = read();
    token.position = begin;
    return token;
  }

  Token read() {
    if (is_digit(at())) return number();
    if (is_name_start(at())) return word();
    if (at() == '\'') return {Token::Kind::kString, quoted('\''), 0};
    if (at() == '"') return {Token::Kind::kName, quoted('"'), 0};
    for (const std::string_view type : kElementTypes)
      if (starts(type)) return taken(Token::Kind::kArrayType, "ARRAY" + std::string(type), type.size());
    for (const std::string_view symbol : kSymbols)
      if (starts(symbol)) return taken(Token::Kind::kSymbol, std::string(symbol), symbol.size());
    fail("\"" + std::string(1, at()) + "\" is no part of the language");
  }

  Token taken(Token::Kind kind, std::string text, std::size_t size) {
    position_ += size;
    return {kind, std::move(text), 0};
  }

  void skip_digits() {
    while (is_digit(at())) ++position_;
  }

  Token number() {
    const std::size_t begin = position_;
    skip_digits();
    bool whole = true;
    if (at() == '.') {
      whole = false;
      ++position_;
      skip_digits();
    }
    const std::size_t sign = at(1) == '-' ? 1 : 0;
    if ((at() == 'e' || at() == 'E') && is_digit(at(1 + sign))) {
      whole = false;
      position_ += 1 + sign;
      skip_digits();
    }
    return {whole ? Token::Kind::kLong : Token::Kind::kDouble, std::string(text_.substr(begin, position_ - begin)), 0};
  }

  Token word() {
    const std::size_t begin = position_;
    while (is_name_part(at())) ++position_;
    std::string name(text_.substr(begin, position_ - begin));
    if (name == "null") return {Token::Kind::kNull, std::move(name), 0};
    if (name == "NaN" || name == "Infinity") return {Token::Kind::kDouble, std::move(name), 0};
    if (name == "ARRAY" && at() == '<')
      if (const std::size_t end = type_end(); end != 0) {
        name = text_.substr(begin, end - begin);
        position_ = end;
        return {Token::Kind::kArrayType, std::move(name), 0};
      }
    return {Token::Kind::kName, std::move(name), 0};
  }

  /// Past the bracket that closes the one here; 0 where what stands between is no type.
  std::size_t type_end() const noexcept {
    std::size_t depth = 0;
    for (std::size_t i = position_; i < text_.size(); ++i) {
      if (text_[i] == '<') {
        ++depth;
      } else if (text_[i] == '>') {
        if (--depth == 0) return i + 1;
      } else if (!is_name_part(text_[i])) {
        return 0;
      }
    }
    return 0;
  }

  std::string quoted(char quote) {
    std::string out;
    for (++position_; at() != quote; ++position_) {
      if (position_ >= text_.size()) fail(fmt::format("a closing {} is missing", quote));
      if (at() != '\\') {
        out += at();
        continue;
      }
      ++position_;
      escape(out);
    }
    ++position_;
    return out;
  }

  void escape(std::string& out) {
    switch (at()) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u':
        unicode(out);
        break;
      case '\'':
      case '"':
      case '\\':
      case '/':
        out += at();
        break;
      default:
        fail("an unknown escape");
    }
  }

  /// Of two surrogates one character; a lone one is none and becomes U+FFFD.
  void unicode(std::string& out) {
    const std::uint32_t unit = hex_unit();
    if (unit < 0xD800 || unit > 0xDFFF) return append_utf8(out, unit);
    if (unit <= 0xDBFF && at(1) == '\\' && at(2) == 'u') {
      position_ += 2;
      const std::uint32_t low = hex_unit();
      if (low >= 0xDC00 && low <= 0xDFFF) return append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    }
    append_utf8(out, 0xFFFD);
  }

  /// The four digits after the u here; leaves the position at the last.
  std::uint32_t hex_unit() {
    std::uint32_t unit = 0;
    for (int i = 0; i < 4; ++i) {
      ++position_;
      const char c = at();
      const bool lower = c >= 'a' && c <= 'f';
      if (!is_digit(c) && !lower && !(c >= 'A' && c <= 'F')) fail("\\u needs four hexadecimal digits");
      unit = unit * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower ? c - 'a' + 10 : c - 'A' + 10);
    }
    return unit;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view expression) { return Reader(expression).all(); }

}  // namespace sarsen::engine::expression
