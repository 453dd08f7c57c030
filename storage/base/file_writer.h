#pragma once
// A new file, written front to back. Durability is the business of the folder that it lies in (TemporaryDirectory).
// Errors name the path. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "storage/base/file_descriptor.h"

namespace sarsen {

class FileWriter {
 public:
  /// Creates `path`, which must not exist.
  explicit FileWriter(std::filesystem::path path);

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }

  /// Closes the file, and throws where the system reports that writes were lost. Nothing may be written after it.
  void finish();

  std::uint64_t size() const noexcept { return size_; }

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace sarsen
