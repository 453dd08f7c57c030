#pragma once
// Hashes of many longs, for sketches.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// Of MurmurHash3 x64 128 of the eight bytes of values[i], little-endian (engine/sketch/murmur3.h): low[i] is its low
/// half, and zeros[i] says with how many zeros its high half begins.
void hash_longs(const std::int64_t* values, std::size_t count, std::uint64_t seed, std::uint64_t* low,
                std::uint32_t* zeros) noexcept;

}  // namespace sarsen::engine::kernels
