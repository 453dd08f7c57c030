#include "engine/kernels/sort_doubles.h"

#include "engine/kernels/run_best.kernel.h"
#include "engine/kernels/sort_doubles.kernel.h"

namespace sarsen::engine::kernels {

bool sort_doubles(double* values, std::size_t count) noexcept { return run_best<SortDoubles>(values, count); }

bool merge_sorted_halves(double* values, std::size_t count) noexcept {
  return run_best<MergeSortedHalves>(values, count);
}

}  // namespace sarsen::engine::kernels
