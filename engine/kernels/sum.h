#pragma once
// Sums. Longs wrap as Java's. Doubles fold in a fixed number of lanes, one cache line of 8: the i-th row taken in goes
// to lane i % 8, and the lanes are added in ascending order at the end, so that the answer does not depend on the
// machine. In `sum_masked` the lane is that of the row, so a full mask gives what `sum` gives; rows outside the mask
// contribute nothing, whatever they hold. A sum that is no number is the one quiet NaN. Sums in the precision of floats
// have an order of their own (engine/aggregator/float_sums.h).

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// All rows.
std::uint64_t sum(const std::int64_t* values, std::size_t count) noexcept;
double sum(const double* values, std::size_t count) noexcept;

/// The rows that are set in the mask.
std::uint64_t sum_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
double sum_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;

/// The `count` rows that are listed, ascending or not; repeats count twice.
std::uint64_t sum_at(const std::int64_t* values, const std::uint32_t* positions, std::size_t count) noexcept;
double sum_at(const double* values, const std::uint32_t* positions, std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
