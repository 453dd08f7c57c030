#include "engine/kernels/in_set.h"

#include "engine/kernels/in_set.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void in_set(const std::uint32_t* ids, std::size_t count, const std::uint64_t* set, std::uint64_t* mask) noexcept {
  run_best<InSet>(ids, count, set, mask);
}

void in_small_set(const std::uint32_t* ids, std::size_t count, std::uint32_t set, std::uint64_t* mask) noexcept {
  run_best<InSmallSet>(ids, count, set, mask);
}

}  // namespace sarsen::engine::kernels
