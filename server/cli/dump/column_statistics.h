#pragma once
// What the table of columns says of the values: read once, row by row, where no bitmap or dictionary knows it. Pure.

#include <cstdint>
#include <optional>
#include <string>

#include "storage/column/column.h"

namespace sarsen::server {

struct ColumnStatistics {
  std::uint64_t nulls = 0;
  std::uint64_t several = 0;  // rows with more than one value
  // Of numbers and strings; empty where no row has a value.
  std::optional<std::string> least;
  std::optional<std::string> greatest;
};

/// Throws on corrupt bytes.
ColumnStatistics column_statistics(const storage::Column& column);

}  // namespace sarsen::server
