#pragma once
// The functor behind present.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct IdsPresent {
  template <class Arch>
  std::uint32_t operator()(Arch, const std::uint32_t* ids, std::size_t count) const noexcept;
};

}  // namespace sarsen::engine::kernels
