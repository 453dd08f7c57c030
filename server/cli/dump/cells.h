#pragma once
// The values of a column as text, vector by vector, as Druid's tools show them: null as null, several values of a row
// as an array, but single values where no row of the column has more than one; non-finite numbers as strings; sketches
// as numbers; JSON as JSON; other objects as base64 of their stored bytes. Not thread-safe.

#include <cstdint>
#include <memory>
#include <string>

#include "engine/vector/selection.h"
#include "server/cli/dump/record_writer.h"
#include "storage/column/column.h"

namespace sarsen::server {

struct CellOptions {
  CellStyle style = CellStyle::kJson;
  bool iso_times = false;      // of __time
  bool empty_is_null = false;  // as versions showed rows in which null and empty text were the same
};

class Cells {
 public:
  /// Rows of a vector; a multiple of 64, as read_nulls asks.
  static constexpr std::uint32_t kRows = engine::kVectorRows;

  virtual ~Cells() = default;
  /// REQUIRES: `begin` is a multiple of 64, count <= kRows.
  virtual void load(std::uint32_t begin, std::uint32_t count) = 0;
  /// `at` counts from the last load's begin.
  virtual void append(std::uint32_t at, std::string& out) = 0;
};

/// `column` must outlive it; nullptr is a column of nulls.
std::unique_ptr<Cells> make_cells(const storage::Column* column, bool is_time, const CellOptions& options);

/// True where some row has several values.
bool has_several_values(const storage::Column& column);

/// Appends the value of a complex column: a sketch as what Druid shows of it, everything else as base64.
/// sketch_cells.cc
void append_object(std::string_view type, std::span<const std::byte> bytes, CellStyle style, std::string& out);

/// Appends text, quoted in JSON.
void append_text(std::string_view utf8, CellStyle style, std::string& out);
void append_null(CellStyle style, std::string& out);
// Non-finite numbers are text.
void append_number(double value, CellStyle style, std::string& out);
void append_number(float value, CellStyle style, std::string& out);
void append_number(std::int64_t value, CellStyle style, std::string& out);

}  // namespace sarsen::server
