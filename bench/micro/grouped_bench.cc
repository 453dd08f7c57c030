#include "bench/micro/kernel_bench.h"
#include "engine/kernels/grouped.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

constexpr std::size_t kRows = 1 << 16;

/// One double sum per group, states side by side; the rows stay in the cache, the states lie where their number puts
/// them.
void group_array(benchmark::State& state) {
  const auto group_count = static_cast<std::uint32_t>(state.range(0));
  const auto& values = random_column<double>(kRows);
  const auto& groups = random_column<std::uint32_t>(kRows, group_count);
  std::vector<double> states(group_count);
  auto* begin = reinterpret_cast<std::byte*>(states.data());
  time_vectors(state, kRows, 12, false, [&](std::size_t row, std::size_t count) {
    kernels::add_grouped<double>(values.data() + row, nullptr, groups.data() + row, count, begin, sizeof(double), 0);
    benchmark::ClobberMemory();
  });
}
BENCHMARK(group_array)->Arg(7)->Arg(2526)->Arg(65536)->Arg(200000)->Arg(1000000);

/// The same of codes of a byte, packed into words.
void group_codes(benchmark::State& state) {
  const auto group_count = static_cast<std::uint32_t>(state.range(0));
  const auto& codes = random_column<std::uint8_t>(kRows, 50);
  const auto& groups = random_column<std::uint32_t>(kRows, group_count);
  std::vector<std::uint32_t> words(group_count);
  time_vectors(state, kRows, 5, false, [&](std::size_t row, std::size_t count) {
    kernels::add_codes_grouped(codes.data() + row, std::uint32_t{1}, nullptr, nullptr, groups.data() + row, count,
                               words.data());
    benchmark::ClobberMemory();
  });
}
BENCHMARK(group_codes)->Arg(7)->Arg(2526)->Arg(65536)->Arg(200000)->Arg(1000000);

void group_min(benchmark::State& state) {
  const auto group_count = static_cast<std::uint32_t>(state.range(0));
  const auto& values = random_column<double>(kRows);
  const auto& groups = random_column<std::uint32_t>(kRows, group_count);
  std::vector<double> states(group_count, 1e9);
  auto* begin = reinterpret_cast<std::byte*>(states.data());
  time_vectors(state, kRows, 12, false, [&](std::size_t row, std::size_t count) {
    kernels::min_grouped(values.data() + row, nullptr, nullptr, groups.data() + row, count, begin, sizeof(double), 0);
    benchmark::ClobberMemory();
  });
}
BENCHMARK(group_min)->Arg(7)->Arg(2526)->Arg(65536);

}  // namespace
}  // namespace sarsen::bench
