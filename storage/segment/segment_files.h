#pragma once
// The files of a segment at a path: a folder of them, or an index.zip. Thread safety: from any thread.

#include <filesystem>

#include "storage/segment/stored_files.h"

namespace sarsen::storage {

/// Throws kNotFound where there is nothing, kRuntimeFailure for a corrupt archive.
StoredFiles open_segment_files(const std::filesystem::path& path);

}  // namespace sarsen::storage
