#pragma once
// An expression over one column as a function of that column's values.

#include <memory>

#include "engine/expression/expr.h"
#include "engine/vector/column_function.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// `kind`: that of the virtual column. nullptr where the expression reads more than one column or one whose values are
/// no longs and no single texts, where it can fail, and where it is of another kind than LONG, DOUBLE or STRING.
std::unique_ptr<ColumnFunction> column_function(const ExprPtr& expr, const ColumnKind& kind, ColumnSources& columns);

}  // namespace sarsen::engine::expression
