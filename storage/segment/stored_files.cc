#include "storage/segment/stored_files.h"

#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "storage/base/whole_file.h"

namespace sarsen::storage {

bool is_segment_file(std::string_view name) noexcept {
  return name.ends_with(".smoosh") || name == "version.bin" || name == "factory.json" || name == "index.drd" ||
         name == "druid.segment";
}

namespace {

// Small, and read as soon as the segment is opened.
bool is_read_at_once(std::string_view name) noexcept {
  return name == "version.bin" || name == "meta.smoosh" || name == "factory.json";
}

StoredFile read_file(const std::filesystem::path& path) {
  const auto text = std::make_shared<const std::string>(read_whole_file(path));
  return {std::as_bytes(std::span(*text)), text};
}

StoredFile map_file(const std::filesystem::path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  const std::span<const std::byte> bytes = file->bytes();
  return {bytes, std::move(file)};
}

}  // namespace

StoredFiles map_directory(const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory))
    throw Error(ErrorCategory::kNotFound, "no such segment directory: " + directory.string());
  StoredFiles files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::string name = entry.path().filename().string();
    if (!is_segment_file(name) || !entry.is_regular_file()) continue;
    StoredFile file = is_read_at_once(name) ? read_file(entry.path()) : map_file(entry.path());
    files.emplace(std::move(name), std::move(file));
  }
  return files;
}

}  // namespace sarsen::storage
