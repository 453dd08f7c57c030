#include "engine/kernels/sum.h"

#include "engine/kernels/run_best.kernel.h"
#include "engine/kernels/sum.kernel.h"

namespace sarsen::engine::kernels {

std::uint64_t sum(const std::int64_t* values, std::size_t count) noexcept { return run_best<Sum>(values, count); }
double sum(const double* values, std::size_t count) noexcept { return run_best<Sum>(values, count); }

std::uint64_t sum_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<SumMasked>(values, mask, count);
}
double sum_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<SumMasked>(values, mask, count);
}

std::uint64_t sum_at(const std::int64_t* values, const std::uint32_t* positions, std::size_t count) noexcept {
  return run_best<SumAt>(values, positions, count);
}
double sum_at(const double* values, const std::uint32_t* positions, std::size_t count) noexcept {
  return run_best<SumAt>(values, positions, count);
}

}  // namespace sarsen::engine::kernels
