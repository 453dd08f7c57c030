#include "engine/kernels/key_masks.h"

#include "engine/kernels/key_masks.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void key_masks(const std::uint32_t* keys, std::size_t count, std::uint32_t wanted, const std::uint64_t* selected,
               std::uint64_t* masks, std::size_t stride, std::uint32_t* counts) noexcept {
  run_best<KeyMasks>(keys, count, wanted, selected, masks, stride, counts);
}

}  // namespace sarsen::engine::kernels
