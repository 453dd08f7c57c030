#include "storage/segment/segment_files.h"

#include "storage/base/error.h"
#include "storage/segment/zip_archive.h"

namespace sarsen::storage {

StoredFiles open_segment_files(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return map_directory(path);
  if (!std::filesystem::exists(path)) throw Error(ErrorCategory::kNotFound, "no such segment: " + path.string());
  return read_zip_archive(path);
}

}  // namespace sarsen::storage
