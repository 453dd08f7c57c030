#include "storage/column/widen_ids.h"

#include "storage/column/widen_ids.kernel.h"
#include "storage/simd/run_best.kernel.h"

namespace sarsen::storage {

void widen_ids(const std::byte* packed, std::uint32_t width, std::size_t count, std::uint32_t* ids) noexcept {
  simd::run_best<WidenIds>(packed, width, count, ids);
}

void widen_big_endian_ids(const std::byte* packed, std::uint32_t width, std::size_t count,
                          std::uint32_t* ids) noexcept {
  widen_ids(packed, width, count, ids);
  if (width > 1) simd::run_best<TurnIds>(ids, width, count);
}

std::uint32_t greatest_id(const std::uint32_t* ids, std::size_t count) noexcept {
  return simd::run_best<GreatestId>(ids, count);
}

}  // namespace sarsen::storage
