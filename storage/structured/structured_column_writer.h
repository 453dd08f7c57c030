#pragma once
// Writes a column of any shape in Druid's common form (storage/FORMAT.md, "Auto and JSON columns"): the descriptor and
// several logical files, byte by byte as Druid 33 writes them for the same rows. Thread-safe: no state.

#include <cstdint>

#include "storage/column/column_data.h"
#include "storage/column/column_output.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// Writes the column's file and those named "column.__part" behind it. Throws kUnsupported where a part is larger than
/// 2 GiB, kDefensive where a value does not fit to StructuredColumnData::cast_to.
void write_structured_column(const StructuredColumnData& column, std::uint32_t row_count, const IndexSpec& spec,
                             ColumnOutput& out);

}  // namespace sarsen::storage
