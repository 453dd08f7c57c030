#pragma once
// Writes one V9 segment (storage/FORMAT.md) from columns that are already in row order: what a persist, a merge and a
// conversion end with. The default encodings are Druid's: LZ4 blocks, Roaring bitmaps, UTF-8 dictionaries.
//
// The segment appears under its name only when it is whole: written beside it under a temporary name, files and folder
// synced, then renamed. Same input, same bytes. Not thread-safe; several writers may work on different directories.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/column/column.h"

namespace sarsen::storage {

/// All spans and views must stay valid during write_segment.
struct StringColumnData {
  /// Distinct, ascending in Java's string order, null first where it occurs. Not empty unless there are no rows.
  std::vector<std::optional<std::string_view>> dictionary;
  std::span<const std::uint32_t> ids;      // single-valued: one per row; multi-valued: all rows' ids end to end
  std::span<const std::uint32_t> offsets;  // multi-valued: rows + 1, offsets[0] = 0; empty: single-valued
  bool bitmap_index = true;
};

template <class T>
struct NumericColumnData {
  std::span<const T> values;             // null rows hold 0
  std::span<const std::uint64_t> nulls;  // bit words; empty: no nulls
};

struct ComplexColumnData {
  std::string type;  // "hyperUnique"
  /// The serialised value of a row; nullopt for null. Called once per row, in order; the view lives until the next call.
  std::function<std::optional<std::span<const std::byte>>(std::uint32_t row)> value;
};

struct ColumnData {
  std::string name;
  std::variant<StringColumnData, NumericColumnData<std::int64_t>, NumericColumnData<float>, NumericColumnData<double>,
               ComplexColumnData>
      data;
};

struct SegmentData {
  Interval interval;                      // all times lie in it
  std::span<const std::int64_t> times_ms; // ascending
  std::vector<ColumnData> dimensions;     // in the segment's sort order
  std::vector<ColumnData> metrics;
  Json metadata;                          // metadata.drd, whole; null: none is written
};

/// Writes the files of the segment into the new directory `directory` and returns their total size in bytes.
/// A column in which every row is null is written as Druid writes it: as a `null` part, named in index.drd's lists of all columns.
/// Throws kInvalidInput for data that Druid could not load (names with a comma or a line break, a name twice), kRuntimeFailure where
/// the disk refuses; then nothing is left behind.
std::uint64_t write_segment(const std::filesystem::path& directory, const SegmentData& segment);

}  // namespace sarsen::storage
