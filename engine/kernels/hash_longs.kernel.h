#pragma once
// The functor behind hash_longs.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct HashLongs {
  template <class Arch>
  void operator()(Arch, const std::int64_t* values, std::size_t count, std::uint64_t seed, std::uint64_t* low,
                  std::uint32_t* zeros) const noexcept;
};

}  // namespace sarsen::engine::kernels
