// Integers: value - low, seen as unsigned, is at most high - low inside the range and nowhere else. x86 compares only
// signed integers below AVX-512, so both sides are moved by half the range, which costs nothing as it joins the
// subtraction. Floating point: the machine's comparison, corrected for NaN and for the zero of the wrong sign only
// where an end asks for it.

#include "engine/kernels/compare.kernel.h"

#include <cmath>
#include <limits>
#include <type_traits>

#include "engine/kernels/mask_words.kernel.h"

namespace sarsen::engine::kernels {
namespace {

template <class Value, class Arch>
struct IntegerRange {
  using Unsigned = std::make_unsigned_t<Value>;
  using Signed = std::make_signed_t<Value>;
  static constexpr Unsigned kHalf = Unsigned{1} << (8 * sizeof(Value) - 1);

  xsimd::batch<Signed, Arch> origin, span;

  XSIMD_INLINE IntegerRange(Value low, Value high) noexcept
      : origin(static_cast<Signed>(static_cast<Unsigned>(low) ^ kHalf)),
        span(static_cast<Signed>((static_cast<Unsigned>(high) - static_cast<Unsigned>(low)) ^ kHalf)) {}

  XSIMD_INLINE auto operator()(const xsimd::batch<Value, Arch>& values) const noexcept {
    return xsimd::bitwise_cast<Signed>(values) - origin <= span;
  }
};

/// `kTakesNaN`: the upper end is NaN. `kSkipsZero`: the lower end is 0.0, which leaves out -0.0, or the upper end is
/// -0.0, which leaves out 0.0.
template <class Value, class Arch, bool kTakesNaN, bool kSkipsZero>
struct FloatingRange {
  using Batch = xsimd::batch<Value, Arch>;
  using Bits = std::conditional_t<sizeof(Value) == 8, std::int64_t, std::int32_t>;

  Batch low, high;
  xsimd::batch<Bits, Arch> skipped_zero;

  XSIMD_INLINE auto operator()(const Batch& values) const noexcept {
    auto inside = (values >= low) & (values <= high);
    if constexpr (kTakesNaN) inside = inside | (values != values);
    if constexpr (kSkipsZero)
      inside = inside & xsimd::batch_bool_cast<Value>(xsimd::bitwise_cast<Bits>(values) != skipped_zero);
    return inside;
  }
};

template <class Arch, class Value, bool kTakesNaN, bool kSkipsZero>
XSIMD_INLINE void floating_range(const Value* values, std::size_t count, Value low, Value high, Value skipped_zero,
                                 std::uint64_t* mask) noexcept {
  using Range = FloatingRange<Value, Arch, kTakesNaN, kSkipsZero>;
  using Batch = xsimd::batch<Value, Arch>;
  const Range range{Batch(low), Batch(high), xsimd::bitwise_cast<typename Range::Bits>(Batch(skipped_zero))};
  mask_words<Arch>(values, count, range, mask);
}

template <class Arch, class Value>
XSIMD_INLINE void floating_range(const Value* values, std::size_t count, Value low, Value high,
                                 std::uint64_t* mask) noexcept {
  constexpr Value kInfinity = std::numeric_limits<Value>::infinity();
  const bool takes_nan = std::isnan(high);
  if (takes_nan) high = kInfinity;
  // From NaN to NaN: no number is at least infinity and at most minus infinity.
  if (std::isnan(low)) low = kInfinity, high = -kInfinity;
  const bool low_skips = low == 0 && !std::signbit(low), high_skips = high == 0 && std::signbit(high);
  const Value skipped = low_skips ? Value{-0.0F} : Value{0};
  if (takes_nan && low_skips) return floating_range<Arch, Value, true, true>(values, count, low, high, skipped, mask);
  if (takes_nan) return floating_range<Arch, Value, true, false>(values, count, low, high, skipped, mask);
  if (low_skips || high_skips) return floating_range<Arch, Value, false, true>(values, count, low, high, skipped, mask);
  return floating_range<Arch, Value, false, false>(values, count, low, high, skipped, mask);
}

/// By way of lanes of 32 bits: xsimd makes the mask of 16-bit lanes with a table that every instruction set would
/// define.
template <class Arch>
XSIMD_INLINE void short_range(const std::uint16_t* values, std::size_t count, std::uint16_t low, std::uint16_t high,
                              std::uint64_t* mask) noexcept {
  const IntegerRange<std::uint32_t, Arch> range(low, high);
  for (std::size_t first = 0; first < count; first += 64) {
    const std::size_t rows = count - first < 64 ? count - first : 64;
    std::uint32_t wide[64] = {};
    for (std::size_t i = 0; i < rows; ++i) wide[i] = values[first + i];
    const std::uint64_t taken = rows == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << rows) - 1;
    mask[first / 64] = mask_word<Arch>(wide, range) & taken;
  }
}

/// Double.compare(left, right) > 0.
template <class Value>
XSIMD_INLINE bool after(Value left, Value right) noexcept {
  if constexpr (std::is_floating_point_v<Value>) {
    if (std::isnan(left)) return !std::isnan(right);
    if (left == right) return std::signbit(right) && !std::signbit(left);
  }
  return left > right;
}

}  // namespace

template <class Arch, class Value>
void InRange::operator()(Arch, const Value* values, std::size_t count, Value low, Value high,
                         std::uint64_t* mask) const noexcept {
  if (after(low, high)) {
    for (std::size_t word = 0; word < (count + 63) / 64; ++word) mask[word] = 0;
  } else if constexpr (std::is_floating_point_v<Value>) {
    floating_range<Arch>(values, count, low, high, mask);
  } else if constexpr (sizeof(Value) == sizeof(std::uint16_t)) {
    short_range<Arch>(values, count, low, high, mask);
  } else {
    mask_words<Arch>(values, count, IntegerRange<Value, Arch>(low, high), mask);
  }
}

using Arch = KERNEL_ARCH;
using Mask = std::uint64_t*;

template void InRange::operator()(Arch, const std::int64_t*, std::size_t, std::int64_t, std::int64_t,
                                  Mask) const noexcept;
template void InRange::operator()(Arch, const std::uint32_t*, std::size_t, std::uint32_t, std::uint32_t,
                                  Mask) const noexcept;
template void InRange::operator()(Arch, const std::uint16_t*, std::size_t, std::uint16_t, std::uint16_t,
                                  Mask) const noexcept;
template void InRange::operator()(Arch, const std::uint8_t*, std::size_t, std::uint8_t, std::uint8_t,
                                  Mask) const noexcept;
template void InRange::operator()(Arch, const double*, std::size_t, double, double, Mask) const noexcept;
template void InRange::operator()(Arch, const float*, std::size_t, float, float, Mask) const noexcept;

}  // namespace sarsen::engine::kernels
