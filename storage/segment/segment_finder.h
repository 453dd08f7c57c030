#pragma once
// All segments below a folder, each with its descriptor: from descriptor.json in the segment's folder or the one above
// (3_descriptor.json beside 3_index.zip), else from the path as Druid's deep storages lay them out
// (deep_storage_path.h), else from a name given by the user and the segment's own data interval.
//
// Segments known only by name get the version 1970-01-01T00:00:00.000Z (which Druid, too, gives to data that must not
// hide other data): any segment with a real version hides them. Where their data intervals overlap they become
// partitions of one common interval, so that all of them answer.
//
// Thread safety: all of it, from any thread.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/segment/segment.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::storage {

/// The version of a segment of which nobody knows one.
inline constexpr std::string_view kUnknownVersion = "1970-01-01T00:00:00.000Z";

/// The folders and index.zip files below `root` that are segments, in order; `root` alone where it is no folder of
/// folders. Nothing is opened.
std::vector<std::filesystem::path> segment_paths(const std::filesystem::path& root);

struct FoundSegment {
  std::filesystem::path path;  // the folder with the files, or the index.zip
  SegmentDescriptor descriptor;
  std::shared_ptr<const Segment> segment;
};

struct FoundSegments {
  std::vector<FoundSegment> segments;  // by path
  std::vector<std::string> problems;   // what could not be opened or named, and why; a sentence each
};

/// `root` may itself be a segment. An empty `name`: segments without descriptor and layout are problems. Throws
/// kNotFound where there is no `root`.
FoundSegments find_segments(const std::filesystem::path& root, const std::string& name = {});

}  // namespace sarsen::storage
