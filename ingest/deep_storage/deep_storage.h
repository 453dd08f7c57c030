#pragma once
// Where finished segments lie for good. A push is whole or not at all, and may be repeated: that is how a hand-off goes
// on after a crash. Thread safety: all methods from any thread, for different segments.

#include <filesystem>
#include <optional>

#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

class DeepStorage {
 public:
  virtual ~DeepStorage() = default;

  /// Stores the segment files in the folder `files`; what an earlier push of the same id left is replaced. Returns
  /// `segment` with load spec, size and binary version filled in. Durable when the call returns. Throws kInvalidInput
  /// where the id cannot be a path, kRuntimeFailure where the storage refuses.
  virtual storage::SegmentDescriptor push(const std::filesystem::path& files, storage::SegmentDescriptor segment) = 0;

  /// Fetches the files of a segment into the empty folder `target`. Throws kUnsupported for load specs of another kind
  /// of storage, kNotFound where there is no such segment.
  virtual void pull(const storage::SegmentDescriptor& segment, const std::filesystem::path& target) const = 0;

  /// Deletes what push() stored; nothing to do where it is gone, or was never there. Durable when the call returns.
  /// Throws kUnsupported as pull(), and kInvalidInput for a load spec that leads elsewhere than to this segment.
  virtual void remove(const storage::SegmentDescriptor& segment) = 0;

  // Copies of a segment in another place of the storage, where its files lie as push() would lay them; what is there
  // already is replaced. Each returns `segment` with the load spec of the copy, and nullopt where the segment lies
  // there already. Throws kUnsupported where this storage has no such places, which is the default, kInvalidInput where
  // the place is not said.

  /// `target`: {"bucket":…,"baseKey":…}
  virtual std::optional<storage::SegmentDescriptor> copy_to(const storage::SegmentDescriptor& segment,
                                                            const Json& target);
  virtual std::optional<storage::SegmentDescriptor> copy_to_archive(const storage::SegmentDescriptor& segment);
  virtual std::optional<storage::SegmentDescriptor> copy_from_archive(const storage::SegmentDescriptor& segment);
};

/// "wikipedia/<start>_<end>/<version>/<partition>", as all of Druid's deep storages and its segment cache have it.
/// Throws kInvalidInput where data source or version would lead elsewhere.
std::filesystem::path segment_directory(const storage::SegmentId& id);

}  // namespace sarsen::ingest
