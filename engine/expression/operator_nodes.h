#pragma once
// Nodes for operators of two vectors of one type, and for the quotients of functions. `position` says which rows count
// where a row can fail.

#include <memory>

#include "engine/expression/operator.h"
#include "engine/expression/vector_node.h"

namespace sarsen::engine::expression {

using Longs = std::unique_ptr<NumericSource<std::int64_t>>;
using Doubles = std::unique_ptr<NumericSource<double>>;

/// REQUIRES: is_comparison(op).
Longs compared_longs(BinaryOperator op, Longs left, Longs right);
Longs compared_doubles(BinaryOperator op, Doubles left, Doubles right);

/// REQUIRES: `op` is + - * / % or ^.
Longs computed_longs(BinaryOperator op, Longs left, Longs right, const CursorPosition* position);
Doubles computed_doubles(BinaryOperator op, Doubles left, Doubles right);

/// div(), which gives a long and can fail, or safe_divide(), which gives null instead.
NumberNode quotient_node(bool to_long, NumberNode left, NumberNode right, const CursorPosition* position);

}  // namespace sarsen::engine::expression
