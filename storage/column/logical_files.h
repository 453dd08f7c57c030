#pragma once
// The logical files of one segment by name, as columns need them: some structures are spread over several files.
// Thread safety: const methods from any thread.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace sarsen::storage {

class LogicalFiles {
 public:
  virtual ~LogicalFiles() = default;
  /// The bytes, which live as long as the segment; nullopt where there is no such file.
  virtual std::optional<std::span<const std::byte>> find(std::string_view name) const = 0;
};

}  // namespace sarsen::storage
