#pragma once
// What write_segment relies on, checked before a byte is written: the other half of what a reader checks. Each check is
// a walk over the data, cheap beside compressing it. Thread-safe: no state.

#include "storage/segment/segment_writer.h"

namespace sarsen::storage {

/// Throws kInvalidInput for names that a segment cannot hold, kDefensive, naming the column, for data that breaks the
/// rules of segment_writer.h: times that do not ascend or leave the interval, ids out of range, a dictionary out of
/// order.
void check_segment_data(const SegmentData& segment);

}  // namespace sarsen::storage
