#pragma once
// Queries read several columns in turn, a vector of each at a time: each piece is too short for the machine to foresee
// the next one. So kernels over columns ask for what follows their piece while they work on it, a cache line for each
// that they read. For kernel files only.

#include "storage/simd/arch.h"

namespace sarsen::simd {
namespace {

/// `address` may be anything.
XSIMD_INLINE void prefetch(const void* address) noexcept { __builtin_prefetch(address, 0, 3); }

}  // namespace
}  // namespace sarsen::simd
