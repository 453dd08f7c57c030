#pragma once
// How fast this machine reads memory, measured in the process that measures something else: the ceiling that a scan is
// held against. A ceiling from another run, or another machine, says nothing.

#include <cstddef>
#include <cstdint>
#include <span>

namespace sarsen::engine {

/// Seconds that the calling thread has run. A busy machine takes the processor away, but not from this clock.
double thread_seconds();

/// Goes through all words as fast as one thread can, and returns their sum so that the reads cannot be left out.
std::uint64_t read_all(std::span<const std::uint64_t> words) noexcept;

/// Bytes a second that one thread reads from `bytes` of memory: the best of several passes, by thread_seconds().
/// REQUIRES: far more bytes than the last-level cache, where memory is meant.
double measure_read_bandwidth(std::size_t bytes);

/// The same for so many threads at once, each with a part of `bytes`, by the clock on the wall.
double measure_read_bandwidth(std::size_t bytes, std::size_t threads);

}  // namespace sarsen::engine
