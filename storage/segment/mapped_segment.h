#pragma once
// Opens V9 segments: a directory with version.bin, meta.smoosh and chunk files, or an index.zip of them. Opening reads
// the directory only; a column is parsed at first touch, once. Every offset, count and length is proven before it is
// used. Thread safety: open() from any thread; the Segment is shared.

#include <filesystem>
#include <memory>

#include "storage/segment/segment.h"

namespace sarsen::storage {

/// `path` is a segment directory or an index.zip. Throws Error that names the file and the part at fault; for versions
/// other than 9 the message says what to do.
std::shared_ptr<const Segment> open_segment(const std::filesystem::path& path);

}  // namespace sarsen::storage
