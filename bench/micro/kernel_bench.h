#pragma once
// How every kernel is measured: over a column that stays in the second-level cache and over one that comes from memory,
// a vector at a time, as the engine calls it. Reported are rows/s, bytes/s of the column and, from memory, the share of
// the bandwidth that this process measured.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "bench/micro/bandwidth.h"
#include "engine/vector/selection.h"

namespace sarsen::bench {

inline constexpr std::size_t kCacheBytes = 256 << 10;

/// Random numbers: small integers for longs, doubles and floats, so that sums stay finite and filters pass what they
/// say. The last column asked for is kept, as the next benchmark mostly asks for the same.
template <class Value>
const std::vector<Value>& random_column(std::size_t rows, std::uint32_t below = 1000) {
  struct Column {
    std::size_t rows = 0;
    std::uint32_t below = 0;
    std::vector<Value> values;
  };
  static Column column;
  if (column.rows != rows || column.below != below) {
    column = {};
    std::mt19937 random(1);
    column = {rows, below, std::vector<Value>(rows)};
    for (Value& value : column.values) value = static_cast<Value>(random() % below);
  }
  return column.values;
}

/// A mask of one vector in which about `percent` of the rows are set.
inline std::vector<std::uint64_t> random_mask(unsigned percent) {
  std::mt19937 random(2);
  std::vector<std::uint64_t> mask(engine::kVectorWords);
  for (std::uint32_t i = 0; i < engine::kVectorRows; ++i)
    if (random() % 100 < percent) mask[i / 64] |= std::uint64_t{1} << i % 64;
  return mask;
}

/// Times run(first row, rows) over all vectors of a column of so many rows.
template <class Run>
void time_vectors(benchmark::State& state, std::size_t rows, std::size_t bytes_per_row, bool from_memory, Run run) {
  const double bandwidth = from_memory ? read_bandwidth() : 0;
  const double begin = thread_seconds();
  for (auto _ : state)
    for (std::size_t row = 0; row < rows; row += engine::kVectorRows)
      run(row, std::min<std::size_t>(engine::kVectorRows, rows - row));
  const double seconds = thread_seconds() - begin;
  const double total_rows = static_cast<double>(state.iterations()) * static_cast<double>(rows);
  const double bytes = total_rows * static_cast<double>(bytes_per_row);
  state.SetItemsProcessed(static_cast<std::int64_t>(total_rows));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  if (from_memory) state.counters["share"] = bytes / seconds / bandwidth;
}

template <class Value>
std::string short_name() {
  const std::string letter = std::is_floating_point_v<Value> ? "f" : std::is_signed_v<Value> ? "i" : "u";
  return letter + std::to_string(8 * sizeof(Value));
}

/// Registers NAME/TYPE/l2 and NAME/TYPE/ram. `run(values, rows)` is the kernel on one vector.
template <class Value, class Run>
bool add_kernel_benchmark(const std::string& name, Run run) {
  for (const bool from_memory : {false, true}) {
    const std::string full_name = name + "/" + short_name<Value>() + (from_memory ? "/ram" : "/l2");
    benchmark::RegisterBenchmark(full_name.c_str(), [run, from_memory](benchmark::State& state) {
      Run kernel = run;
      const std::size_t rows = (from_memory ? ram_bytes() : kCacheBytes) / sizeof(Value);
      const Value* values = random_column<Value>(rows).data();
      time_vectors(state, rows, sizeof(Value), from_memory,
                   [&](std::size_t row, std::size_t count) { kernel(values + row, count); });
    });
  }
  return true;
}

}  // namespace sarsen::bench
