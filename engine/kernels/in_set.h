#pragma once
// Membership of dictionary ids in a set of ids: how a filter on strings, once it has been asked of the dictionary, is
// asked of the rows.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// Sets the mask of rows whose id is in `set`: bit id % 64 of word id / 64. REQUIRES: every id lies inside the set's
/// words.
void in_set(const std::uint32_t* ids, std::size_t count, const std::uint64_t* set, std::uint64_t* mask) noexcept;

/// The same with a set of ids below 32. REQUIRES: every id is below 32.
void in_small_set(const std::uint32_t* ids, std::size_t count, std::uint32_t set, std::uint64_t* mask) noexcept;

}  // namespace sarsen::engine::kernels
