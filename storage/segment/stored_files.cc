#include "storage/segment/stored_files.h"

#include "storage/base/error.h"
#include "storage/base/mapped_file.h"

namespace sarsen::storage {

bool is_segment_file(std::string_view name) noexcept {
  return name.ends_with(".smoosh") || name == "version.bin" || name == "factory.json" || name == "index.drd" ||
         name == "druid.segment";
}

StoredFiles map_directory(const std::filesystem::path& directory) {
  if (!std::filesystem::is_directory(directory))
    throw Error(ErrorCategory::kNotFound, "no such segment directory: " + directory.string());
  StoredFiles files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::string name = entry.path().filename().string();
    if (!is_segment_file(name) || !entry.is_regular_file()) continue;
    auto file = std::make_shared<const MappedFile>(entry.path());
    const std::span<const std::byte> bytes = file->bytes();
    files.emplace(std::move(name), StoredFile{bytes, std::move(file)});
  }
  return files;
}

}  // namespace sarsen::storage
