#include "engine/kernels/byte_pairs.h"

#include "engine/kernels/byte_pairs.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void find_byte_pairs(const char* text, std::size_t count, std::size_t size, const BytePair& pair,
                     std::uint64_t* mask) noexcept {
  run_best<FindBytePairs>(text, count, size, &pair, mask);
}

}  // namespace sarsen::engine::kernels
