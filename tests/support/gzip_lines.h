#pragma once
// The lines of a gzip file, as recordings are kept.

#include <filesystem>
#include <string>
#include <vector>

namespace sarsen {

/// Throws kRuntimeFailure where the file is missing or damaged. A file that is not compressed is read as it is.
std::vector<std::string> read_gzip_lines(const std::filesystem::path& path);

}  // namespace sarsen
