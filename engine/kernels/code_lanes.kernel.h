#pragma once
// Codes of narrow forms (storage/narrow) as integers, a register at a time: mask bits to lanes of their width, and
// their totals. For kernel files only.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {
namespace {

#if defined(__AVX2__) && !defined(__AVX512BW__)
/// All ones where the bit of the lane is set; `spread` has the bits that each lane looks at.
XSIMD_INLINE __m256i byte_lanes(__m256i spread) noexcept {
  const __m256i bit = _mm256_set1_epi64x(static_cast<std::int64_t>(0x8040201008040201U));
  return _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
}
#endif

/// Lane i is all ones where bit i of `bits` is set, else 0; higher bits are ignored.
template <class Arch, class Code>
XSIMD_INLINE xsimd::batch<Code, Arch> code_mask(std::uint64_t bits) noexcept {
#if defined(__AVX512BW__)
  if constexpr (sizeof(Code) == 1) return _mm512_movm_epi8(bits);
  if constexpr (sizeof(Code) == 2) return _mm512_movm_epi16(static_cast<__mmask32>(bits));
  if constexpr (sizeof(Code) == 4) return _mm512_movm_epi32(static_cast<__mmask16>(bits));
#elif defined(__AVX2__)
  if constexpr (sizeof(Code) == 1) {
    const __m256i bytes = _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
    return byte_lanes(_mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(bits)), bytes));
  }
  if constexpr (sizeof(Code) == 2) {
    const __m256i bit = _mm256_set_epi16(-32768, 16384, 8192, 4096, 2048, 1024, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1);
    return _mm256_cmpeq_epi16(_mm256_and_si256(_mm256_set1_epi16(static_cast<short>(bits)), bit), bit);
  }
  if constexpr (sizeof(Code) == 4) {
    const __m256i bit = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
    return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(bits)), bit), bit);
  }
#else
  using Batch = xsimd::batch<Code, Arch>;
  Code lanes[Batch::size];
  for (std::size_t i = 0; i < Batch::size; ++i) lanes[i] = static_cast<Code>(0U - (bits >> i & 1U));
  return Batch::load_unaligned(lanes);
#endif
}

/// A register of codes, 0 where the bit of the lane is not set.
template <class Arch, class Code>
XSIMD_INLINE xsimd::batch<Code, Arch> masked_codes(const Code* codes, std::uint64_t bits) noexcept {
#if defined(__AVX512BW__)
  if constexpr (sizeof(Code) == 1) return _mm512_maskz_loadu_epi8(bits, codes);
  if constexpr (sizeof(Code) == 2) return _mm512_maskz_loadu_epi16(static_cast<__mmask32>(bits), codes);
  if constexpr (sizeof(Code) == 4) return _mm512_maskz_loadu_epi32(static_cast<__mmask16>(bits), codes);
#else
  return xsimd::batch<Code, Arch>::load_unaligned(codes) & code_mask<Arch, Code>(bits);
#endif
}

/// Sums of neighbouring codes, added up. Of two bytes they are kept in 32 bits, with a sign: take() must come at least
/// every kTotalled codes.
inline constexpr std::size_t kTotalled = std::size_t{1} << 16;

template <class Arch, class Code>
struct CodeTotals {
  using Batch = xsimd::batch<Code, Arch>;

#if defined(__AVX512BW__)
  using Register = __m512i;
  Register sums = _mm512_setzero_si512();

  XSIMD_INLINE void add(Batch batch) noexcept {
    const Register codes = batch;
    if constexpr (sizeof(Code) == 1) sums = _mm512_add_epi64(sums, _mm512_sad_epu8(codes, _mm512_setzero_si512()));
    if constexpr (sizeof(Code) == 2)
      sums = _mm512_add_epi32(
          sums, _mm512_madd_epi16(_mm512_xor_si512(codes, _mm512_set1_epi16(-32768)), _mm512_set1_epi16(1)));
    if constexpr (sizeof(Code) == 4)
      sums = _mm512_add_epi64(
          sums, _mm512_add_epi64(_mm512_srli_epi64(codes, 32), _mm512_and_si512(codes, _mm512_set1_epi64(0xffffffff))));
  }
#elif defined(__AVX2__)
  using Register = __m256i;
  Register sums = _mm256_setzero_si256();

  XSIMD_INLINE void add(Batch batch) noexcept {
    const Register codes = batch;
    if constexpr (sizeof(Code) == 1) sums = _mm256_add_epi64(sums, _mm256_sad_epu8(codes, _mm256_setzero_si256()));
    if constexpr (sizeof(Code) == 2)
      sums = _mm256_add_epi32(
          sums, _mm256_madd_epi16(_mm256_xor_si256(codes, _mm256_set1_epi16(-32768)), _mm256_set1_epi16(1)));
    if constexpr (sizeof(Code) == 4)
      sums = _mm256_add_epi64(sums, _mm256_add_epi64(_mm256_srli_epi64(codes, 32),
                                                     _mm256_and_si256(codes, _mm256_set1_epi64x(0xffffffff))));
  }
#elif defined(__SSE2__)
  using Register = __m128i;
  Register sums = _mm_setzero_si128();

  XSIMD_INLINE void add(Batch batch) noexcept {
    const Register codes = batch;
    if constexpr (sizeof(Code) == 1) sums = _mm_add_epi64(sums, _mm_sad_epu8(codes, _mm_setzero_si128()));
    if constexpr (sizeof(Code) == 2)
      sums = _mm_add_epi32(sums, _mm_madd_epi16(_mm_xor_si128(codes, _mm_set1_epi16(-32768)), _mm_set1_epi16(1)));
    if constexpr (sizeof(Code) == 4)
      sums = _mm_add_epi64(sums,
                           _mm_add_epi64(_mm_srli_epi64(codes, 32), _mm_and_si128(codes, _mm_set1_epi64x(0xffffffff))));
  }
#endif

#if defined(__SSE2__)
  /// What was added, in so many registers.
  XSIMD_INLINE std::uint64_t take(std::size_t registers) noexcept {
    std::uint64_t total = 0;
    if constexpr (sizeof(Code) == 2) {
      std::int32_t parts[sizeof(Register) / 4];
      std::memcpy(parts, &sums, sizeof(sums));
      std::int64_t signed_total = 0;
      for (const std::int32_t part : parts) signed_total += part;
      total = static_cast<std::uint64_t>(signed_total) + (std::uint64_t{registers} * Batch::size << 15);
    } else {
      std::uint64_t parts[sizeof(Register) / 8];
      std::memcpy(parts, &sums, sizeof(sums));
      for (const std::uint64_t part : parts) total += part;
    }
    *this = CodeTotals();
    return total;
  }
#else
  std::uint64_t total = 0;

  XSIMD_INLINE void add(Batch batch) noexcept {
    Code codes[Batch::size];
    batch.store_unaligned(codes);
    for (const Code code : codes) total += code;
  }
  XSIMD_INLINE std::uint64_t take(std::size_t) noexcept {
    const std::uint64_t taken = total;
    total = 0;
    return taken;
  }
#endif
};

/// 64 codes, of which the first `count` are those at `codes`, the others 0: for the end of a column.
template <class Code>
struct LastCodes {
  Code codes[64] = {};

  XSIMD_INLINE LastCodes(const Code* from, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) codes[i] = from[i];
  }
};

}  // namespace
}  // namespace sarsen::engine::kernels
