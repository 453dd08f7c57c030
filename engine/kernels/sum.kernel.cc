// Running sums as wide as a cache line at any register width, folded in one order: the same bits on every machine.

#include "engine/kernels/sum.kernel.h"

#include <bit>

#include "engine/kernels/running_sums.kernel.h"

namespace sarsen::engine::kernels {

template <class Arch, class Value>
Total<Value> Sum::operator()(Arch, const Value* values, std::size_t count) const noexcept {
  RunningSums<Value, Arch> sums;
  std::size_t row = 0;
  for (; row + kLanes<Value> <= count; row += kLanes<Value>) sums.add(values + row, LoadLanes<Value, Arch>{});
  Value lanes[kLanes<Value>];
  sums.store(lanes);
  for (std::size_t lane = 0; row < count; ++row, ++lane) add(lanes[lane], values[row]);
  return fold(lanes);
}

template <class Arch, class Value>
Total<Value> SumMasked::operator()(Arch, const Value* values, const std::uint64_t* mask,
                                   std::size_t count) const noexcept {
  RunningSums<Value, Arch> sums;
  const std::size_t full_words = count / 64;
  for (std::size_t word = 0; word < full_words; ++word) {
    const std::uint64_t bits = mask[word];
    if (bits == 0) continue;
    for (std::size_t i = 0; i < 64; i += kLanes<Value>)
      sums.add(values + word * 64 + i, LoadLanes<Value, Arch>{}, bits >> i);
  }
  Value lanes[kLanes<Value>];
  sums.store(lanes);
  if (count % 64 != 0) {
    for (std::uint64_t bits = mask[full_words]; bits != 0; bits &= bits - 1) {
      const auto row = static_cast<std::size_t>(std::countr_zero(bits));
      add(lanes[row % kLanes<Value>], values[full_words * 64 + row]);
    }
  }
  return fold(lanes);
}

template <class Arch, class Value>
Total<Value> SumAt::operator()(Arch, const Value* values, const std::uint32_t* positions,
                               std::size_t count) const noexcept {
  Value lanes[kLanes<Value>] = {};
  std::size_t i = 0;
  for (; i + kLanes<Value> <= count; i += kLanes<Value>)
    for (std::size_t lane = 0; lane < kLanes<Value>; ++lane) add(lanes[lane], values[positions[i + lane]]);
  for (std::size_t lane = 0; i < count; ++i, ++lane) add(lanes[lane], values[positions[i]]);
  return fold(lanes);
}

using Arch = KERNEL_ARCH;
using Mask = const std::uint64_t*;
using Positions = const std::uint32_t*;

template std::uint64_t Sum::operator()(Arch, const std::int64_t*, std::size_t) const noexcept;
template double Sum::operator()(Arch, const double*, std::size_t) const noexcept;
template std::uint64_t SumMasked::operator()(Arch, const std::int64_t*, Mask, std::size_t) const noexcept;
template double SumMasked::operator()(Arch, const double*, Mask, std::size_t) const noexcept;
template std::uint64_t SumAt::operator()(Arch, const std::int64_t*, Positions, std::size_t) const noexcept;
template double SumAt::operator()(Arch, const double*, Positions, std::size_t) const noexcept;

}  // namespace sarsen::engine::kernels
