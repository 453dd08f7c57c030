#pragma once
// Extremes as Java's Math.min and Math.max: NaN wins, -0.0 < 0.0. An extreme that is no number is the one quiet NaN.
// REQUIRES: at least one row is taken.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// All rows.
std::int64_t min(const std::int64_t* values, std::size_t count) noexcept;
std::int64_t max(const std::int64_t* values, std::size_t count) noexcept;
double min(const double* values, std::size_t count) noexcept;
double max(const double* values, std::size_t count) noexcept;
float min(const float* values, std::size_t count) noexcept;
float max(const float* values, std::size_t count) noexcept;

/// The rows that are set in the mask.
std::int64_t min_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
std::int64_t max_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
double min_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;
double max_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;
float min_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept;
float max_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
