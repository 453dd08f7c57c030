#include "storage/narrow/unnarrow.h"

#include "storage/narrow/unnarrow.kernel.h"
#include "storage/simd/run_best.kernel.h"

namespace sarsen::storage {

void unnarrow(const NarrowCodes& codes, std::size_t count, double* values) noexcept {
  simd::run_best<Unnarrow>(&codes, count, values);
}
void unnarrow(const NarrowCodes& codes, std::size_t count, std::int64_t* values) noexcept {
  simd::run_best<Unnarrow>(&codes, count, values);
}

}  // namespace sarsen::storage
