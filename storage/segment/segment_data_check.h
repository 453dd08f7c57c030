#pragma once
// What write_segment relies on, checked before a byte is written: the other half of what a reader checks. Each check is
// a walk over the data, cheap beside compressing it. Thread-safe: no state.

#include <cstddef>
#include <string>

#include "storage/segment/segment_writer.h"

namespace sarsen::storage {

/// Throws kInvalidInput for names that a segment cannot hold.
void check_column_names(const SegmentData& segment);

/// Throws kDefensive for times that do not ascend or leave the segment's interval, or are not as many as its rows.
void check_times(const SegmentData& segment, std::span<const std::int64_t> times_ms);

/// Throws kDefensive, naming the column, for values that break the rules of column_data.h: ids out of range, a
/// dictionary out of order.
void check_column_values(const std::string& name, const ColumnValues& values, std::size_t row_count);

}  // namespace sarsen::storage
