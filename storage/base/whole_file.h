#pragma once
// A small file read at once into memory. Mapping such a file costs more than copying it, and mappings are limited for
// the whole process (vm.max_map_count, 65,530 by default). Thread safety: from any thread.

#include <filesystem>
#include <string>

namespace sarsen {

/// Throws kNotFound where there is no such file, kRuntimeFailure for everything else; both name the path.
std::string read_whole_file(const std::filesystem::path& path);

}  // namespace sarsen
