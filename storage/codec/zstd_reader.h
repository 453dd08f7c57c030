#pragma once
// A zstd file, unpacked piece by piece: one or more frames behind each other, as `zstd` writes them. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace sarsen::storage {

class ZstdReader {
 public:
  /// Throws where the file cannot be opened.
  explicit ZstdReader(const std::filesystem::path& path);
  ~ZstdReader();
  ZstdReader(const ZstdReader&) = delete;
  ZstdReader& operator=(const ZstdReader&) = delete;

  /// Up to `size` bytes; 0 at the end. Throws kRuntimeFailure naming the file where it is damaged or cut off.
  std::size_t read(char* out, std::size_t size);
  /// Of the file.
  std::uint64_t bytes_read() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sarsen::storage
