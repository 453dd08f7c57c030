#pragma once
// The functors behind extreme.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct Min {
  template <class Arch, class Value>
  Value operator()(Arch, const Value* values, std::size_t count) const noexcept;
};

struct Max {
  template <class Arch, class Value>
  Value operator()(Arch, const Value* values, std::size_t count) const noexcept;
};

struct MinMasked {
  template <class Arch, class Value>
  Value operator()(Arch, const Value* values, const std::uint64_t* mask, std::size_t count) const noexcept;
};

struct MaxMasked {
  template <class Arch, class Value>
  Value operator()(Arch, const Value* values, const std::uint64_t* mask, std::size_t count) const noexcept;
};

}  // namespace sarsen::engine::kernels
