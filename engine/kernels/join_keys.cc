#include "engine/kernels/join_keys.h"

#include "engine/kernels/join_keys.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void join_keys(const std::uint32_t* keys, std::uint32_t radix, const std::uint32_t* ids, std::size_t count,
               std::uint32_t* joined) noexcept {
  run_best<JoinKeys>(keys, radix, ids, count, joined);
}

}  // namespace sarsen::engine::kernels
