#pragma once
// From mask bits to a register of true and false. For kernel files only.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

// Internal linkage, and inlined always: a kernel file must not leave symbols that the linker shares between them.
static constexpr std::uint32_t kLaneBits32[] = {1, 2, 4, 8, 16, 32, 64, 128};
static constexpr std::uint64_t kLaneBits64[] = {1, 2, 4, 8};

/// Lane i is true where bit i of `bits` is set; higher bits are ignored.
template <class Value, class Arch>
XSIMD_INLINE xsimd::batch_bool<Value, Arch> mask_lanes(std::uint64_t bits) noexcept {
#if defined(__x86_64__)
  if constexpr (std::is_base_of_v<xsimd::avx512f, Arch>) return xsimd::batch_bool<Value, Arch>::from_mask(bits);
#endif
  if constexpr (sizeof(Value) == 8) {
    const auto lane_bits = xsimd::batch<std::uint64_t, Arch>::load_unaligned(kLaneBits64);
    return xsimd::batch_bool_cast<Value>((xsimd::batch<std::uint64_t, Arch>(bits) & lane_bits) == lane_bits);
  } else {
    const auto lane_bits = xsimd::batch<std::uint32_t, Arch>::load_unaligned(kLaneBits32);
    const auto word = xsimd::batch<std::uint32_t, Arch>(static_cast<std::uint32_t>(bits));
    return xsimd::batch_bool_cast<Value>((word & lane_bits) == lane_bits);
  }
}

}  // namespace sarsen::engine::kernels
