#pragma once
// A file mapped read-only: the only owner of a mapping. Whoever holds views into bytes() keeps the MappedFile. A file
// that is mapped must never be truncated; ours are written under another name and renamed. Moved, not copied.
// Thread safety: reading is safe from many threads.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace sarsen {

class MappedFile {
 public:
  MappedFile() = default;  // no bytes
  /// Throws kNotFound where there is no such file, kRuntimeFailure for everything else; both name the path. An empty
  /// file is fine.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  std::size_t size() const noexcept { return bytes_.size(); }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace sarsen
