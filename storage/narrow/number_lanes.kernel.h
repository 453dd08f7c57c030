#pragma once
// From codes (narrow_form.h) to a register of numbers. For kernel files only.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "storage/simd/arch.h"

namespace sarsen::storage {
namespace {

/// As many codes as a register has lanes of 64 bits.
template <class Arch, class Code>
XSIMD_INLINE xsimd::batch<std::uint64_t, Arch> code_lanes(const Code* codes) noexcept {
#if defined(__AVX512BW__)
  if constexpr (sizeof(Code) == 1)
    return _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes)));
  if constexpr (sizeof(Code) == 2)
    return _mm512_cvtepu16_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes)));
  if constexpr (sizeof(Code) == 4)
    return _mm512_cvtepu32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes)));
#elif defined(__AVX2__)
  if constexpr (sizeof(Code) == 1) {
    std::int32_t four;
    std::memcpy(&four, codes, sizeof(four));
    return _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(four));
  }
  if constexpr (sizeof(Code) == 2)
    return _mm256_cvtepu16_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes)));
  if constexpr (sizeof(Code) == 4)
    return _mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(codes)));
#else
  constexpr std::size_t kLanes = xsimd::batch<std::uint64_t, Arch>::size;
  std::uint64_t lanes[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = codes[i];
  return xsimd::batch<std::uint64_t, Arch>::load_unaligned(lanes);
#endif
}

template <class Value, class Arch, bool kDivided>
struct NumberLanes;

/// A code in the low bits of the double 2^52 is 2^52 + code; all that follows but the division is exact. Where the
/// machine has fused multiplication, the quotient is that by the rounded reciprocal, corrected by what it leaves: to
/// the last bit what a division gives, which narrow_numbers.cc proves for every number that it makes a code of.
template <class Arch, bool kDivided>
struct NumberLanes<double, Arch, kDivided> {
  using Batch = xsimd::batch<double, Arch>;

  Batch origin, divisor, reciprocal;

  XSIMD_INLINE NumberLanes(std::int64_t base, double by) noexcept
      : origin(4503599627370496.0 - static_cast<double>(base)), divisor(by), reciprocal(1.0 / by) {}

  template <class Code>
  XSIMD_INLINE Batch operator()(const Code* codes) const noexcept {
    const xsimd::batch<std::uint64_t, Arch> magic(std::uint64_t{0x4330000000000000});
    const Batch number = xsimd::bitwise_cast<double>(code_lanes<Arch>(codes) | magic) - origin;
    if constexpr (!kDivided) return number;
#if defined(__FMA__)
    const Batch quotient = number * reciprocal;
    return xsimd::fma(xsimd::fnma(quotient, divisor, number), reciprocal, quotient);
#else
    return number / divisor;
#endif
  }
};

template <class Arch>
struct NumberLanes<std::int64_t, Arch, false> {
  using Batch = xsimd::batch<std::int64_t, Arch>;

  Batch origin;

  XSIMD_INLINE NumberLanes(std::int64_t base, double) noexcept : origin(base) {}

  template <class Code>
  XSIMD_INLINE Batch operator()(const Code* codes) const noexcept {
    return xsimd::bitwise_cast<std::int64_t>(code_lanes<Arch>(codes)) + origin;
  }
};

/// Eight codes, of which the first `count` are those at `codes`: for the end of a column.
template <class Code>
struct PaddedCodes {
  Code codes[8] = {};

  XSIMD_INLINE PaddedCodes(const Code* from, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) codes[i] = from[i];
  }
};

}  // namespace
}  // namespace sarsen::storage
