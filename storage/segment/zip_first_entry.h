#pragma once
// The first file in a zip archive, unpacked piece by piece, as Druid reads packed inputs: further entries are passed
// over, and an archive without any is empty. Behind the same door to libzip as zip_archive.h. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace sarsen::storage {

class ZipFirstEntry {
 public:
  /// Throws kRuntimeFailure naming the file where it cannot be read.
  explicit ZipFirstEntry(const std::filesystem::path& path);
  ~ZipFirstEntry();
  ZipFirstEntry(const ZipFirstEntry&) = delete;
  ZipFirstEntry& operator=(const ZipFirstEntry&) = delete;

  /// Up to `size` bytes; 0 at the end. Throws kRuntimeFailure naming the file where it is damaged.
  std::size_t read(char* out, std::size_t size);
  /// Of the archive, by the entry's share that was read.
  std::uint64_t bytes_read() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sarsen::storage
