#pragma once
// Writes the file of a long, float or double column, __time included (storage/FORMAT.md, "Numeric columns").
// Thread-safe: no state.

#include <cstdint>

#include "storage/base/byte_writer.h"
#include "storage/column/column_data.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// Appends the whole column file. Defined for std::int64_t, float and double.
/// Throws kUnsupported where it would be larger than 2 GiB.
template <class T>
void write_numeric_column(const NumericColumnData<T>& column, const IndexSpec& spec, ByteWriter& out);

}  // namespace sarsen::storage
