#include "bench/micro/bandwidth.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
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
    const double begin = thread_seconds();
    benchmark::DoNotOptimize(read_all(words));
    best = std::max(best, static_cast<double>(ram_bytes()) / (thread_seconds() - begin));
  }
  return best;
}

void read_memory(benchmark::State& state) {
  const std::vector<std::uint64_t> words(ram_bytes() / sizeof(std::uint64_t), 1);
  const double bandwidth = read_bandwidth();
  const double begin = thread_seconds();
  for (auto _ : state) benchmark::DoNotOptimize(read_all(words));
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

double thread_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double read_bandwidth() {
  static const double bytes_per_second = measure();
  return bytes_per_second;
}

}  // namespace sarsen::bench
