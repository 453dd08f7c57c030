#include "engine/kernels/present.h"

#include "engine/kernels/present.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

std::uint32_t ids_present(const std::uint32_t* ids, std::size_t count) noexcept {
  return run_best<IdsPresent>(ids, count);
}

}  // namespace sarsen::engine::kernels
