#pragma once
// The one folder that a server or an ingestion writes to:
//   segments/  finished segments, in the layout of Druid's local deep storage
//   metadata.sqlite  which of them are published, in Druid's tables
//   cache/     copies of published segments (hard links where they can be), which are served
//   persist/   what realtime nodes have persisted and not yet handed off; in .supervised what supervisors'
//              tasks have persisted, which a restart reads again; in .read copies of published segments while a
//              realtime node reads them
//   transfers/ segments on their way to and from deep storage that is not on this machine
//   tasks/     logs and reports of the overlord's tasks, and what they work on
//   handoff/   what is published and served from here until another server does: one file for each segment
//   lookups.json  the lookups that queries know by name, as they were posted
//   identity   the name of this process among those that share a metadata store: at random, and the same after a
//   restart lock       held by the process that uses the folder
// Further folders appear with what needs them.

#include <filesystem>
#include <string>

#include "storage/base/file_descriptor.h"

namespace sarsen::server {

class DataFolder {
 public:
  /// Creates what is missing. Throws kInvalidInput where another process has it, kRuntimeFailure where the disk
  /// refuses.
  explicit DataFolder(std::filesystem::path path);

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path segments() const { return path_ / "segments"; }
  std::filesystem::path persist() const { return path_ / "persist"; }
  /// A data source's name does not begin with a point.
  std::filesystem::path supervised() const { return persist() / ".supervised"; }
  std::filesystem::path metadata() const { return path_ / "metadata.sqlite"; }
  std::filesystem::path read_segments() const { return persist() / ".read"; }
  std::filesystem::path deep_storage_scratch() const { return path_ / "transfers"; }
  std::filesystem::path cache() const { return path_ / "cache"; }
  std::filesystem::path tasks() const { return path_ / "tasks"; }
  std::filesystem::path hand_off() const { return path_ / "handoff"; }
  /// Made where there is none. Throws kRuntimeFailure where the disk refuses.
  std::string identity() const;
  std::filesystem::path lookups() const { return path_ / "lookups.json"; }

 private:
  std::filesystem::path path_;
  FileDescriptor lock_;
};

}  // namespace sarsen::server
