#pragma once
// Comparisons with constants: sets the mask of rows with low <= value <= high, both ends inclusive. An empty range
// gives an empty mask. Equality is the range of one value; an open end is the type's extreme (for doubles, -infinity
// and NaN).

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

void in_range(const std::int64_t* values, std::size_t count, std::int64_t low, std::int64_t high,
              std::uint64_t* mask) noexcept;
void in_range(const std::uint32_t* values, std::size_t count, std::uint32_t low, std::uint32_t high,
              std::uint64_t* mask) noexcept;
/// In the order of Java's Double.compare: -0.0 < 0.0, NaN equals NaN and is greater than everything.
void in_range(const double* values, std::size_t count, double low, double high, std::uint64_t* mask) noexcept;
void in_range(const float* values, std::size_t count, float low, float high, std::uint64_t* mask) noexcept;

/// Codes of a narrow form (storage/narrow/narrow_form.h) of 1, 2 or 4 bytes.
void codes_in_range(const std::byte* codes, std::uint32_t width, std::size_t count, std::uint32_t low,
                    std::uint32_t high, std::uint64_t* mask) noexcept;

}  // namespace sarsen::engine::kernels
