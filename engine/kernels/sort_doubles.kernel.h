#pragma once
// The functors behind sort_doubles.h, architecture still open.

#include <cstddef>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct SortDoubles {
  template <class Arch>
  bool operator()(Arch, double* values, std::size_t count) const noexcept;
};

struct MergeSortedHalves {
  template <class Arch>
  bool operator()(Arch, double* values, std::size_t count) const noexcept;
};

}  // namespace sarsen::engine::kernels
