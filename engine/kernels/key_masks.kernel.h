#pragma once
// The functor behind key_masks.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct KeyMasks {
  template <class Arch>
  void operator()(Arch, const std::uint32_t* keys, std::size_t count, std::uint32_t wanted,
                  const std::uint64_t* selected, std::uint64_t* masks, std::size_t stride,
                  std::uint32_t* counts) const noexcept;
};

}  // namespace sarsen::engine::kernels
