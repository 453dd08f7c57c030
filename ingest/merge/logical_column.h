#pragma once
// Auto columns of mixed scalars as whoever reads rows to ingest them again gets them in Druid: of strings and numbers
// all are strings, of longs and doubles all are doubles.

#include <cstdint>
#include <memory>

#include "storage/column/column.h"

namespace sarsen::ingest {

enum class ReadAs : std::uint8_t { kItself, kText, kDouble };
ReadAs read_as(const storage::Column& column);

/// `column` whose values, read whole (structured_reader), are so; all else is the column's. REQUIRES: it outlives this;
/// read_as(column) is not kItself.
std::unique_ptr<storage::Column> make_logical_column(const storage::Column& column);

}  // namespace sarsen::ingest
