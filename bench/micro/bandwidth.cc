#include "bench/micro/bandwidth.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace sarsen::bench {
namespace {

/// Four sums, so that no addition waits for the one before it.
std::uint64_t read_all(const std::vector<std::uint64_t>& words) {
  std::uint64_t sums[4] = {};
  for (std::size_t i = 0; i + 8 <= words.size(); i += 8)
    for (std::size_t j = 0; j < 4; ++j) sums[j] += words[i + j] + words[i + j + 4];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

double measure() {
  const std::vector<std::uint64_t> words(ram_bytes() / sizeof(std::uint64_t), 1);
  double best = 0;
  for (int pass = 0; pass < 7; ++pass) {
    const auto begin = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(read_all(words));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    best = std::max(best, static_cast<double>(ram_bytes()) / seconds.count());
  }
  return best;
}

void read_memory(benchmark::State& state) {
  const std::vector<std::uint64_t> words(ram_bytes() / sizeof(std::uint64_t), 1);
  for (auto _ : state) benchmark::DoNotOptimize(read_all(words));
  const double bytes = static_cast<double>(state.iterations()) * static_cast<double>(ram_bytes());
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["share"] = benchmark::Counter(bytes / read_bandwidth(), benchmark::Counter::kIsRate);
}
BENCHMARK(read_memory)->Name("read_bandwidth/1");

}  // namespace

std::size_t ram_bytes() {
  const char* text = std::getenv("SARSEN_BENCH_RAM_BYTES");
  const std::size_t bytes = text == nullptr ? std::size_t{512} << 20 : std::strtoull(text, nullptr, 10);
  return std::max(bytes, std::size_t{64} << 10);
}

double read_bandwidth() {
  static const double bytes_per_second = measure();
  return bytes_per_second;
}

}  // namespace sarsen::bench
