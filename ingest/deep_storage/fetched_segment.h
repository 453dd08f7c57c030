#pragma once
// A published segment that is read from deep storage: its files are fetched each time that it is acquired, and go with
// the last who holds it. Thread-safe.

#include <filesystem>
#include <memory>

#include "ingest/deep_storage/deep_storage.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {

class FetchedSegment final : public storage::ServedSegment {
 public:
  /// `deep_storage` outlives it. Files are fetched into folders of their own below `scratch`, which exists.
  FetchedSegment(const DeepStorage& deep_storage, std::filesystem::path scratch, storage::SegmentDescriptor descriptor);

  /// Throws as DeepStorage::pull, and where the segment is corrupt.
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override;

 private:
  const DeepStorage& deep_storage_;
  const std::filesystem::path scratch_;
  const storage::SegmentDescriptor descriptor_;
};

}  // namespace sarsen::ingest
