#pragma once
// Packed files, unpacked piece by piece. Each way of packing has its door in a file of its own; the build may lack
// some. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace sarsen::ingest {

class PackedFile {
 public:
  virtual ~PackedFile() = default;

  /// Up to `size` bytes of content; 0 at the end. Throws kRuntimeFailure naming the file where it is damaged or cut
  /// off.
  virtual std::size_t read(char* out, std::size_t size) = 0;
  /// Of the file, as stored.
  virtual std::uint64_t bytes_read() const = 0;
};

// One or more streams behind each other. Throw where the file cannot be opened, kUnsupported where the build lacks the
// library.
std::unique_ptr<PackedFile> open_bzip2(const std::filesystem::path& path);
std::unique_ptr<PackedFile> open_xz(const std::filesystem::path& path);

}  // namespace sarsen::ingest
