// One algorithm, the least; the greatest is the least of the values turned over (all bits of a long, the sign of a
// double).

#include "engine/kernels/extreme.kernel.h"

#include <cmath>
#include <limits>
#include <type_traits>

#include "engine/kernels/mask_lanes.kernel.h"

namespace sarsen::engine::kernels {
namespace {

/// Independent running extremes: enough to hide the latency of the comparison.
constexpr std::size_t kChains = 4;

template <class Value>
constexpr Value kGreatest =
    std::is_floating_point_v<Value> ? std::numeric_limits<Value>::infinity() : std::numeric_limits<Value>::max();

/// Math.min, whose order of arguments never matters.
template <class Value>
XSIMD_INLINE Value least(Value left, Value right) noexcept {
  if constexpr (std::is_floating_point_v<Value>) {
    if (left != left || right != right) return std::numeric_limits<Value>::quiet_NaN();
    if (left == right) return std::signbit(left) ? left : right;
  }
  return left < right ? left : right;
}

/// The machine's minimum answers its second operand for NaN and for zeros of either sign. Asked both ways, the union of
/// the bits is -0.0 when either is, and a NaN when either is.
template <class Batch>
XSIMD_INLINE Batch least_lanes(const Batch& left, const Batch& right) noexcept {
  if constexpr (std::is_floating_point_v<typename Batch::value_type>) {
    return xsimd::min(left, right) | xsimd::min(right, left);
  } else {
    return xsimd::min(left, right);
  }
}

template <bool kTurned, class Batch>
XSIMD_INLINE Batch turned(const Batch& values) noexcept {
  using Value = typename Batch::value_type;
  if constexpr (!kTurned) {
    return values;
  } else if constexpr (std::is_floating_point_v<Value>) {
    return values ^ Batch(Value{-0.0F});
  } else {
    return ~values;
  }
}

template <bool kTurned, class Value>
XSIMD_INLINE Value turned_value(Value value) noexcept {
  if constexpr (!kTurned) {
    return value;
  } else if constexpr (std::is_floating_point_v<Value>) {
    return -value;
  } else {
    return ~value;
  }
}

/// What the caller gets for the least of the turned values.
template <bool kTurned, class Value>
XSIMD_INLINE Value turned_back(Value value) noexcept {
  if (value != value) return std::numeric_limits<Value>::quiet_NaN();
  return turned_value<kTurned>(value);
}

template <class Value, class Arch, bool kTurned>
struct RunningLeast {
  using Batch = xsimd::batch<Value, Arch>;
  static constexpr std::size_t kRows = kChains * Batch::size;

  Batch least_yet[kChains];

  XSIMD_INLINE RunningLeast() noexcept {
    for (Batch& batch : least_yet) batch = Batch(kGreatest<Value>);
  }
  XSIMD_INLINE Batch load(const Value* values, std::size_t i) const noexcept {
    return turned<kTurned>(Batch::load_unaligned(values + i * Batch::size));
  }
  XSIMD_INLINE void take(const Value* values) noexcept {
    for (std::size_t i = 0; i < kChains; ++i) least_yet[i] = least_lanes(least_yet[i], load(values, i));
  }
  XSIMD_INLINE void take(const Value* values, std::uint64_t bits) noexcept {
    for (std::size_t i = 0; i < kChains; ++i) {
      const auto taken = mask_lanes<Value, Arch>(bits >> (i * Batch::size));
      least_yet[i] = least_lanes(least_yet[i], xsimd::select(taken, load(values, i), Batch(kGreatest<Value>)));
    }
  }
  /// The least in the turned order.
  XSIMD_INLINE Value fold() const noexcept {
    Value lanes[kRows];
    for (std::size_t i = 0; i < kChains; ++i) least_yet[i].store_unaligned(lanes + i * Batch::size);
    Value result = lanes[0];
    for (Value lane : lanes) result = least(result, lane);
    return result;
  }
};

template <bool kTurned, class Arch, class Value>
XSIMD_INLINE Value extreme(const Value* values, std::size_t count) noexcept {
  using Running = RunningLeast<Value, Arch, kTurned>;
  Running running;
  std::size_t row = 0;
  for (; row + Running::kRows <= count; row += Running::kRows) running.take(values + row);
  Value result = running.fold();
  for (; row < count; ++row) result = least(result, turned_value<kTurned>(values[row]));
  return turned_back<kTurned>(result);
}

template <bool kTurned, class Arch, class Value>
XSIMD_INLINE Value extreme_masked(const Value* values, const std::uint64_t* mask, std::size_t count) noexcept {
  using Running = RunningLeast<Value, Arch, kTurned>;
  static_assert(64 % Running::kRows == 0);
  Running running;
  const std::size_t full_words = count / 64;
  for (std::size_t word = 0; word < full_words; ++word) {
    const std::uint64_t bits = mask[word];
    if (bits == 0) continue;
    for (std::size_t i = 0; i < 64; i += Running::kRows) running.take(values + word * 64 + i, bits >> i);
  }
  Value result = running.fold();
  const std::uint64_t tail = count % 64 == 0 ? 0 : mask[full_words];
  for (std::size_t i = 0; i < count % 64; ++i)
    if ((tail >> i & 1) != 0) result = least(result, turned_value<kTurned>(values[full_words * 64 + i]));
  return turned_back<kTurned>(result);
}

}  // namespace

template <class Arch, class Value>
Value Min::operator()(Arch, const Value* values, std::size_t count) const noexcept {
  return extreme<false, Arch>(values, count);
}
template <class Arch, class Value>
Value Max::operator()(Arch, const Value* values, std::size_t count) const noexcept {
  return extreme<true, Arch>(values, count);
}
template <class Arch, class Value>
Value MinMasked::operator()(Arch, const Value* values, const std::uint64_t* mask, std::size_t count) const noexcept {
  return extreme_masked<false, Arch>(values, mask, count);
}
template <class Arch, class Value>
Value MaxMasked::operator()(Arch, const Value* values, const std::uint64_t* mask, std::size_t count) const noexcept {
  return extreme_masked<true, Arch>(values, mask, count);
}

using Arch = KERNEL_ARCH;
using Mask = const std::uint64_t*;

template std::int64_t Min::operator()(Arch, const std::int64_t*, std::size_t) const noexcept;
template double Min::operator()(Arch, const double*, std::size_t) const noexcept;
template float Min::operator()(Arch, const float*, std::size_t) const noexcept;
template std::int64_t Max::operator()(Arch, const std::int64_t*, std::size_t) const noexcept;
template double Max::operator()(Arch, const double*, std::size_t) const noexcept;
template float Max::operator()(Arch, const float*, std::size_t) const noexcept;
template std::int64_t MinMasked::operator()(Arch, const std::int64_t*, Mask, std::size_t) const noexcept;
template double MinMasked::operator()(Arch, const double*, Mask, std::size_t) const noexcept;
template float MinMasked::operator()(Arch, const float*, Mask, std::size_t) const noexcept;
template std::int64_t MaxMasked::operator()(Arch, const std::int64_t*, Mask, std::size_t) const noexcept;
template double MaxMasked::operator()(Arch, const double*, Mask, std::size_t) const noexcept;
template float MaxMasked::operator()(Arch, const float*, Mask, std::size_t) const noexcept;

}  // namespace sarsen::engine::kernels
