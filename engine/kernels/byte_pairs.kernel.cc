// Both bytes of a register full of places are compared at once: the texts come from memory faster than any of them is
// looked at by itself.

#include "engine/kernels/byte_pairs.kernel.h"

namespace sarsen::engine::kernels {
namespace {

XSIMD_INLINE bool is_one_of(unsigned char byte, const unsigned char* two) noexcept {
  return byte == two[0] || byte == two[1];
}

XSIMD_INLINE bool begins_at(const unsigned char* text, std::size_t place, std::size_t size,
                            const BytePair& pair) noexcept {
  if (pair.or_high && text[place] >= 0x80) return true;
  return pair.distance < size - place && is_one_of(text[place], pair.first) &&
         is_one_of(text[place + pair.distance], pair.second);
}

template <class Arch>
struct PairTest {
  using Batch = xsimd::batch<std::uint8_t, Arch>;

  explicit PairTest(const BytePair& pair) noexcept
      : first{Batch(pair.first[0]), Batch(pair.first[1])},
        second{Batch(pair.second[0]), Batch(pair.second[1])},
        distance(pair.distance),
        high(pair.or_high ? 0x80 : 0) {}

  /// Of as many places as a register has lanes.
  XSIMD_INLINE std::uint64_t operator()(const unsigned char* text) const noexcept {
    const Batch here = Batch::load_unaligned(text);
    const Batch there = Batch::load_unaligned(text + distance);
    const auto is_first = (here == first[0]) | (here == first[1]);
    const auto is_second = (there == second[0]) | (there == second[1]);
    return ((is_first & is_second) | ((here & high) != Batch(0))).mask();
  }

  Batch first[2];
  Batch second[2];
  std::size_t distance;
  Batch high;
};

}  // namespace

template <class Arch>
void FindBytePairs::operator()(Arch, const char* text, std::size_t count, std::size_t size, const BytePair* pair,
                               std::uint64_t* mask) const noexcept {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text);
  const PairTest<Arch> test(*pair);
  std::size_t begin = 0;
  for (; begin + 64 <= count && begin + 64 + pair->distance <= size; begin += 64) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 64; i += PairTest<Arch>::Batch::size) bits |= test(bytes + begin + i) << i;
    mask[begin / 64] = bits;
  }
  for (; begin < count; begin += 64) {
    std::uint64_t bits = 0;
    for (std::size_t i = begin; i < count && i < begin + 64; ++i)
      bits |= std::uint64_t{begins_at(bytes, i, size, *pair)} << (i - begin);
    mask[begin / 64] = bits;
  }
}

template void FindBytePairs::operator()(KERNEL_ARCH, const char*, std::size_t, std::size_t, const BytePair*,
                                        std::uint64_t*) const noexcept;

}  // namespace sarsen::engine::kernels
