#pragma once
// Columns of raw input rows. Aggregators that ingest take raw values as they come, so that such columns show no
// dictionaries; filters ask for strings, and get them here.

#include "engine/vector/column_sources.h"

namespace sarsen::engine {

class RawColumns {
 public:
  virtual ~RawColumns() = default;
  /// The same rows, with a string column for every field but __time. Lives as long as this.
  virtual ColumnSources& text_columns() = 0;
};

/// What text_columns() returns. An expression within a filter asks for the rows that they are of: it sees numbers as
/// numbers, and a list of one value as that value.
class TextsOfRawRows {
 public:
  virtual ~TextsOfRawRows() = default;
  virtual ColumnSources& raw_rows() = 0;
};

}  // namespace sarsen::engine
