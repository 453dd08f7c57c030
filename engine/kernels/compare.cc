#include "engine/kernels/compare.h"

#include "engine/kernels/compare.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

void in_range(const std::int64_t* values, std::size_t count, std::int64_t low, std::int64_t high,
              std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}
void in_range(const std::uint32_t* values, std::size_t count, std::uint32_t low, std::uint32_t high,
              std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}
void in_range(const double* values, std::size_t count, double low, double high, std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}
void in_range(const float* values, std::size_t count, float low, float high, std::uint64_t* mask) noexcept {
  run_best<InRange>(values, count, low, high, mask);
}

}  // namespace sarsen::engine::kernels
