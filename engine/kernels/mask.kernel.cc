// The combinations are plain loops: each copy of this file is vectorised by the compiler for its instruction set.
// Positions come from the machine's compress instruction, or below AVX-512 from a table of the positions in each byte.

#include "engine/kernels/mask.kernel.h"

#include <array>

#include "engine/kernels/bit_count.kernel.h"

namespace sarsen::engine::kernels {
namespace {

#if defined(__AVX512F__)
template <class Arch>
XSIMD_INLINE std::size_t word_positions(std::uint64_t bits, std::uint32_t base, std::uint32_t* positions) noexcept {
  using Batch = xsimd::batch<std::uint32_t, Arch>;
  using Bool = xsimd::batch_bool<std::uint32_t, Arch>;
  static constexpr std::uint32_t kFirst[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const Batch first = Batch::load_unaligned(kFirst);
  std::size_t found = 0;
  for (std::uint32_t i = 0; i < 64; i += 16) {
    const std::uint64_t part = bits >> i & 0xffff;
    xsimd::compress(first + Batch(base + i), Bool::from_mask(part)).store_unaligned(positions + found);
    found += bit_count(part);
  }
  return found;
}
#else
using BytePositions = std::array<std::array<std::uint32_t, 8>, 256>;

constexpr BytePositions byte_positions() {
  BytePositions table{};
  for (unsigned byte = 0; byte < 256; ++byte)
    for (unsigned bit = 0, found = 0; bit < 8; ++bit)
      if ((byte >> bit & 1) != 0) table[byte][found++] = bit;
  return table;
}

constexpr BytePositions kBytePositions = byte_positions();

/// Eight positions are written for each byte, of which the next byte overwrites those that were none.
template <class Arch>
XSIMD_INLINE std::size_t word_positions(std::uint64_t bits, std::uint32_t base, std::uint32_t* positions) noexcept {
  using Batch = xsimd::batch<std::uint32_t, Arch>;
  std::size_t found = 0;
  for (std::uint32_t i = 0; i < 64; i += 8) {
    const std::uint64_t byte = bits >> i & 0xff;
    const std::uint32_t* table = kBytePositions.data()[byte].data();
    for (std::size_t lane = 0; lane < 8; lane += Batch::size)
      (Batch::load_unaligned(table + lane) + Batch(base + i)).store_unaligned(positions + found + lane);
    found += bit_count(byte);
  }
  return found;
}
#endif

}  // namespace

template <class Arch>
void MaskAnd::operator()(Arch, std::uint64_t* into, const std::uint64_t* other, std::size_t words) const noexcept {
  for (std::size_t word = 0; word < words; ++word) into[word] &= other[word];
}

template <class Arch>
void MaskOr::operator()(Arch, std::uint64_t* into, const std::uint64_t* other, std::size_t words) const noexcept {
  for (std::size_t word = 0; word < words; ++word) into[word] |= other[word];
}

template <class Arch>
void MaskAndNot::operator()(Arch, std::uint64_t* into, const std::uint64_t* other, std::size_t words) const noexcept {
  for (std::size_t word = 0; word < words; ++word) into[word] &= ~other[word];
}

template <class Arch>
std::uint64_t MaskCount::operator()(Arch, const std::uint64_t* mask, std::size_t words) const noexcept {
  std::uint64_t count = 0;
  for (std::size_t word = 0; word < words; ++word) count += bit_count(mask[word]);
  return count;
}

template <class Arch>
std::size_t MaskToPositions::operator()(Arch, const std::uint64_t* mask, std::size_t count,
                                        std::uint32_t* positions) const noexcept {
  std::size_t found = 0;
  for (std::size_t word = 0; word < (count + 63) / 64; ++word) {
    if (mask[word] == 0) continue;
    found += word_positions<Arch>(mask[word], static_cast<std::uint32_t>(word * 64), positions + found);
  }
  return found;
}

using Arch = KERNEL_ARCH;
using Mask = std::uint64_t*;
using ConstMask = const std::uint64_t*;

template void MaskAnd::operator()(Arch, Mask, ConstMask, std::size_t) const noexcept;
template void MaskOr::operator()(Arch, Mask, ConstMask, std::size_t) const noexcept;
template void MaskAndNot::operator()(Arch, Mask, ConstMask, std::size_t) const noexcept;
template std::uint64_t MaskCount::operator()(Arch, ConstMask, std::size_t) const noexcept;
template std::size_t MaskToPositions::operator()(Arch, ConstMask, std::size_t, std::uint32_t*) const noexcept;

}  // namespace sarsen::engine::kernels
