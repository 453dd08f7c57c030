// One gather of the set's 32-bit halves per register where the machine gathers, one load per id where it does not.

#include "engine/kernels/in_set.kernel.h"

#include "engine/kernels/mask_words.kernel.h"

namespace sarsen::engine::kernels {
namespace {

#if defined(__AVX2__)
template <class Arch>
struct Member {
  using Batch = xsimd::batch<std::uint32_t, Arch>;

  const std::uint32_t* halves;

  XSIMD_INLINE auto operator()(const Batch& ids) const noexcept {
    const Batch half = Batch::gather(halves, xsimd::bitwise_cast<std::int32_t>(ids >> 5));
    return ((half >> (ids & Batch(31))) & Batch(1)) != Batch(0);
  }
};
#else
XSIMD_INLINE std::uint64_t members(const std::uint32_t* ids, std::size_t count, const std::uint64_t* set) noexcept {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) bits |= (set[ids[i] / 64] >> (ids[i] % 64) & 1) << i;
  return bits;
}
#endif

/// The set itself, shifted by each id.
template <class Arch>
struct SmallMember {
  using Batch = xsimd::batch<std::uint32_t, Arch>;

  Batch set;

  XSIMD_INLINE auto operator()(const Batch& ids) const noexcept { return ((set >> ids) & Batch(1)) != Batch(0); }
};

}  // namespace

template <class Arch>
void InSmallSet::operator()(Arch, const std::uint32_t* ids, std::size_t count, std::uint32_t set,
                            std::uint64_t* mask) const noexcept {
  mask_words<Arch>(ids, count, SmallMember<Arch>{xsimd::batch<std::uint32_t, Arch>(set)}, mask);
}

template <class Arch>
void InSet::operator()(Arch, const std::uint32_t* ids, std::size_t count, const std::uint64_t* set,
                       std::uint64_t* mask) const noexcept {
#if defined(__AVX2__)
  // Only the gather instruction reads through this pointer. The machine is little-endian: half id / 32 holds bit id
  // % 32.
  mask_words<Arch>(ids, count, Member<Arch>{reinterpret_cast<const std::uint32_t*>(set)}, mask);
#else
  const std::size_t full_words = count / 64;
  for (std::size_t word = 0; word < full_words; ++word) mask[word] = members(ids + word * 64, 64, set);
  if (count % 64 != 0) mask[full_words] = members(ids + full_words * 64, count % 64, set);
#endif
}

template void InSet::operator()(KERNEL_ARCH, const std::uint32_t*, std::size_t, const std::uint64_t*,
                                std::uint64_t*) const noexcept;

template void InSmallSet::operator()(KERNEL_ARCH, const std::uint32_t*, std::size_t, std::uint32_t,
                                     std::uint64_t*) const noexcept;

}  // namespace sarsen::engine::kernels
