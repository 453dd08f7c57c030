#pragma once
// Writes a smoosh: named files end to end in chunk files, and their index, meta.smoosh (storage/FORMAT.md, "Smoosh").
// Not thread-safe.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/file_writer.h"
#include "storage/base/java_order.h"

namespace sarsen::storage {

inline constexpr std::uint64_t kChunkBytesMax = INT32_MAX;

class SmooshWriter {
 public:
  /// Chunk files and index go into `directory`, which exists.
  explicit SmooshWriter(std::filesystem::path directory, std::uint64_t chunk_bytes_max = kChunkBytesMax);

  /// Appends one file; a new chunk begins where it does not fit into the present one.
  /// Throws kInvalidInput for a name with a comma or a line break, or one that is taken; kUnsupported for a file that
  /// fits into no chunk; kRuntimeFailure where the disk refuses.
  void add(std::string_view name, std::span<const std::byte> bytes);

  /// Closes the last chunk and writes the index. Nothing may be added after it.
  void finish();

  /// Bytes of all files written so far.
  std::uint64_t size_bytes() const noexcept { return size_bytes_; }

 private:
  struct Place {
    std::uint32_t chunk;
    std::uint64_t begin;
    std::uint64_t end;
  };

  void begin_chunk();
  std::string index_text() const;

  std::filesystem::path directory_;
  std::uint64_t chunk_bytes_max_;
  std::uint32_t chunk_count_ = 0;
  std::unique_ptr<FileWriter> chunk_;
  std::map<std::string, Place, JavaLess> places_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace sarsen::storage
