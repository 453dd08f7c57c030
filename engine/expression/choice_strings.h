#pragma once
// if, case_searched, nvl and coalesce between texts, a vector at a time: conditions are masks, and what is chosen are
// ids. Where one column is chosen from beside literals, its ids stay as they are; else each entry of a dictionary is
// looked up once.

#include <memory>

#include "engine/expression/expr.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// nullptr where `expr` is no such choice, where a part of it can fail, or where its conditions are no vectors.
/// `columns` must outlive what it gives.
std::unique_ptr<StringSource> choice_source(const ExprPtr& expr, ColumnSources& columns);

}  // namespace sarsen::engine::expression
