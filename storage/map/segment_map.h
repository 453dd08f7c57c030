#pragma once
// A whole segment as a tree: its files, in them the columns with all their logical files, projections, and bytes that
// nobody names. The sizes of all logical files, gaps and other files add up to the bytes on disk. Thread safety:
// values.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/map/part.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/stored_files.h"

namespace sarsen::storage {

/// One logical file, or a file of the segment that is none of its chunks, or a gap in a chunk.
struct MappedPart {
  std::string file;       // on disk: "00000.smoosh"
  std::size_t begin = 0;  // in that file
  std::string group;      // what it belongs to: a column, "projection hourly", "metadata.drd"
  std::span<const std::byte> bytes;
  Part part;
};

struct SegmentMap {
  std::vector<MappedPart> parts;  // by file and begin
  std::size_t size = 0;           // bytes on disk

  /// "page", "page/dictionary/values", "meta.smoosh": what is wanted, as a part of one of `parts`. Names of logical
  /// files may hold slashes themselves. Throws kInvalidInput, naming what there is, where there is no such part.
  struct Found {
    const MappedPart* file;
    const Part* part;
  };
  Found find(std::string_view path) const;
};

/// `files` are the segment's; `smoosh` was made of them.
SegmentMap map_segment(const StoredFiles& files, const Smoosh& smoosh);

}  // namespace sarsen::storage
