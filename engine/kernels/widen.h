#pragma once
// Dictionary ids as they lie in a block, 1 to 4 bytes each and low byte first, to the 32 bits that everything else
// works on.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// REQUIRES: 1 <= width <= 4. Never reads past count * width bytes.
void widen_ids(const std::byte* packed, std::uint32_t width, std::size_t count, std::uint32_t* ids) noexcept;

}  // namespace sarsen::engine::kernels
