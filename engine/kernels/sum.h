#pragma once
// Sums. Longs wrap as Java's. Doubles and floats fold in a fixed number of lanes, one cache line of them (8 doubles, 16
// floats): the i-th row taken in goes to lane i % lanes, and the lanes are added in ascending order at the end, so that
// the answer does not depend on the machine. In `sum_masked` the lane is that of the row, so a full mask gives what
// `sum` gives; rows outside the mask contribute nothing, whatever they hold. A sum that is no number is the one quiet
// NaN.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// All rows.
std::uint64_t sum(const std::int64_t* values, std::size_t count) noexcept;
double sum(const double* values, std::size_t count) noexcept;
float sum(const float* values, std::size_t count) noexcept;  // in float precision, as Druid's floatSum

/// The rows that are set in the mask.
std::uint64_t sum_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
double sum_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;
float sum_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept;

/// The `count` rows that are listed, ascending or not; repeats count twice.
std::uint64_t sum_at(const std::int64_t* values, const std::uint32_t* positions, std::size_t count) noexcept;
double sum_at(const double* values, const std::uint32_t* positions, std::size_t count) noexcept;
float sum_at(const float* values, const std::uint32_t* positions, std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
