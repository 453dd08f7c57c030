#pragma once
// The hash of growing texts: two words folded by a multiplication of 64 bits to 128. It is seeded by chance for
// each process, so that nobody can send texts that all fall into one place.

#include <array>
#include <cstdint>

#include "storage/growing/kept_text.h"

namespace sarsen::storage {

/// Both are secret: a text that knew the second could make a factor zero, and the rest of it count for nothing.
extern const std::array<std::uint64_t, 2> kTextHashSeeds;

/// Of a text that does not lie within.
std::uint64_t long_text_hash(std::string_view text) noexcept;

inline std::uint64_t folded(std::uint64_t left, std::uint64_t right) noexcept {
  __extension__ using Product = unsigned __int128;
  const Product product = Product{left} * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t text_hash(const KeptText& text) noexcept {
  if (text.is_long()) return long_text_hash(text.long_view());
  return folded(text.first_word() ^ kTextHashSeeds[0], text.second_word() ^ kTextHashSeeds[1]);
}

}  // namespace sarsen::storage
