#include "engine/kernels/hash_longs.h"

#include "engine/kernels/hash_longs.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void hash_longs(const std::int64_t* values, std::size_t count, std::uint64_t seed, std::uint64_t* low,
                std::uint32_t* zeros) noexcept {
  run_best<HashLongs>(values, count, seed, low, zeros);
}

}  // namespace sarsen::engine::kernels
