// Widths 1, 2 and 4 are plain loops that the compiler vectorises for each instruction set. Three bytes are spread by
// shuffles, where the machine has them; xsimd's byte swizzle crosses lanes or does not depending on the set, hence the
// intrinsics.

#include "storage/column/widen_ids.kernel.h"

#include <cstring>

#include "storage/simd/prefetch.kernel.h"

namespace sarsen::storage {
namespace {

/// REQUIRES: a little-endian machine, as all of storage/simd/arch.h are.
template <class Stored>
XSIMD_INLINE void widen(const std::byte* packed, std::size_t count, std::uint32_t* ids) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    Stored id;
    std::memcpy(&id, packed + i * sizeof(Stored), sizeof(Stored));
    ids[i] = id;
  }
}

// Both wide forms first give each 128-bit lane the twelve bytes of its four ids, then spread them inside the lane.
#if defined(__AVX512BW__)
constexpr std::size_t kIdsAtOnce = 16, kBytesRead = 64;

XSIMD_INLINE void widen_register(const std::byte* packed, std::uint32_t* ids) noexcept {
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 9, 10, 11, 0);
  const __m512i spread = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
  const __m512i bytes = _mm512_loadu_si512(packed);
  _mm512_storeu_si512(ids, _mm512_shuffle_epi8(_mm512_permutexvar_epi32(lanes, bytes), spread));
}
#elif defined(__AVX2__)
constexpr std::size_t kIdsAtOnce = 8, kBytesRead = 32;

XSIMD_INLINE void widen_register(const std::byte* packed, std::uint32_t* ids) noexcept {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 0, 3, 4, 5, 0);
  const __m256i spread =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1));
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(packed));
  const __m256i widened = _mm256_shuffle_epi8(_mm256_permutevar8x32_epi32(bytes, lanes), spread);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(ids), widened);
}
#else
constexpr std::size_t kIdsAtOnce = 1, kBytesRead = 4;

XSIMD_INLINE void widen_register(const std::byte* packed, std::uint32_t* ids) noexcept {
  std::uint32_t bytes;
  std::memcpy(&bytes, packed, sizeof(bytes));
  *ids = bytes & 0xffffff;
}
#endif

/// A register reads more than its ids, so the last few ids are put together byte by byte.
XSIMD_INLINE void widen_three(const std::byte* packed, std::size_t count, std::uint32_t* ids) noexcept {
  std::size_t i = 0;
  for (; i * 3 + kBytesRead <= count * 3; i += kIdsAtOnce) widen_register(packed + i * 3, ids + i);
  for (; i < count; ++i) {
    const std::byte* id = packed + i * 3;
    ids[i] = std::to_integer<std::uint32_t>(id[0]) | std::to_integer<std::uint32_t>(id[1]) << 8 |
             std::to_integer<std::uint32_t>(id[2]) << 16;
  }
}

}  // namespace

template <class Arch>
void WidenIds::operator()(Arch, const std::byte* packed, std::uint32_t width, std::size_t count,
                          std::uint32_t* ids) const noexcept {
  for (std::size_t line = 0; line < count * width; line += 64) simd::prefetch(packed + count * width + line);
  switch (width) {
    case 1:
      return widen<std::uint8_t>(packed, count, ids);
    case 2:
      return widen<std::uint16_t>(packed, count, ids);
    case 3:
      return widen_three(packed, count, ids);
    default:
      if (count != 0) std::memcpy(ids, packed, count * sizeof(std::uint32_t));
  }
}

/// Plain loops as well.
template <class Arch>
void TurnIds::operator()(Arch, std::uint32_t* ids, std::uint32_t width, std::size_t count) const noexcept {
  const std::uint32_t rest = 32 - 8 * width;
  for (std::size_t i = 0; i < count; ++i) ids[i] = __builtin_bswap32(ids[i]) >> rest;
}

template <class Arch>
std::uint32_t GreatestId::operator()(Arch, const std::uint32_t* ids, std::size_t count) const noexcept {
  std::uint32_t greatest = 0;
  for (std::size_t i = 0; i < count; ++i) greatest = ids[i] > greatest ? ids[i] : greatest;
  return greatest;
}

template void TurnIds::operator()(KERNEL_ARCH, std::uint32_t*, std::uint32_t, std::size_t) const noexcept;
template std::uint32_t GreatestId::operator()(KERNEL_ARCH, const std::uint32_t*, std::size_t) const noexcept;
template void WidenIds::operator()(KERNEL_ARCH, const std::byte*, std::uint32_t, std::size_t,
                                   std::uint32_t*) const noexcept;

}  // namespace sarsen::storage
