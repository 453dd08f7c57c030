#pragma once
// Files and folders that appear under their name only when they are whole: written beside it under a temporary name,
// synced, renamed, and the folder above synced. After a crash there is the old one or the new one, and perhaps
// something whose name begins with ".tmp-", which may be deleted. Errors name the path.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace sarsen {

inline constexpr std::string_view kTemporaryPrefix = ".tmp-";

/// Writes or replaces the file `path`; it and its folder are synced before the call returns.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

void fsync_file(const std::filesystem::path& path);
/// Makes names that were created, renamed or removed in the folder durable.
void fsync_directory(const std::filesystem::path& path);

/// A new, empty folder beside `target`, which keeps its files until they are complete. Removed with its content unless
/// commit() was called. Not thread-safe; moved, not copied.
class TemporaryDirectory {
 public:
  /// Creates the folders above `target` where they are missing.
  explicit TemporaryDirectory(const std::filesystem::path& target);
  ~TemporaryDirectory();

  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Syncs every file and folder in it, renames it to the target and syncs the folder above. The target must not exist,
  /// or be an empty folder.
  void commit();
  /// The same, but for the syncing: of what nobody looks for after a crash.
  void commit_unsynced();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;  // empty: committed, or moved from
};

}  // namespace sarsen
