#pragma once
// A dimension of longs that lie close together, as numbers that were counted do: an id is how far a number is above the
// least of them, and nothing is looked up. What the numbers are within, the column's narrow form tells
// (storage/narrow), for all scans of a plan alike, so that their ids are the same.

#include <memory>

#include "engine/group/dimension.h"

namespace sarsen::engine {

/// nullptr: the column has no narrow form, or there would be many more ids than rows. `rows`: those of the plan.
std::unique_ptr<DimensionReader> bind_range(const DimensionSpec& spec, storage::ValueType output_type,
                                            ColumnSources& columns, RowRange rows);

}  // namespace sarsen::engine
