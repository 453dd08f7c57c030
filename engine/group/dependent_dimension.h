#pragma once
// Dimensions that are functions of others: "client_ip - 1" beside "client_ip" makes no further groups. Such a dimension
// has the ids of the one it depends on, is no part of a group's key, and its values are computed for the groups only.
// Constants are dimensions of one value.

#include <memory>
#include <vector>

#include "engine/group/dimension.h"
#include "engine/virtual_column/virtual_column.h"

namespace sarsen::engine {

/// Readers by dimension, as of bind_dimension(). `virtual_columns`: those in `columns`; nullptr: there are none.
std::vector<std::unique_ptr<DimensionReader>> bind_dimensions(const std::vector<DimensionSpec>& specs,
                                                              const VirtualColumns* virtual_columns,
                                                              ColumnSources& columns, RowRange rows);

/// The reader whose ids a reader has as it depends on it; nullptr: it does not.
const DimensionReader* depends_on(const DimensionReader& reader) noexcept;

}  // namespace sarsen::engine
