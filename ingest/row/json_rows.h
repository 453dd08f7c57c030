#pragma once
// JSON messages to rows, by simdjson's on-demand parser: the second door to simdjson (the other is
// storage/base/json.h). Every value is read, also those that nobody asked for, so that a broken message never passes as
// a good one.
//
// Not thread-safe: a reader belongs to one writer of rows.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/row/row_reader.h"

namespace sarsen::ingest {

/// Objects and arrays nested deeper than this make a message unparseable.
inline constexpr std::size_t kRowDepthMax = 500;

class JsonRowReader final : public RowReader {
 public:
  /// A field that `fields` does not know is read and dropped; with `discover` it gets a number instead.
  /// REQUIRES: `fields` outlives the reader.
  JsonRowReader(const InputFormat& format, FieldTable& fields, bool discover);
  ~JsonRowReader() override;
  JsonRowReader(const JsonRowReader&) = delete;
  JsonRowReader& operator=(const JsonRowReader&) = delete;

  /// Reads the message's objects, usually one, and gives each to `row`; its values are good until `row` returns. Where
  /// any of the message is broken, or it holds no object, it gives none and returns what is wrong, but for what the
  /// format says of objects before an error.
  std::optional<std::string> read(std::string_view message, const RowSink& row) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sarsen::ingest
