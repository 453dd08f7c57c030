#include "engine/kernels/widen.h"

#include "engine/kernels/run_best.kernel.h"
#include "engine/kernels/widen.kernel.h"

namespace sarsen::engine::kernels {

void widen_ids(const std::byte* packed, std::uint32_t width, std::size_t count, std::uint32_t* ids) noexcept {
  run_best<WidenIds>(packed, width, count, ids);
}

}  // namespace sarsen::engine::kernels
