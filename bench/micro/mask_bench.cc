#include "bench/micro/kernel_bench.h"
#include "engine/kernels/mask.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

/// One vector's mask, over and over: rows/s is what counts here.
void mask_to_positions(benchmark::State& state) {
  const auto mask = random_mask(static_cast<unsigned>(state.range(0)));
  std::vector<std::uint32_t> positions(engine::kVectorRows);
  for (auto _ : state) {
    benchmark::DoNotOptimize(kernels::mask_to_positions(mask.data(), engine::kVectorRows, positions.data()));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * engine::kVectorRows);
}
BENCHMARK(mask_to_positions)->Name("mask_to_sel")->Arg(0)->Arg(1)->Arg(10)->Arg(50)->Arg(100);

void mask_and(benchmark::State& state) {
  auto into = random_mask(100);
  const auto other = random_mask(50);
  for (auto _ : state) {
    kernels::mask_and(into.data(), other.data(), into.size());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * engine::kVectorRows);
}
BENCHMARK(mask_and);

void mask_count(benchmark::State& state) {
  const auto mask = random_mask(50);
  for (auto _ : state) benchmark::DoNotOptimize(kernels::mask_count(mask.data(), mask.size()));
  state.SetItemsProcessed(state.iterations() * engine::kVectorRows);
}
BENCHMARK(mask_count);

}  // namespace
}  // namespace sarsen::bench
