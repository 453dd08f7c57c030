#include "bench/micro/kernel_bench.h"
#include "engine/kernels/sum.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

template <class Value>
bool add_all() {
  add_kernel_benchmark<Value>(
      "sum", [](const Value* values, std::size_t rows) { benchmark::DoNotOptimize(kernels::sum(values, rows)); });
  add_kernel_benchmark<Value>("masked_sum/50", [mask = random_mask(50)](const Value* values, std::size_t rows) {
    benchmark::DoNotOptimize(kernels::sum_masked(values, mask.data(), rows / 64 * 64));
  });
  std::vector<std::uint32_t> positions;
  const auto mask = random_mask(50);
  for (std::uint32_t i = 0; i < engine::kVectorRows; ++i)
    if ((mask[i / 64] >> i % 64 & 1) != 0) positions.push_back(i);
  return add_kernel_benchmark<Value>("sel_sum/50", [positions](const Value* values, std::size_t rows) {
    if (rows == engine::kVectorRows)
      benchmark::DoNotOptimize(kernels::sum_at(values, positions.data(), positions.size()));
  });
}

const bool added = add_all<double>() && add_all<std::int64_t>();

}  // namespace
}  // namespace sarsen::bench
