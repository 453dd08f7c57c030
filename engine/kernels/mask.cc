#include "engine/kernels/mask.h"

#include "engine/kernels/mask.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void mask_and(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept {
  run_best<MaskAnd>(into, other, words);
}
void mask_or(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept {
  run_best<MaskOr>(into, other, words);
}
void mask_and_not(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept {
  run_best<MaskAndNot>(into, other, words);
}
std::uint64_t mask_count(const std::uint64_t* mask, std::size_t words) noexcept {
  return run_best<MaskCount>(mask, words);
}
std::size_t mask_to_positions(const std::uint64_t* mask, std::size_t count, std::uint32_t* positions) noexcept {
  return run_best<MaskToPositions>(mask, count, positions);
}

}  // namespace sarsen::engine::kernels
