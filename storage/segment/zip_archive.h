#pragma once
// The index.zip of a segment: read into memory, unpacked to files, or written. With zip_archive_writer.cc the one door
// to libzip. Thread safety: from any thread.

#include <cstdint>
#include <filesystem>

#include "storage/segment/stored_files.h"

namespace sarsen::storage {

/// Entries with other names than those of segment files are passed over. Throws kRuntimeFailure, naming archive and
/// entry, where an entry is corrupt or larger than a segment file may be.
StoredFiles read_zip_archive(const std::filesystem::path& path);

/// Writes the segment files of an archive into the folder `directory`, a piece at a time; other entries are passed
/// over. Nothing is synced. Throws as read_zip_archive does.
void unpack_zip_archive(const std::filesystem::path& path, const std::filesystem::path& directory);

/// Writes the new archive `path` of all files in the folder `directory`: flat, deflated, as Druid's. Nothing is synced.
/// Returns the files' bytes before compression. Throws kRuntimeFailure where the disk refuses.
std::uint64_t write_zip_archive(const std::filesystem::path& directory, const std::filesystem::path& path);

}  // namespace sarsen::storage
