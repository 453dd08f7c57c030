#pragma once
// Writes index.drd: which columns a segment has, and over which interval (storage/FORMAT.md, "index.drd").
// Thread-safe: no state.

#include <string_view>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/base/interval.h"
#include "storage/bitmap/bitmap_writer.h"

namespace sarsen::storage {

struct ColumnEntry {
  std::string_view name;
  bool only_nulls = false;  // listed apart, so that Druid before 0.23 passes it over
};

struct IndexDrdContent {
  std::vector<ColumnEntry> metrics;
  std::vector<ColumnEntry> dimensions;  // in the segment's sort order
  Interval interval;
  BitmapEncoding bitmap = BitmapEncoding::kRoaring;
};

void write_index_drd(const IndexDrdContent& index, ByteWriter& out);

}  // namespace sarsen::storage
