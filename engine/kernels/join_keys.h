#pragma once
// Ids of two dimensions to one key.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// joined[i] = keys[i] * radix + ids[i]; `joined` may be `keys`. What leaves 32 bits is lost.
void join_keys(const std::uint32_t* keys, std::uint32_t radix, const std::uint32_t* ids, std::size_t count,
               std::uint32_t* joined) noexcept;

}  // namespace sarsen::engine::kernels
