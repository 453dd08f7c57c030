#pragma once
// Where a column is written: the logical file of its name, and further ones that belong to it. Druid finishes those
// while the first is being written and puts them behind it, in the order in which they were begun here. Not
// thread-safe.

#include <deque>
#include <string>
#include <utility>

#include "storage/base/byte_writer.h"

namespace sarsen::storage {

class ColumnOutput {
 public:
  struct File {
    std::string name;
    ByteWriter bytes;
  };

  explicit ColumnOutput(std::string name) : name_(std::move(name)) {}

  const std::string& name() const noexcept { return name_; }
  ByteWriter& bytes() noexcept { return bytes_; }
  const ByteWriter& bytes() const noexcept { return bytes_; }

  /// Begins a further file. The writer stays valid as long as this object.
  ByteWriter& add_file(std::string name) {
    return files_.emplace_back(File{.name = std::move(name), .bytes = {}}).bytes;
  }
  const std::deque<File>& files() const noexcept { return files_; }

 private:
  std::string name_;
  ByteWriter bytes_;
  std::deque<File> files_;
};

/// Where a structure continues that is too large for one file: files named after `base`, which the reader finds by it.
struct OverflowFiles {
  ColumnOutput& column;
  std::string base;
};

}  // namespace sarsen::storage
