#pragma once
// The functor behind join_keys.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct JoinKeys {
  template <class Arch>
  void operator()(Arch, const std::uint32_t* keys, std::uint32_t radix, const std::uint32_t* ids, std::size_t count,
                  std::uint32_t* joined) const noexcept;
};

}  // namespace sarsen::engine::kernels
