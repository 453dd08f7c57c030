// One algorithm for words and for registers of words. Registers pay where the machine multiplies lanes of 64 bits; it
// does not below AVX-512.

#include "engine/kernels/hash_longs.kernel.h"

#include <bit>

namespace sarsen::engine::kernels {
namespace {

template <class Word>
XSIMD_INLINE Word rotated(Word word, int bits) noexcept {
  return (word << bits) | (word >> (64 - bits));
}

template <class Word>
XSIMD_INLINE Word scattered(Word hash) noexcept {
  hash = (hash ^ (hash >> 33)) * Word(std::uint64_t{0xff51afd7ed558ccd});
  hash = (hash ^ (hash >> 33)) * Word(std::uint64_t{0xc4ceb9fe1a85ec53});
  return hash ^ (hash >> 33);
}

/// Turns a value into its hash's low half, and gives the high one.
template <class Word>
XSIMD_INLINE Word hash(Word& word, std::uint64_t seed) noexcept {
  const Word mixed = rotated(word * Word(std::uint64_t{0x87c37b91114253d5}), 31);
  const Word size(std::uint64_t{sizeof(std::uint64_t)});
  Word low = (mixed * Word(std::uint64_t{0x4cf5ad432745937f})) ^ Word(seed) ^ size;
  Word high = Word(seed) ^ size;
  low = low + high;
  high = high + low;
  low = scattered(low);
  high = scattered(high);
  word = low + high;
  return high + word;
}

#if defined(__AVX512CD__)
template <class Arch>
XSIMD_INLINE void store_zeros(const xsimd::batch<std::uint64_t, Arch>& words, std::uint32_t* zeros) noexcept {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(zeros), _mm512_cvtepi64_epi32(_mm512_lzcnt_epi64(words)));
}
#endif

}  // namespace

template <class Arch>
void HashLongs::operator()(Arch, const std::int64_t* values, std::size_t count, std::uint64_t seed, std::uint64_t* low,
                           std::uint32_t* zeros) const noexcept {
  std::size_t i = 0;
#if defined(__AVX512CD__)
  using Batch = xsimd::batch<std::uint64_t, Arch>;
  for (; i + Batch::size <= count; i += Batch::size) {
    Batch words = xsimd::bitwise_cast<std::uint64_t>(xsimd::batch<std::int64_t, Arch>::load_unaligned(values + i));
    store_zeros(hash(words, seed), zeros + i);
    words.store_unaligned(low + i);
  }
#endif
  for (; i < count; ++i) {
    auto word = static_cast<std::uint64_t>(values[i]);
    zeros[i] = static_cast<std::uint32_t>(std::countl_zero(hash(word, seed)));
    low[i] = word;
  }
}

template void HashLongs::operator()(KERNEL_ARCH, const std::int64_t*, std::size_t, std::uint64_t, std::uint64_t*,
                                    std::uint32_t*) const noexcept;

}  // namespace sarsen::engine::kernels
