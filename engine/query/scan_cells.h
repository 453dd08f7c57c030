#pragma once
// The columns of one cursor as scan prints them: vectors are read, cells are written one by one. Strings of one row are
// printed as a list, as a string where there is one, as null where there is none. Belongs to one cursor.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/result/result_writer.h"
#include "engine/result/value.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine {

class CellReader {
 public:
  virtual ~CellReader() = default;

  /// Reads rows [begin, begin + size). REQUIRES: begin is a multiple of 64, size <= kVectorRows.
  virtual void load(std::uint32_t begin, std::uint32_t size) = 0;
  /// These rows, of those loaded, come next.
  virtual void prefetch(std::span<const std::uint32_t> /*rows*/) {}
  /// REQUIRES for both: `row`, a row of the segment, is among those loaded.
  virtual void write(std::uint32_t row, ResultWriter& out) = 0;
  virtual Value value(std::uint32_t row) = 0;
};

/// `columns` must outlive it. A column that does not exist is null everywhere.
std::unique_ptr<CellReader> bind_cell(ColumnSources& columns, std::string_view column);

}  // namespace sarsen::engine
