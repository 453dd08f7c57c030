#pragma once
// Writes one GenericIndexed (storage/FORMAT.md, "GenericIndexed"): a list of byte strings behind a table of their ends.
// The table is left open at first and filled in while values go straight to their place. Where the list outgrows a
// single file and may continue in others, finish() moves it there: version 2. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/column/column_output.h"

namespace sarsen::storage {

/// Druid's limit for one GenericIndexed in a single file: its integers are signed, less one page.
inline constexpr std::size_t kGenericIndexedBytesMax = INT32_MAX - 4096;

class GenericIndexedWriter {
 public:
  /// Appends the header for `count` values to `out`, which must outlive the writer. `sorted`: the values ascend without
  /// repeats, and may be searched for. Past `bytes_max` bytes the list goes to `overflow`, if there is one.
  GenericIndexedWriter(ByteWriter& out, std::size_t count, bool sorted, std::size_t bytes_max = kGenericIndexedBytesMax,
                       const OverflowFiles* overflow = nullptr);

  /// Appends the next value. Throws kUnsupported where the structure grows past its limit and has nowhere to go.
  void add(std::optional<std::span<const std::byte>> value);
  void add_text(std::optional<std::string_view> value);

  /// The same in two steps, for a value that is written in place: begin_value(), append it to `out`, end_value().
  void begin_value();
  void end_value();

  /// Says after all that the values are sorted.
  void mark_sorted() noexcept;

  /// Closes the structure. REQUIRES: `count` values were added. Throws kUnsupported for a value that fits into no file.
  void finish();

 private:
  void write_marker(bool null);
  void begin_overflow();

  ByteWriter& out_;
  std::size_t begin_;   // of the structure in out_
  std::size_t values_;  // of the value area in out_
  std::size_t count_;
  std::size_t added_ = 0;
  std::size_t bytes_max_;
  const OverflowFiles* overflow_;
  std::vector<std::uint64_t> ends_ = {};  // of the values, once the list overflows
};

/// Appends a list of strings; marked as sorted where Druid would: every value greater than the one before it, or after
/// null.
void write_string_list(std::span<const std::optional<std::string_view>> values, ByteWriter& out);

}  // namespace sarsen::storage
