#pragma once
// How fast this machine reads memory, measured once in the process that measures the kernels.

#include <cstddef>

#include "engine/exec/memory_bandwidth.h"

namespace sarsen::bench {

/// Bytes of an input that lies in memory: $SARSEN_BENCH_RAM_BYTES, or 512 MiB, far beyond any last-level cache. Small
/// values are for trying whether the benchmarks run at all.
std::size_t ram_bytes();

using engine::thread_seconds;

/// Bytes a second that one thread reads from `ram_bytes()` of memory: the best of several passes, measured at the first
/// call.
double read_bandwidth();

}  // namespace sarsen::bench
