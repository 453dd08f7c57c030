#pragma once
// A GenericIndexed in several files, version 2 (storage/FORMAT.md, "GenericIndexed"): each file of values holds the
// same number of them, a power of two. Thread-safe: no shared state.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "storage/column/column_output.h"

namespace sarsen::storage {

/// How values are shared out: as many to a file as Druid takes, the most that fit in each.
class FileSplit {
 public:
  /// `ends`: 0, then the end of each value. Throws kUnsupported where a single value is larger than `file_bytes_max`.
  FileSplit(std::span<const std::uint64_t> ends, std::size_t file_bytes_max);

  std::uint32_t log_values_per_file() const noexcept { return log_; }

 private:
  std::uint32_t log_ = 0;
};

/// Writes BASE_value_0, BASE_value_1, ... and BASE_header.
void write_value_files(std::span<const std::byte> values, std::span<const std::uint64_t> ends, const FileSplit& split,
                       const OverflowFiles& files);

/// Appends what stays in the column's own file.
void write_version_two_header(bool sorted, std::size_t count, const FileSplit& split, std::string_view base,
                              ByteWriter& out);

}  // namespace sarsen::storage
