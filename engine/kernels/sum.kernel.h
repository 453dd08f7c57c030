#pragma once
// The functors behind sum.h, architecture still open.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

/// What a sum of values is: unsigned for longs, so that overflow wraps as Java's long does.
template <class Value>
using Total = std::conditional_t<std::is_same_v<Value, std::int64_t>, std::uint64_t, Value>;

struct Sum {
  template <class Arch, class Value>
  Total<Value> operator()(Arch, const Value* values, std::size_t count) const noexcept;
};

struct SumMasked {
  template <class Arch, class Value>
  Total<Value> operator()(Arch, const Value* values, const std::uint64_t* mask, std::size_t count) const noexcept;
};

struct SumAt {
  template <class Arch, class Value>
  Total<Value> operator()(Arch, const Value* values, const std::uint32_t* positions, std::size_t count) const noexcept;
};

}  // namespace sarsen::engine::kernels
