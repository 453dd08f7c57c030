#include "bench/micro/kernel_bench.h"
#include "engine/kernels/compare.h"
#include "engine/kernels/in_set.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

using Mask = std::vector<std::uint64_t>;

template <class Value>
bool add_range() {
  return add_kernel_benchmark<Value>(
      "pred_range", [mask = Mask(engine::kVectorWords)](const Value* values, std::size_t rows) mutable {
        kernels::in_range(values, rows, Value(250), Value(749), mask.data());
        benchmark::DoNotOptimize(mask.data());
        benchmark::ClobberMemory();
      });
}

bool add_set() {
  Mask set(16);
  for (std::size_t i = 0; i < set.size(); ++i) set[i] = 0x123456789abcdef0U * (i + 1);
  return add_kernel_benchmark<std::uint32_t>(
      "pred_in_table", [set, mask = Mask(engine::kVectorWords)](const std::uint32_t* ids, std::size_t rows) mutable {
        kernels::in_set(ids, rows, set.data(), mask.data());
        benchmark::DoNotOptimize(mask.data());
        benchmark::ClobberMemory();
      });
}

const bool added =
    add_range<std::uint32_t>() && add_set() && add_range<std::int64_t>() && add_range<double>() && add_range<float>();

}  // namespace
}  // namespace sarsen::bench
