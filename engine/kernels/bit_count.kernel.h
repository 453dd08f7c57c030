#pragma once
// How many bits of a word are set. For kernel files only.

#include <bit>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {
namespace {

#if defined(__POPCNT__) || !defined(__x86_64__)
XSIMD_INLINE std::uint64_t bit_count(std::uint64_t word) noexcept {
  return static_cast<std::uint64_t>(std::popcount(word));
}
#else
/// Sums of neighbours, doubling in width: x86 has no instruction for it before SSE4.2.
XSIMD_INLINE std::uint64_t bit_count(std::uint64_t word) noexcept {
  word -= word >> 1 & 0x5555555555555555U;
  word = (word & 0x3333333333333333U) + (word >> 2 & 0x3333333333333333U);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fU;
  return word * 0x0101010101010101U >> 56;
}
#endif

}  // namespace
}  // namespace sarsen::engine::kernels
