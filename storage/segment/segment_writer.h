#pragma once
// Writes one V9 segment (storage/FORMAT.md) from columns that are already in row order: what a persist, a merge and a
// conversion end with. The default encodings are Druid's: LZ4 blocks, Roaring bitmaps, UTF-8 dictionaries.
//
// The segment appears under its name only when it is whole: written beside it under a temporary name, files and folder
// synced, then renamed. Same input, same bytes. Not thread-safe; several writers may work on different directories.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/column/column_data.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

struct SegmentData {
  Interval interval;                       // all times lie in it
  std::span<const std::int64_t> times_ms;  // ascending, if sorted_by_time; unless make_times is set
  std::vector<ColumnData> dimensions;      // in the segment's sort order
  std::vector<ColumnData> metrics;         // in any order: Druid writes them by name, and so it is done here
  Json metadata;                           // metadata.drd, whole; null: none is written
  bool sorted_by_time = true;              // false: by other columns first, as the metadata's ordering says
  /// Makes the times when they are written; dropped after it. There are `row_count` of them.
  std::function<std::vector<std::int64_t>()> make_times = {};
  std::uint32_t row_count = 0;  // with make_times only
  bool durable = true;          // false: nobody looks for it after a crash, and nothing is synced
};

/// Writes the files of the segment into the new directory `directory` and returns their total size in bytes. Columns
/// are written, and made where they are not there yet (column_data.h), one after the other: metrics by name,
/// dimensions. With `threads` > 1 so many columns are encoded at a time, and made by several threads where they are
/// not there yet, and held until their turn comes. The bytes are the same. A dimension of strings in which
/// every row is null is written as Druid writes it: as a `null` part, named in index.drd's lists of all columns. Throws
/// kInvalidInput for data that Druid could not load (names with a comma or a line break, a name twice) and where the
/// directory exists already, kDefensive for data that breaks the rules above, kUnsupported for a part of a column that
/// has no form past 2 GiB (storage/FORMAT.md, "GenericIndexed"), kRuntimeFailure where the disk refuses; then nothing
/// is left behind.
std::uint64_t write_segment(const std::filesystem::path& directory, const SegmentData& segment,
                            const IndexSpec& spec = {}, unsigned threads = 1);

}  // namespace sarsen::storage
