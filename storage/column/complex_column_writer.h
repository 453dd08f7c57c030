#pragma once
// Writes the file of a complex column: one serialised value a row (storage/FORMAT.md, "Complex columns").
// Thread-safe: no state.

#include <cstdint>

#include "storage/base/byte_writer.h"
#include "storage/column/column_data.h"

namespace sarsen::storage {

/// Appends the whole column file. Throws kUnsupported where it would be larger than 2 GiB.
void write_complex_column(const ComplexColumnData& column, std::uint32_t row_count, ByteWriter& out);

}  // namespace sarsen::storage
