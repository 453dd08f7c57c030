#pragma once
// All that is below a folder, while others may be at work there: a folder or file that vanishes meanwhile is not there.

#include <filesystem>
#include <system_error>

namespace sarsen {

/// Calls visit(entry), which says of a folder whether to go into it. Links to folders are not gone into. Throws
/// std::filesystem::filesystem_error where a folder cannot be read, but for what `options` say.
template <class Visit>
void walk_folder(const std::filesystem::path& folder, std::filesystem::directory_options options, Visit visit) {
  std::error_code error;
  auto entry = std::filesystem::directory_iterator(folder, options, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (visit(*entry) && entry->is_directory(gone) && !entry->is_symlink(gone))
      walk_folder(entry->path(), options, visit);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw std::filesystem::filesystem_error("cannot read a folder", folder, error);
}

}  // namespace sarsen
