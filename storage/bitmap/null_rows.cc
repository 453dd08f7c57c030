#include "storage/bitmap/null_rows.h"

#include <algorithm>

#include "storage/base/check.h"

namespace sarsen::storage {

NullRows::NullRows(BitmapEncoding encoding, std::span<const std::byte> bitmap, std::uint32_t row_count) {
  if (bitmap_cardinality(encoding, bitmap) == 0) return;
  words_.resize((static_cast<std::size_t>(row_count) + 63) / 64);
  bitmap_or_into(encoding, bitmap, RowBits(words_, row_count));
}

bool NullRows::read(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) const noexcept {
  DCHECK(begin % 64 == 0);
  if (words_.empty() || count == 0) return false;
  const std::uint64_t* source = words_.data() + begin / 64;
  const std::size_t last = (count - 1) / 64;
  const std::uint64_t last_mask = ~0ULL >> (63 - (count - 1) % 64);
  const auto is_zero = [](std::uint64_t word) { return word == 0; };
  if (std::all_of(source, source + last, is_zero) && (source[last] & last_mask) == 0) return false;
  std::copy_n(source, last, words);
  words[last] = source[last] & last_mask;
  return true;
}

}  // namespace sarsen::storage
