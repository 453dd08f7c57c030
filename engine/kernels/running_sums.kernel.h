#pragma once
// Running sums as wide as a cache line at any register width: the i-th value goes to lane i % kLanes, and the lanes are
// added in ascending order. For kernel files only.

#include <cstddef>
#include <cstdint>
#include <limits>

#include "engine/kernels/mask_lanes.kernel.h"
#include "engine/kernels/sum.kernel.h"

namespace sarsen::engine::kernels {
namespace {

/// A register of values as they lie.
template <class Value, class Arch>
struct LoadLanes {
  XSIMD_INLINE auto operator()(const Value* values) const noexcept {
    return xsimd::batch<Value, Arch>::load_unaligned(values);
  }
};

template <class Value>
constexpr std::size_t kLanes = 64 / sizeof(Value);

template <class Value>
XSIMD_INLINE void add(Value& lane, Value value) noexcept {
  lane = static_cast<Value>(static_cast<Total<Value>>(lane) + static_cast<Total<Value>>(value));
}

/// Adds the lanes whose bits are set.
template <class Arch>
XSIMD_INLINE void add_where(xsimd::batch<double, Arch>& sum, std::uint64_t bits,
                            const xsimd::batch<double, Arch>& values) noexcept {
#if defined(__AVX512F__)
  sum = _mm512_mask_add_pd(sum, static_cast<__mmask8>(bits), sum, values);
#else
  sum += xsimd::select(mask_lanes<double, Arch>(bits), values, xsimd::batch<double, Arch>(0.0));
#endif
}

template <class Value>
XSIMD_INLINE Total<Value> fold(const Value* lanes) noexcept {
  Total<Value> total = 0;
  for (std::size_t i = 0; i < kLanes<Value>; ++i) total += static_cast<Total<Value>>(lanes[i]);
  // Which NaN wins an addition is the machine's choice.
  if (total != total) total = std::numeric_limits<Total<Value>>::quiet_NaN();
  return total;
}

/// The running sums in registers, from zero. A sum that began at +0.0 never becomes -0.0, so adding +0.0 changes
/// nothing.
template <class Value, class Arch>
struct RunningSums {
  using Batch = xsimd::batch<Value, Arch>;
  static constexpr std::size_t kBatches = kLanes<Value> / Batch::size;

  Batch sums[kBatches];

  XSIMD_INLINE RunningSums() noexcept {
    for (Batch& sum : sums) sum = Batch(Value{0});
  }
  /// `load(values)`: a register of them.
  template <class From, class Load>
  XSIMD_INLINE void add(const From* values, const Load& load) noexcept {
    for (std::size_t i = 0; i < kBatches; ++i) sums[i] += load(values + i * Batch::size);
  }
  template <class From, class Load>
  XSIMD_INLINE void add(const From* values, const Load& load, std::uint64_t bits) noexcept {
    for (std::size_t i = 0; i < kBatches; ++i) {
      const auto taken = mask_lanes<Value, Arch>(bits >> (i * Batch::size));
      sums[i] += xsimd::select(taken, load(values + i * Batch::size), Batch(Value{0}));
    }
  }
  XSIMD_INLINE void store(Value* lanes) const noexcept {
    for (std::size_t i = 0; i < kBatches; ++i) sums[i].store_unaligned(lanes + i * Batch::size);
  }
};

}  // namespace
}  // namespace sarsen::engine::kernels
