#pragma once
// A folder with a file for each of some segments: Druid's DataSegment as JSON, named by the segment's id, as the
// info_dir of a segment cache has them. What is written is durable when the call returns. Thread safety: from any
// thread, for different segments.

#include <filesystem>
#include <vector>

#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

class SegmentInfoFiles {
 public:
  explicit SegmentInfoFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Throws kInvalidInput where the id cannot be the name of a file, kRuntimeFailure where the disk refuses.
  void put(const storage::SegmentDescriptor& segment) const;
  /// Nothing to do where there is none.
  void remove(const storage::SegmentId& id) const;
  /// In the order of their ids. What cannot be read is logged and left out.
  std::vector<storage::SegmentDescriptor> all() const;

 private:
  std::filesystem::path path_of(const storage::SegmentId& id) const;

  const std::filesystem::path folder_;
};

}  // namespace sarsen::ingest
