#include "bench/micro/kernel_bench.h"
#include "engine/kernels/kernels.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

constexpr std::size_t kTogether = 256;  // what a sketch with k = 128 sorts

const bool added = add_kernel_benchmark<double>("sort_doubles", [](const double* values, std::size_t count) {
  double sorted[engine::kVectorRows];
  std::copy_n(values, count, sorted);
  for (std::size_t begin = 0; begin + kTogether <= count; begin += kTogether)
    benchmark::DoNotOptimize(kernels::sort_doubles(sorted + begin, kTogether));
  benchmark::DoNotOptimize(sorted);
});

}  // namespace
}  // namespace sarsen::bench
