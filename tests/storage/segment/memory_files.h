#pragma once
// The files of a segment in memory, to be changed byte by byte before it is opened.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "storage/segment/stored_files.h"

namespace sarsen::storage {

using FileTexts = std::map<std::string, std::string>;

inline FileTexts read_files(const std::filesystem::path& folder) {
  FileTexts texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!is_segment_file(name)) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    texts[name] = {std::istreambuf_iterator<char>(file), {}};
  }
  return texts;
}

/// Each file in a block of its own, exactly as large: sanitizers see the first byte read past it.
inline StoredFiles stored_files(const FileTexts& texts) {
  StoredFiles files;
  for (const auto& [name, text] : texts) {
    const std::shared_ptr<std::byte[]> bytes(new std::byte[text.size()]);
    std::copy_n(reinterpret_cast<const std::byte*>(text.data()), text.size(), bytes.get());
    files.emplace(name, StoredFile{std::span<const std::byte>(bytes.get(), text.size()), bytes});
  }
  return files;
}

}  // namespace sarsen::storage
