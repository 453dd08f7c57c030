#pragma once
// Columns without a row: what is bound to them costs nothing, and cannot be read. For those who want to know what a
// filter asks for, and nothing else.

#include <memory>

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

/// Of the kinds of `columns`, which must outlive them; nullptr: there is no column.
std::unique_ptr<ColumnSources> kinds_only(const ColumnSources* columns);

}  // namespace sarsen::engine
