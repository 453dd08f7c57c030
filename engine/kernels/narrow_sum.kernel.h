#pragma once
// The functors behind narrow_sum.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "engine/kernels/mask_list.h"
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

/// The same of vectors that follow each other.
struct NarrowSumRun {
  template <class Arch>
  void operator()(Arch, const storage::NarrowCodes* codes, std::size_t vectors, std::size_t vector_rows,
                  double* sums) const noexcept;
};

/// The same for each mask.
struct NarrowSums {
  template <class Arch>
  void operator()(Arch, const storage::NarrowCodes* codes, const MaskList* masks, std::size_t count,
                  double* sums) const noexcept;
};

/// Of the codes alone, for each mask.
struct CodeSums {
  template <class Arch>
  void operator()(Arch, const storage::NarrowCodes* codes, const MaskList* masks, std::size_t count,
                  std::uint64_t* sums) const noexcept;
};

}  // namespace sarsen::engine::kernels
