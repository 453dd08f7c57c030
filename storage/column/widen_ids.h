#pragma once
// Dictionary ids as they lie in a block, 1 to 4 bytes each, to the 32 bits that everything else
// works on: kernels, with the rules of engine/kernels/README.md.

#include <cstddef>
#include <cstdint>

namespace sarsen::storage {

/// Low byte first. REQUIRES: 1 <= width <= 4. Never reads past count * width bytes.
void widen_ids(const std::byte* packed, std::uint32_t width, std::size_t count, std::uint32_t* ids) noexcept;

/// The same, high byte first.
void widen_big_endian_ids(const std::byte* packed, std::uint32_t width, std::size_t count, std::uint32_t* ids) noexcept;

/// 0 where there is none.
std::uint32_t greatest_id(const std::uint32_t* ids, std::size_t count) noexcept;

}  // namespace sarsen::storage
