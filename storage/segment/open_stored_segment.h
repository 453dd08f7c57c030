#pragma once
// Opens a segment from its files wherever they lie; open_segment() of mapped_segment.h is this for a path.

#include <memory>
#include <string>

#include "storage/segment/segment.h"
#include "storage/segment/stored_files.h"

namespace sarsen::storage {

/// `path` is for messages only. The Segment keeps the owners of the files.
std::shared_ptr<const Segment> open_stored_segment(StoredFiles files, const std::string& path);

}  // namespace sarsen::storage
