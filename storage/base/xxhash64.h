#pragma once
// XXH64, by which Druid orders objects and arrays in a dimension of any shape. A function of its arguments only.

#include <cstddef>
#include <cstdint>
#include <span>

namespace sarsen {

std::uint64_t xxhash64(std::span<const std::byte> bytes, std::uint64_t seed) noexcept;

}  // namespace sarsen
