#pragma once
// The files of a folder, in another folder: as hard links where both are on one file system, else as copies. The files
// of a segment never change, so it makes no difference. Thread safety: pure functions over the file system.

#include <cstdint>
#include <filesystem>

namespace sarsen::ingest {

/// Regular files only, not those of folders below. Returns their bytes. Throws kRuntimeFailure naming the file.
std::uint64_t link_files(const std::filesystem::path& from, const std::filesystem::path& to);

/// Bytes of the regular files in the folder.
std::uint64_t file_bytes(const std::filesystem::path& directory);

}  // namespace sarsen::ingest
