#pragma once
// The functors behind narrow_sum.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/narrow/narrow_form.h"
#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

/// Of the numbers, in the lanes of sum.h. `mask` nullptr: all rows.
struct NarrowSum {
  template <class Arch>
  double operator()(Arch, const storage::NarrowCodes* codes, const std::uint64_t* mask,
                    std::size_t count) const noexcept;
};

/// Of the codes alone.
struct CodeSum {
  template <class Arch>
  std::uint64_t operator()(Arch, const storage::NarrowCodes* codes, std::size_t count) const noexcept;
};

}  // namespace sarsen::engine::kernels
