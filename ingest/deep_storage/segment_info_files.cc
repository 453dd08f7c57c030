#include "ingest/deep_storage/segment_info_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "storage/base/atomic_file.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

namespace fs = std::filesystem;

namespace {

storage::SegmentDescriptor read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return storage::SegmentDescriptor::parse(Json::parse(text));
}

}  // namespace

fs::path SegmentInfoFiles::path_of(const storage::SegmentId& id) const {
  const std::string name = id.text();
  if (name.starts_with('.') || name.find('/') != std::string::npos || name.find('\0') != std::string::npos)
    throw Error(ErrorCategory::kInvalidInput, "A segment with this id cannot be kept: " + name);
  return folder_ / name;
}

void SegmentInfoFiles::put(const storage::SegmentDescriptor& segment) const {
  const fs::path path = path_of(segment.id);
  fs::create_directories(folder_);
  write_file_atomically(path, segment.to_json().dump());
}

void SegmentInfoFiles::remove(const storage::SegmentId& id) const {
  std::error_code missing;
  if (fs::remove(path_of(id), missing)) fsync_directory(folder_);
}

std::vector<storage::SegmentDescriptor> SegmentInfoFiles::all() const {
  std::vector<storage::SegmentDescriptor> segments;
  if (!fs::is_directory(folder_)) return segments;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().filename().string().starts_with(kTemporaryPrefix)) continue;
    try {
      segments.push_back(read(entry.path()));
    } catch (const std::exception& error) {
      log_error("The file of a segment cannot be read, and the segment is not served: {}: {}", entry.path().string(),
                error.what());
    }
  }
  std::sort(segments.begin(), segments.end(), [](const auto& left, const auto& right) { return left.id < right.id; });
  return segments;
}

}  // namespace sarsen::ingest
