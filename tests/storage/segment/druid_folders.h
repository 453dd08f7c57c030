#pragma once
// Folders with a segment of stock Druid and what it said of it: rows.json, summary.json, describe.json.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/mapped_segment.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {

inline std::filesystem::path golden_segments() { return source_folder() / "tests" / "golden" / "segments"; }
inline std::filesystem::path druid_segments() { return shared_folder() / "data" / "druid-segments"; }

inline std::vector<std::filesystem::path> folders_with(const std::string& file_name,
                                                       const std::filesystem::path& root) {
  std::vector<std::filesystem::path> folders;
  if (!std::filesystem::is_directory(root)) return folders;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().filename() == file_name) folders.push_back(entry.path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

inline Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Json::parse(text);
}

/// The files of the segment, or the index.zip that holds them.
inline std::shared_ptr<const Segment> open_druid_segment(const std::filesystem::path& folder) {
  const std::filesystem::path archive = folder / "index.zip";
  return open_segment(std::filesystem::exists(archive) ? archive : folder);
}

/// In these null modes Druid shows the empty string as null, whichever is stored.
inline bool null_is_empty(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "describe.json")) return false;
  const Json description = read_json(folder / "describe.json");
  return !JsonField(description)["nullMode"].string().starts_with("sql-compatible");
}

}  // namespace sarsen::storage
