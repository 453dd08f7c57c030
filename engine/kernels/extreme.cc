#include "engine/kernels/extreme.h"

#include "engine/kernels/extreme.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {

std::int64_t min(const std::int64_t* values, std::size_t count) noexcept { return run_best<Min>(values, count); }
double min(const double* values, std::size_t count) noexcept { return run_best<Min>(values, count); }
float min(const float* values, std::size_t count) noexcept { return run_best<Min>(values, count); }
std::int64_t max(const std::int64_t* values, std::size_t count) noexcept { return run_best<Max>(values, count); }
double max(const double* values, std::size_t count) noexcept { return run_best<Max>(values, count); }
float max(const float* values, std::size_t count) noexcept { return run_best<Max>(values, count); }

std::int64_t min_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<MinMasked>(values, mask, count);
}
double min_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<MinMasked>(values, mask, count);
}
float min_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<MinMasked>(values, mask, count);
}
std::int64_t max_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<MaxMasked>(values, mask, count);
}
double max_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<MaxMasked>(values, mask, count);
}
float max_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept {
  return run_best<MaxMasked>(values, mask, count);
}

}  // namespace sarsen::engine::kernels
