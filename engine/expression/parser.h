#pragma once
// Text to tree. Precedence, high to low: - and ! before an operand; ^, from the right; * / %; + -; comparisons; && and
// ||, which are of one level. Constant parts are evaluated while parsing, and their errors are errors here. Nothing of
// the text may be left over.

#include <string_view>

#include "engine/expression/expr.h"
#include "storage/base/json.h"

namespace sarsen::engine::expression {

/// Bytes of one expression.
inline constexpr std::size_t kExpressionBytesMax = std::size_t{1} << 20;

/// Throws kInvalidInput that says what is wrong and where; function names that are none come with a suggestion.
ExprPtr parse_expression(std::string_view text);

/// The same for a field of a query, whose path the error names.
ExprPtr parse_expression(const JsonField& json);

}  // namespace sarsen::engine::expression
