#pragma once
// Writes the file of a string column: dictionary, ids, bitmap index, spatial index (storage/FORMAT.md, "String
// columns"). Thread-safe: no state.

#include <cstdint>

#include "storage/column/column_data.h"
#include "storage/column/column_output.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// True where no row has a value that is not null, as the dictionary tells. Such a column has a file of another kind,
/// for Druid cannot read an empty dictionary.
bool holds_only_nulls(const StringColumnData& column) noexcept;

/// Writes the whole column. Where a row of a multi-valued column is empty, null gets into the dictionary even if
/// the caller left it out: Druid finds empty rows by the bitmap of null. REQUIRES: checked data
/// (storage/segment/segment_data_check.h) that does not hold only nulls. Throws kInvalidInput for a compression that is
/// not for dictionary ids, kUnsupported where a part is larger than 2 GiB and Druid has no form
/// for that: uncompressed ids, a front-coded dictionary.
void write_string_column(const StringColumnData& column, const IndexSpec& spec, ColumnOutput& out);

}  // namespace sarsen::storage
