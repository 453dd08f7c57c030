#include "bench/micro/kernel_bench.h"
#include "engine/kernels/extreme.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

template <class Value>
bool add_all() {
  add_kernel_benchmark<Value>(
      "min", [](const Value* values, std::size_t rows) { benchmark::DoNotOptimize(kernels::min(values, rows)); });
  add_kernel_benchmark<Value>(
      "max", [](const Value* values, std::size_t rows) { benchmark::DoNotOptimize(kernels::max(values, rows)); });
  return add_kernel_benchmark<Value>("masked_min/50", [mask = random_mask(50)](const Value* values, std::size_t rows) {
    benchmark::DoNotOptimize(kernels::min_masked(values, mask.data(), rows / 64 * 64));
  });
}

const bool added = add_all<double>() && add_all<std::int64_t>() && add_all<float>();

}  // namespace
}  // namespace sarsen::bench
