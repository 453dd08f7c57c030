#pragma once
// A column on its way to the disk: values in row order, borrowed from the one who writes the segment, or made at its
// turn.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::storage {

/// All spans and views must stay valid during write_segment.
struct StringColumnData {
  /// Distinct, ascending in Java's string order, null first where it occurs. Not empty unless there are no rows, or
  /// only rows without a value.
  std::vector<std::optional<std::string_view>> dictionary = {};
  std::span<const std::uint32_t> ids = {};      // single-valued: one per row; multi-valued: all rows' ids end to end
  std::span<const std::uint32_t> offsets = {};  // multi-valued: rows + 1, offsets[0] = 0; empty: single-valued
  bool bitmap_index = true;
  bool spatial_index = false;  // the values are coordinates; those that are not two numbers are left out of it
};

template <class T>
struct NumericColumnData {
  std::span<const T> values = {};             // null rows hold 0
  std::span<const std::uint64_t> nulls = {};  // bit words; empty: no nulls
};

struct ComplexColumnData {
  std::string type = {};  // "hyperUnique"
  /// The serialised value of a row; nullopt for null. Called once per row, in order; the view lives until the next
  /// call.
  std::function<std::optional<std::span<const std::byte>>(std::uint32_t row)> value;
};

/// Values of any shape, stored in Druid's common form: what "auto" and "json" dimensions hold.
struct StructuredColumnData {
  /// True: the column is COMPLEX<json> whatever it holds. False: the type follows from the values, or is `cast_to`,
  /// whose values all rows have then.
  bool json = false;
  std::string cast_to = {};  // "LONG", "ARRAY<STRING>"
  /// The value of a row. Called for all rows in order, more than once.
  std::function<Json(std::uint32_t row)> value;
};

using ColumnValues = std::variant<StringColumnData, NumericColumnData<std::int64_t>, NumericColumnData<float>,
                                  NumericColumnData<double>, ComplexColumnData, StructuredColumnData>;

/// Values, and what their spans and views point into.
struct OwnedColumnValues {
  ColumnValues values;
  std::shared_ptr<const void> owner;
};

/// A column is written when its turn comes (segment_writer.h says when). Its values are there from the start, or they
/// are made then and dropped before the next column's: one column is in memory at a time.
struct ColumnData {
  std::string name;
  ColumnValues data;                             // unless `make` is set
  std::function<OwnedColumnValues()> make = {};  // called once
};

}  // namespace sarsen::storage
