#pragma once
// The loops that decide the speed: what the engine calls. Plain pointers and counts; nothing here can fail, allocate or lock.
// Each is chosen once per process for the best instruction set of the machine (storage/simd/arch.h) and gives the same bits on every
// one. `mask` means (count + 63) / 64 words, bit i % 64 of word i / 64 for row i, bits past `count` zero on input and output.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

// --- sums. Longs wrap. Doubles and floats fold in eight lanes in a fixed order: the answer does not depend on the machine.
// `sum` takes all rows, `sum_masked` those set in the mask, `sum_at` those listed (ascending or not; repeats count twice).
std::uint64_t sum(const std::int64_t* values, std::size_t count) noexcept;
std::uint64_t sum_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
std::uint64_t sum_at(const std::int64_t* values, const std::uint32_t* positions, std::size_t count) noexcept;
double sum(const double* values, std::size_t count) noexcept;
double sum_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;
double sum_at(const double* values, const std::uint32_t* positions, std::size_t count) noexcept;
float sum(const float* values, std::size_t count) noexcept;  // in float precision, as Druid's floatSum
float sum_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept;
float sum_at(const float* values, const std::uint32_t* positions, std::size_t count) noexcept;

// --- extremes as Java's Math.min and Math.max: NaN wins, -0.0 < 0.0. REQUIRES: at least one row is taken.
std::int64_t min(const std::int64_t* values, std::size_t count) noexcept;
std::int64_t max(const std::int64_t* values, std::size_t count) noexcept;
double min(const double* values, std::size_t count) noexcept;
double max(const double* values, std::size_t count) noexcept;
float min(const float* values, std::size_t count) noexcept;
float max(const float* values, std::size_t count) noexcept;
std::int64_t min_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
std::int64_t max_masked(const std::int64_t* values, const std::uint64_t* mask, std::size_t count) noexcept;
double min_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;
double max_masked(const double* values, const std::uint64_t* mask, std::size_t count) noexcept;
float min_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept;
float max_masked(const float* values, const std::uint64_t* mask, std::size_t count) noexcept;

// --- compare: sets the mask of rows with low <= value <= high (both ends inclusive; an empty range gives an empty mask).
void in_range(const std::int64_t* values, std::size_t count, std::int64_t low, std::int64_t high, std::uint64_t* mask) noexcept;
void in_range(const std::uint32_t* values, std::size_t count, std::uint32_t low, std::uint32_t high, std::uint64_t* mask) noexcept;
/// In the order of Java's Double.compare: -0.0 < 0.0, NaN equals NaN and is greater than everything.
void in_range(const double* values, std::size_t count, double low, double high, std::uint64_t* mask) noexcept;
void in_range(const float* values, std::size_t count, float low, float high, std::uint64_t* mask) noexcept;
/// Sets the mask of rows whose id is in `set` (bit words over ids).
void in_set(const std::uint32_t* ids, std::size_t count, const std::uint64_t* set, std::uint64_t* mask) noexcept;

// --- masks
void mask_and(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept;
void mask_or(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept;
void mask_and_not(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept;  // into & ~other
std::uint64_t mask_count(const std::uint64_t* mask, std::size_t words) noexcept;
/// Writes the set positions in ascending order and returns their number. `positions` has room for `count` rounded up to 64.
std::size_t mask_to_positions(const std::uint64_t* mask, std::size_t count, std::uint32_t* positions) noexcept;

// --- widening of dictionary ids, stored in 1 to 4 bytes each, low byte first. Never reads past count * width bytes.
void widen_ids(const std::byte* packed, std::uint32_t width, std::size_t count, std::uint32_t* ids) noexcept;

}  // namespace sarsen::engine::kernels
