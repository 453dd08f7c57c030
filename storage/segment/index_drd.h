#pragma once
// index.drd: the columns of a segment and its interval. Three variants are read: without a bitmap type (the oldest),
// with it, and with the lists of all columns that name the null-only ones, too (0.23 and later). Format:
// storage/FORMAT.md, "index.drd". Thread safety: a value.

#include <span>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/bitmap/bitmap.h"
#include "storage/column/logical_files.h"

namespace sarsen::storage {

struct IndexDrd {
  std::vector<std::string> dimensions;  // in the segment's sort order
  std::vector<std::string> metrics;     // all other columns but __time
  Interval interval;
  BitmapEncoding bitmap_encoding = BitmapEncoding::kConcise;
};

/// Throws on corrupt bytes. `files` is asked only for the pieces of very long lists.
IndexDrd read_index_drd(std::span<const std::byte> bytes, const LogicalFiles& files);

}  // namespace sarsen::storage
