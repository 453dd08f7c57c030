#pragma once
// Reads the segment files of an index.zip into memory: the one door to libzip. Thread safety: from any thread.

#include <filesystem>

#include "storage/segment/stored_files.h"

namespace sarsen::storage {

/// Entries with other names than those of segment files are passed over. Throws kRuntimeFailure, naming archive and
/// entry, where an entry is corrupt or larger than a segment file may be.
StoredFiles read_zip_archive(const std::filesystem::path& path);

}  // namespace sarsen::storage
