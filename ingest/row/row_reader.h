#pragma once
// Bytes to rows, whatever their format. A reader belongs to one writer of rows: not thread-safe.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/row/field_table.h"
#include "ingest/row/input_format.h"
#include "ingest/row/raw_row.h"

namespace sarsen::ingest {

/// Takes a row, whose values are good until it returns. It may change the row.
using RowSink = std::function<void(RawRow&)>;

class RowReader {
 public:
  virtual ~RowReader() = default;

  /// A new input begins, whose first lines may be a header.
  virtual void start_input() {}

  /// Reads one record: a message, or a line where the format is one of lines. Gives its rows, usually one, to `row`;
  /// returns what is wrong where it cannot be read. A header is neither row nor problem.
  virtual std::optional<std::string> read(std::string_view record, const RowSink& row) = 0;
};

/// A field that `fields` does not know is read and dropped; with `discover` it gets a number instead.
/// REQUIRES: `fields` outlives the reader.
std::unique_ptr<RowReader> make_row_reader(const InputFormat& format, FieldTable& fields, bool discover);

}  // namespace sarsen::ingest
