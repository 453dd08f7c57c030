#pragma once
// The null rows of a numeric column, as bit words: expanded once from the stored bitmap, one bit per row.
// Thread safety: const methods from any thread.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/bitmap/bitmap.h"

namespace sarsen::storage {

class NullRows {
 public:
  NullRows() = default;  // none
  /// Throws on corrupt bytes.
  NullRows(BitmapEncoding encoding, std::span<const std::byte> bitmap, std::uint32_t row_count);

  bool any() const noexcept { return !words_.empty(); }
  /// REQUIRES: row < row_count.
  bool contains(std::uint32_t row) const noexcept { return !words_.empty() && (words_[row / 64] >> row % 64 & 1) != 0; }
  /// As NumericReader::read_nulls.
  bool read(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) const noexcept;

 private:
  std::vector<std::uint64_t> words_;  // empty: no row is null
};

}  // namespace sarsen::storage
