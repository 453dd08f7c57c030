#include "bench/micro/bandwidth.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "engine/exec/memory_bandwidth.h"

namespace sarsen::bench {
namespace {

void read_memory(benchmark::State& state) {
  const std::vector<std::uint64_t> words(ram_bytes() / sizeof(std::uint64_t), 1);
  const double bandwidth = read_bandwidth();
  const double begin = thread_seconds();
  for (auto _ : state) benchmark::DoNotOptimize(engine::read_all(words));
  const double bytes = static_cast<double>(state.iterations()) * static_cast<double>(ram_bytes());
  state.counters["share"] = bytes / (thread_seconds() - begin) / bandwidth;
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(read_memory)->Name("read_bandwidth/1");

}  // namespace

std::size_t ram_bytes() {
  const char* text = std::getenv("SARSEN_BENCH_RAM_BYTES");
  const std::size_t bytes = text == nullptr ? std::size_t{512} << 20 : std::strtoull(text, nullptr, 10);
  return std::max(bytes, std::size_t{64} << 10);
}

double read_bandwidth() {
  static const double bytes_per_second = engine::measure_read_bandwidth(ram_bytes());
  return bytes_per_second;
}

}  // namespace sarsen::bench
