#pragma once
// concat of several columns, a vector at a time. Who wants texts gets them joined; who wants ids gets them by the ids
// of the parts, so that a text is made and looked up once for each combination of these.

#include <memory>

#include "engine/expression/expr.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// nullptr where `expr` is no concat, or where a part of it has no vector of texts (text_part.h). `columns` must
/// outlive what it gives.
std::unique_ptr<StringSource> joined_source(const ExprPtr& expr, ColumnSources& columns);

}  // namespace sarsen::engine::expression
