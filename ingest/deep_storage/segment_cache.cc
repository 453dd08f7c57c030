#include "ingest/deep_storage/segment_cache.h"

#include <algorithm>
#include <utility>

#include "ingest/deep_storage/linked_files.h"
#include "storage/base/atomic_file.h"
#include "storage/base/check.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {

namespace fs = std::filesystem;

SegmentCache::SegmentCache(std::vector<CacheLocation> locations, const DeepStorage& deep_storage)
    : locations_(std::move(locations)), deep_storage_(deep_storage), bytes_(locations_.size()) {
  DCHECK(!locations_.empty());
}

/// The first location with room, as Druid's default strategy.
std::size_t SegmentCache::reserve(const storage::SegmentDescriptor& segment) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < locations_.size(); ++i) {
    const std::uint64_t room = locations_[i].bytes_max - std::min(bytes_[i], locations_[i].bytes_max);
    if (segment.size_bytes > room) continue;
    take(i, segment);
    return i;
  }
  throw Error(ErrorCategory::kCapacityExceeded,
              "No location of druid.segmentCache.locations has room for segment[" + segment.id.text() + "]");
}

/// However often a segment is opened, it takes its room once. With mutex_ held, as the next.
void SegmentCache::take(std::size_t location, const storage::SegmentDescriptor& segment) {
  give_back(segment.id);
  bytes_[location] += segment.size_bytes;
  places_[segment.id] = {location, segment.size_bytes};
}

void SegmentCache::give_back(const storage::SegmentId& segment) {
  const auto place = places_.find(segment);
  if (place == places_.end()) return;
  bytes_[place->second.location] -= place->second.bytes;
  places_.erase(place);
}

void SegmentCache::release(const storage::SegmentId& segment) {
  const std::lock_guard lock(mutex_);
  give_back(segment);
}

/// A copy from earlier, where there is one and it is whole.
std::shared_ptr<const storage::Segment> SegmentCache::open_copy(const storage::SegmentDescriptor& segment) {
  for (std::size_t i = 0; i < locations_.size(); ++i) {
    const fs::path path = locations_[i].path / segment_directory(segment.id);
    if (!fs::is_directory(path)) continue;
    try {
      if (file_bytes(path) < segment.size_bytes) continue;
      auto opened = storage::open_segment(path);
      const std::lock_guard lock(mutex_);
      take(i, segment);
      return opened;
    } catch (const Error& error) {
      log_warn("A copy in the segment cache cannot be used and is made again: {}", error.what());
    }
  }
  return nullptr;
}

std::shared_ptr<const storage::Segment> SegmentCache::load(const storage::SegmentDescriptor& segment) {
  if (auto opened = open_copy(segment)) return opened;
  return load_anew(segment);
}

std::shared_ptr<const storage::Segment> SegmentCache::load_anew(const storage::SegmentDescriptor& segment) {
  release(segment.id);
  const fs::path target = locations_[reserve(segment)].path / segment_directory(segment.id);
  try {
    TemporaryDirectory copy = begin_copy(target);
    deep_storage_.pull(segment, copy.path());
    fs::remove_all(target);  // whoever has it mapped keeps it
    copy.commit();
    return storage::open_segment(target);
  } catch (...) {
    release(segment.id);
    throw;
  }
}

TemporaryDirectory SegmentCache::begin_copy(const fs::path& target) {
  const std::lock_guard lock(folders_mutex_);
  return TemporaryDirectory(target);
}

void SegmentCache::drop(const storage::SegmentId& segment) {
  release(segment);
  std::error_code ignored;  // what stays takes room until it is loaded again
  for (const CacheLocation& location : locations_) {
    fs::path folder = location.path / segment_directory(segment);
    fs::remove_all(folder, ignored);
    // Version, interval and data source, as far as they are empty now.
    const std::lock_guard lock(folders_mutex_);
    for (int i = 0; i < 3 && !ignored; ++i) {
      folder = folder.parent_path();
      if (!fs::remove(folder, ignored)) break;
    }
  }
}

}  // namespace sarsen::ingest
