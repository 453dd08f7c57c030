#pragma once
// A segment taken apart: its files as they are stored, and its logical files by name. Put together again, each logical
// file is a chunk file of its own in a block of memory of exactly its size. Thread safety: a value.

#include <filesystem>
#include <map>
#include <string>

#include "storage/segment/stored_files.h"
#include "tests/storage/segment/memory_files.h"

namespace sarsen::storage {

class SegmentParts {
 public:
  /// `path` is a directory or an index.zip. A segment that cannot be taken apart has no logical files.
  explicit SegmentParts(const std::filesystem::path& path);

  const FileTexts& files() const noexcept { return files_; }
  const FileTexts& logical_files() const noexcept { return logical_files_; }
  std::size_t size_bytes() const noexcept { return size_bytes_; }

  /// The stored files with `text` in place of the one of that name.
  StoredFiles with_file(const std::string& name, const std::string& text) const;
  /// One chunk per logical file, with `text` in place of the one of that name.
  StoredFiles with_logical_file(const std::string& name, const std::string& text) const;
  StoredFiles whole() const { return with_logical_file("", ""); }

 private:
  FileTexts files_;
  FileTexts logical_files_;
  StoredFiles stored_;          // of files_
  StoredFiles logical_stored_;  // of logical_files_
  std::size_t size_bytes_ = 0;
};

}  // namespace sarsen::storage
