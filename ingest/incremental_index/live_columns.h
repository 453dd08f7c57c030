#pragma once
// Times and dimensions of a growing index as columns, read in place up to a number of rows. The rows and dimensions
// must outlive the columns: a LiveSegment holds both.

#include <cstdint>
#include <memory>

#include "ingest/incremental_index/index_rows.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

std::unique_ptr<const storage::Column> make_time_column(const IndexRows& rows, std::uint32_t row_count);
std::unique_ptr<const storage::Column> make_dimension_column(const PublishedDimension& dimension,
                                                             std::uint32_t row_count);

}  // namespace sarsen::ingest
