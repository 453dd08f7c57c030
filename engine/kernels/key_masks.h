#pragma once
// The rows of each of a few keys, as masks.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// For each bit that is set in `wanted`, ascending: the mask of the rows with that key that `selected` has (nullptr:
/// all) to masks, masks + stride, …, and their number to counts. REQUIRES: all keys are below 32.
void key_masks(const std::uint32_t* keys, std::size_t count, std::uint32_t wanted, const std::uint64_t* selected,
               std::uint64_t* masks, std::size_t stride, std::uint32_t* counts) noexcept;

}  // namespace sarsen::engine::kernels
