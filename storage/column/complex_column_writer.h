#pragma once
// Writes the file of a complex column: one serialised value a row (storage/FORMAT.md, "Complex columns").
// Thread-safe: no state.

#include <cstdint>

#include "storage/column/column_data.h"
#include "storage/column/column_output.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// Writes the whole column, compressed where the index spec says so. Throws kUnsupported where the compressed values
/// are larger than 2 GiB.
void write_complex_column(const ComplexColumnData& column, std::uint32_t row_count, const IndexSpec& spec,
                          ColumnOutput& out);

}  // namespace sarsen::storage
