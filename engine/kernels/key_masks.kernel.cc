// Keys become bytes, 64 at a time, which are then compared with each key in turn.

#include "engine/kernels/key_masks.kernel.h"

#include <bit>

#include "engine/kernels/bit_count.kernel.h"
#include "engine/kernels/mask_words.kernel.h"

namespace sarsen::engine::kernels {
namespace {

template <class Arch>
struct IsKey {
  xsimd::batch<std::uint8_t, Arch> key;

  XSIMD_INLINE auto operator()(const xsimd::batch<std::uint8_t, Arch>& keys) const noexcept { return keys == key; }
};

/// No key.
constexpr std::uint8_t kNone = 0xff;

}  // namespace

template <class Arch>
void KeyMasks::operator()(Arch, const std::uint32_t* keys, std::size_t count, std::uint32_t wanted,
                          const std::uint64_t* selected, std::uint64_t* masks, std::size_t stride,
                          std::uint32_t* counts) const noexcept {
  const int key_count = static_cast<int>(bit_count(wanted));
  for (int i = 0; i < key_count; ++i) counts[i] = 0;
  for (std::size_t row = 0; row < count; row += 64) {
    std::uint8_t bytes[64];
    const std::size_t rows = count - row < 64 ? count - row : 64;
    if (rows == 64) {
      for (std::size_t i = 0; i < 64; ++i) bytes[i] = static_cast<std::uint8_t>(keys[row + i]);
    } else {
      for (std::size_t i = 0; i < 64; ++i) bytes[i] = i < rows ? static_cast<std::uint8_t>(keys[row + i]) : kNone;
    }
    const std::uint64_t taken = selected == nullptr ? ~std::uint64_t{0} : selected[row / 64];
    std::uint32_t rest = wanted;
    for (int i = 0; i < key_count; ++i, rest &= rest - 1) {
      const auto key = static_cast<std::uint8_t>(std::countr_zero(rest));
      std::uint64_t& mask = masks[static_cast<std::size_t>(i) * stride + row / 64];
      mask = mask_word<Arch>(bytes, IsKey<Arch>{xsimd::batch<std::uint8_t, Arch>(key)}) & taken;
      counts[i] += static_cast<std::uint32_t>(bit_count(mask));
    }
  }
}

template void KeyMasks::operator()(KERNEL_ARCH, const std::uint32_t*, std::size_t, std::uint32_t, const std::uint64_t*,
                                   std::uint64_t*, std::size_t, std::uint32_t*) const noexcept;

}  // namespace sarsen::engine::kernels
