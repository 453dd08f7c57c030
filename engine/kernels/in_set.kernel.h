#pragma once
// The functor behind in_set.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct InSet {
  template <class Arch>
  void operator()(Arch, const std::uint32_t* ids, std::size_t count, const std::uint64_t* set,
                  std::uint64_t* mask) const noexcept;
};

struct InSmallSet {
  template <class Arch>
  void operator()(Arch, const std::uint32_t* ids, std::size_t count, std::uint32_t set,
                  std::uint64_t* mask) const noexcept;
};

}  // namespace sarsen::engine::kernels
