#pragma once
// A dimension of any shape of a growing index as a column: strings, longs, doubles, values by id, or JSON, by what its
// rows hold (live_structured_dimension.h). Read in place up to a number of rows.
//
// Differences from a stored column: ids are in order of arrival, no value_dictionary() is sorted, and longs and doubles
// have none. The fields of JSON are made when they are first asked for, from all rows.

#include <cstdint>
#include <memory>

#include "ingest/incremental_index/live_dimension.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

std::unique_ptr<const storage::Column> make_structured_column(const PublishedDimension& dimension,
                                                              std::uint32_t row_count);

}  // namespace sarsen::ingest
