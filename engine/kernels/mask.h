#pragma once
// Masks: one bit per row, combined a word at a time.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

void mask_and(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept;
void mask_or(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept;
void mask_and_not(std::uint64_t* into, const std::uint64_t* other, std::size_t words) noexcept;  // into & ~other
std::uint64_t mask_count(const std::uint64_t* mask, std::size_t words) noexcept;

/// Writes the set positions in ascending order and returns their number. `positions` has room for `count` rounded up
/// to 64.
std::size_t mask_to_positions(const std::uint64_t* mask, std::size_t count, std::uint32_t* positions) noexcept;

}  // namespace sarsen::engine::kernels
