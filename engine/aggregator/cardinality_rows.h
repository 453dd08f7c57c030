#pragma once
// The bytes that one dimension adds to the hash of a row, where cardinality counts rows: text in UTF-16, several values
// in order with separators, numbers as their bits, nothing for null. Belongs to one cursor.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/aggregator/dimension_hashes.h"

namespace sarsen::engine {

class RowBytes {
 public:
  virtual ~RowBytes() = default;
  /// Appends to rows[0, size).
  virtual void append(std::uint32_t begin, std::uint32_t size, std::vector<std::string>& rows) = 0;
};

std::unique_ptr<RowBytes> bind_row_bytes(const DimensionField& field, ColumnSources& columns);

}  // namespace sarsen::engine
