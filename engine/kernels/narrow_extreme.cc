#include "engine/kernels/narrow_extreme.h"

#include "engine/kernels/narrow_extreme.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

std::uint32_t least_code(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<LeastCode>(&codes, mask, count);
}
std::uint32_t greatest_code(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<GreatestCode>(&codes, mask, count);
}

}  // namespace sarsen::engine::kernels
