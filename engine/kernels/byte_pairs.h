#pragma once
// Where a text may be that is looked for in many texts at once: at two of its bytes.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// Two bytes, each of which may be one of two, such as a letter in either case.
struct BytePair {
  unsigned char first[2];
  unsigned char second[2];
  std::uint32_t distance;  // from the first to the second
  bool or_high;            // a byte from 0x80 on is as good as a pair
};

/// Sets the mask of those of the first `count` places of `text` where a pair begins. `size`: the bytes that may be
/// read, of which a pair may be made. REQUIRES: count <= size.
void find_byte_pairs(const char* text, std::size_t count, std::size_t size, const BytePair& pair,
                     std::uint64_t* mask) noexcept;

}  // namespace sarsen::engine::kernels
