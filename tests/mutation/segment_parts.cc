#include "tests/mutation/segment_parts.h"

#include <fmt/format.h>

#include "storage/base/error.h"
#include "storage/segment/smoosh.h"
#include "storage/segment/zip_archive.h"

namespace sarsen::storage {
namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

FileTexts files_at(const std::filesystem::path& path) {
  FileTexts texts;
  const StoredFiles files = std::filesystem::is_directory(path) ? map_directory(path) : read_zip_archive(path);
  for (const auto& [name, file] : files) texts[name] = text_of(file.bytes);
  return texts;
}

StoredFile stored(const std::string& text) { return stored_files({{"", text}}).begin()->second; }

}  // namespace

SegmentParts::SegmentParts(const std::filesystem::path& path) : files_(files_at(path)), stored_(stored_files(files_)) {
  try {
    const Smoosh smoosh(stored_);
    for (const auto& [name, bytes] : smoosh.logical_files()) logical_files_[name] = text_of(bytes);
  } catch (const Error&) {  // a fixture of a damaged segment
  }
  logical_stored_ = stored_files(logical_files_);
  for (const auto& [name, text] : files_) size_bytes_ += text.size();
}

StoredFiles SegmentParts::with_file(const std::string& name, const std::string& text) const {
  StoredFiles files = stored_;
  files.insert_or_assign(name, stored(text));
  return files;
}

StoredFiles SegmentParts::with_logical_file(const std::string& name, const std::string& text) const {
  StoredFiles files;
  std::string meta = fmt::format("v1,2147483647,{}\n", logical_files_.size());
  for (const auto& [logical_name, file] : logical_stored_) {
    const std::size_t chunk = files.size();
    const StoredFile& bytes =
        files.emplace(fmt::format("{:05}.smoosh", chunk), logical_name == name ? stored(text) : file).first->second;
    meta += fmt::format("{},{},0,{}\n", logical_name, chunk, bytes.bytes.size());
  }
  files.emplace("meta.smoosh", stored(meta));
  for (const char* other : {"version.bin", "factory.json"}) {
    if (const auto found = stored_.find(other); found != stored_.end()) files.insert(*found);
  }
  return files;
}

}  // namespace sarsen::storage
