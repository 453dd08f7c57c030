#pragma once
// The functor behind compare.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct InRange {
  template <class Arch, class Value>
  void operator()(Arch, const Value* values, std::size_t count, Value low, Value high,
                  std::uint64_t* mask) const noexcept;
};

}  // namespace sarsen::engine::kernels
