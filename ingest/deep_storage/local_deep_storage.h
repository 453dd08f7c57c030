#pragma once
// Deep storage in a folder, as Druid's "local" type has it:
//
//   <root>/<dataSource>/<start>_<end>/<version>/<partition>/index/      the files of the segment (zip=false, as in
//   Druid 33) <root>/<dataSource>/<start>_<end>/<version>/<partition>/index.zip   or all of them in one
//
// The load spec is {"type":"local","path":"/…/index"} with an absolute path. Pulling takes folders and zip files
// whoever wrote them.

#include <filesystem>
#include <mutex>

#include "ingest/deep_storage/deep_storage.h"

namespace sarsen::ingest {

class LocalDeepStorage final : public DeepStorage {
 public:
  explicit LocalDeepStorage(const std::filesystem::path& root, bool zip = false);

  storage::SegmentDescriptor push(const std::filesystem::path& files, storage::SegmentDescriptor segment) override;
  void pull(const storage::SegmentDescriptor& segment, const std::filesystem::path& target) const override;
  /// A descriptor without load spec is that of a segment that push() was called for.
  void remove(const storage::SegmentDescriptor& segment) override;

 private:
  std::filesystem::path folder_of(const storage::SegmentDescriptor& segment) const;
  void sync_above(const std::filesystem::path& directory) const;

  void create_folder(const std::filesystem::path& directory);

  std::mutex folders_mutex_;  // empty folders are removed, or used
  const std::filesystem::path root_;
  const bool zip_;
};

}  // namespace sarsen::ingest
