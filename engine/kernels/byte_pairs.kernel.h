#pragma once
// The functor behind byte_pairs.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "engine/kernels/byte_pairs.h"
#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct FindBytePairs {
  template <class Arch>
  void operator()(Arch, const char* text, std::size_t count, std::size_t size, const BytePair* pair,
                  std::uint64_t* mask) const noexcept;
};

}  // namespace sarsen::engine::kernels
