#pragma once
// A metric of a growing index as a column: its states' intermediate values, copied when a reader is first made. Until
// then it costs nothing; after, it does not change. The rows must outlive the column: a LiveSegment holds both.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ingest/incremental_index/index_rows.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

/// Of the metric at `index` in rows.metrics, for the first `row_count` rows.
std::unique_ptr<const storage::Column> make_metric_column(const IndexRows& rows, std::size_t index,
                                                          std::uint32_t row_count);

}  // namespace sarsen::ingest
