#pragma once
// Writes the file of a long, float or double column, __time included (storage/FORMAT.md, "Numeric columns").
// Thread-safe: no state.

#include <cstdint>
#include <span>

#include "storage/column/column_data.h"
#include "storage/column/column_output.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// Writes the whole column. Defined for std::int64_t, float and double. Throws kUnsupported for an array of more than
/// 2 GiB, which only the compression none makes.
template <class T>
void write_numeric_column(const NumericColumnData<T>& column, const IndexSpec& spec, ColumnOutput& out);

/// Appends the values alone, as they stand in columns of any shape. Defined for std::int64_t and double. Throws
/// kUnsupported past 2 GiB.
template <class T>
void write_numeric_values(std::span<const T> values, const BlockCompression& compression,
                          LongEncodingStrategy long_encoding, ByteWriter& out);

}  // namespace sarsen::storage
