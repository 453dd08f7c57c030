#pragma once
// The copies of segments that this process serves, in Druid's layout below the folders of
// druid.segmentCache.locations:
//
//   <location>/<dataSource>/<start>_<end>/<version>/<partition>/
//
// A copy appears under its name when it is whole; on one file system with deep storage it is hard links and takes no
// room. Thread safety: from any thread, for different segments.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "ingest/deep_storage/deep_storage.h"
#include "storage/base/atomic_file.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

struct CacheLocation {
  std::filesystem::path path;
  std::uint64_t bytes_max = UINT64_MAX;
};

class SegmentCache {
 public:
  /// REQUIRES: there is a location; `deep_storage` outlives it.
  SegmentCache(std::vector<CacheLocation> locations, const DeepStorage& deep_storage);

  /// Opens the copy, after making it where there is none. Throws where deep storage does not give it, and
  /// kCapacityExceeded where no location has room.
  std::shared_ptr<const storage::Segment> load(const storage::SegmentDescriptor& segment);

  /// The same, and never takes a copy from earlier: of a segment that has just been published.
  std::shared_ptr<const storage::Segment> load_anew(const storage::SegmentDescriptor& segment);

  /// Deletes the copy, if there is one. Who has it open can read on.
  void drop(const storage::SegmentId& segment);

 private:
  std::shared_ptr<const storage::Segment> open_copy(const storage::SegmentDescriptor& segment);
  TemporaryDirectory begin_copy(const std::filesystem::path& target);
  std::size_t reserve(const storage::SegmentDescriptor& segment);
  void take(std::size_t location, const storage::SegmentDescriptor& segment);
  void give_back(const storage::SegmentId& segment);
  void release(const storage::SegmentId& segment);

  const std::vector<CacheLocation> locations_;
  const DeepStorage& deep_storage_;
  std::mutex folders_mutex_;  // empty folders are removed, or used
  std::mutex mutex_;
  std::vector<std::uint64_t> bytes_;  // taken, of each location
  struct Place {
    std::size_t location;
    std::uint64_t bytes;
  };
  std::map<storage::SegmentId, Place> places_;
};

}  // namespace sarsen::ingest
