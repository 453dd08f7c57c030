#pragma once
// Sorting, for sketches that sort small arrays all the time. The order is that of Java's Double.compare, which tells
// -0.0 from 0.0.

#include <cstddef>

namespace sarsen::engine::kernels {

/// What the functions below sort is no smaller.
inline constexpr std::size_t kSortedTogetherMin = 128;

/// False, with nothing done, where the machine has no registers for it: its scalars are as fast. REQUIRES: `count` is a
/// power of two, kSortedTogetherMin or more; its time grows faster than that of other ways, which win from some ten
/// thousand values on.
bool sort_doubles(double* values, std::size_t count) noexcept;

/// The same where each half of `values` is sorted already.
bool merge_sorted_halves(double* values, std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
