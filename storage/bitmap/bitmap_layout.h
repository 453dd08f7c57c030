#pragma once
// How a stored bitmap is made up, for people: containers of Roaring, words of Concise. Thread safety: pure.

#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/bitmap/bitmap.h"

namespace sarsen::storage {

struct BitmapLayout {
  // Roaring, containers of 65,536 rows each.
  std::uint32_t lists = 0;
  std::uint32_t bit_sets = 0;
  std::uint32_t runs = 0;
  // Concise, words.
  std::uint32_t literals = 0;
  std::uint32_t fills = 0;
};

/// Throws kRuntimeFailure on corrupt bytes.
BitmapLayout bitmap_layout(BitmapEncoding encoding, std::span<const std::byte> bitmap);

}  // namespace sarsen::storage
