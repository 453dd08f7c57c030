#pragma once
// The words of an expression. As in Druid a number begins with a digit (".5" is the dot, which nothing understands, and
// 5), an exponent may have a minus sign and no plus, and strings stand in single quotes, names that are no plain words
// in double ones.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sarsen::engine::expression {

struct Token {
  enum class Kind : std::uint8_t { kEnd, kLong, kDouble, kString, kName, kArrayType, kNull, kSymbol };

  Kind kind = Kind::kEnd;
  std::string text;          // of strings and names what they stand for
  std::size_t position = 0;  // in the expression

  bool is(std::string_view symbol) const noexcept { return kind == Kind::kSymbol && text == symbol; }
};

/// Ends with a token of kind kEnd. Throws kInvalidInput with the position.
std::vector<Token> tokens_of(std::string_view expression);

}  // namespace sarsen::engine::expression
