#pragma once
// Columns of several values a row where an expression wants one: the expression is applied to each of them, as if it
// stood in a map over the column, or to their cartesian product where there are several such columns. An aggregator's
// expression becomes a fold instead, with its accumulator. Functions of their arguments only.

#include <string>
#include <vector>

#include "engine/expression/expr.h"

namespace sarsen::engine::expression {

/// `names`: the columns of several values that are not used as arrays.
ExprPtr applied_to_each(const ExprPtr& expr, const std::vector<std::string>& names);

/// The same for an expression with an accumulator.
ExprPtr folded_over_each(const ExprPtr& expr, const std::vector<std::string>& names, const std::string& accumulator);

}  // namespace sarsen::engine::expression
