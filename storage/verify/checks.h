#pragma once
// The checks, one file each. They report what they find and go on where that makes sense; what a reader throws leaves a
// check and ends it. Thread safety: each call has its own Findings; segments are shared.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/bitmap/rows_by_id.h"
#include "storage/column/column.h"
#include "storage/map/segment_map.h"
#include "storage/segment/segment.h"
#include "storage/verify/findings.h"

namespace sarsen::storage {

/// Throws Error where the bytes of a complex value are corrupt. Storage does not know these types itself.
using CheckObject = std::function<void(std::string_view type, std::span<const std::byte> bytes)>;

/// A column under test, or a nested field of one.
struct CheckedColumn {
  const Column& column;
  std::string name;
  /// Written by Druid 0.7 or 0.8: the bitmap of the empty entry may lack rows, and there may be two empty entries.
  bool oldest_writers = false;
  const CheckObject& check_object;
  Findings& findings;
};

void check_files(const SegmentMap& map, Findings& findings);
void check_metadata(const Segment& segment, const SegmentMap& map, Findings& findings);
/// `path` is the segment's; there may be no descriptor.json.
void check_descriptor(const Segment& segment, const std::filesystem::path& path, Findings& findings);
void check_times(const Segment& segment, Findings& findings);
void check_order(const Segment& segment, Findings& findings);

/// All columns of a projection.
void check_projection(const Segment& segment, const std::string& name, const CheckObject& check_object,
                      Findings& findings);

/// All that fits the column's type.
void check_column(const CheckedColumn& checked);
void check_numbers(const CheckedColumn& checked);
void check_strings(const CheckedColumn& checked);
void check_values(const CheckedColumn& checked);
/// REQUIRES: the column has an element index. `ids`: the rows of each of its values, whose order and range are proven.
void check_elements(const CheckedColumn& checked, const RowsById& ids);
void check_objects(const CheckedColumn& checked);

/// `lenient_id`: of the oldest writers the id of the empty entry, whose bitmap may lack rows.
void check_bitmaps(const CheckedColumn& checked, const BitmapIndex& bitmaps, const RowsById& rows,
                   std::optional<std::uint32_t> lenient_id = std::nullopt, std::string_view part = "bitmaps");

/// REQUIRES: the column has a spatial index.
void check_spatial(const CheckedColumn& checked, const RowsById& rows);

}  // namespace sarsen::storage
