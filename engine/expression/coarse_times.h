#pragma once
// timestamp_format of times that are cut to what its pattern shows: "yyyy-MM-dd" says the same all day long, so that
// few different times are left to be made texts of.

#include "engine/expression/expr.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// The same expression, as it is evaluated over `columns`, with such times where they are vectors of longs.
ExprPtr with_coarse_times(const ExprPtr& expr, ColumnSources& columns);

}  // namespace sarsen::engine::expression
