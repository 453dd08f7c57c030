#pragma once
// meta.smoosh: where in the chunk files (00000.smoosh, ...) each logical file of a segment lies. All ranges are proven
// when it is read. Format: storage/FORMAT.md, "The segment directory". Thread safety: const methods from any thread.

#include <map>
#include <string>

#include "storage/column/logical_files.h"
#include "storage/segment/stored_files.h"

namespace sarsen::storage {

class Smoosh final : public LogicalFiles {
 public:
  /// Throws kRuntimeFailure where meta.smoosh or a chunk is missing, or a line is not as it must be; names the line.
  explicit Smoosh(StoredFiles files);

  std::optional<std::span<const std::byte>> find(std::string_view name) const override;
  const std::map<std::string, std::span<const std::byte>, std::less<>>& logical_files() const noexcept {
    return logical_files_;
  }
  /// Bytes of all files.
  std::size_t size_bytes() const noexcept;

 private:
  StoredFiles files_;
  std::map<std::string, std::span<const std::byte>, std::less<>> logical_files_;
};

}  // namespace sarsen::storage
