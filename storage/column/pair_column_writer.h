#pragma once
// Writes pairs of a time and a number, what the aggregators of first and last values store, in cells: the only layout
// in which Druid reads them (storage/FORMAT.md, "Pairs"). Thread-safe: no state.

#include <cstdint>
#include <string_view>

#include "storage/column/column_data.h"
#include "storage/column/column_output.h"

namespace sarsen::storage {

/// True for the types of pairs that lie in cells: those of a long, a double or a float.
bool is_number_pair(std::string_view type) noexcept;

/// Appends the part. Throws kDefensive for a value that is no pair of the column's type, kUnsupported where the cells
/// are larger than 2 GiB. REQUIRES: is_number_pair(column.type).
void write_number_pairs(const ComplexColumnData& column, std::uint32_t row_count, ByteWriter& out);

}  // namespace sarsen::storage
