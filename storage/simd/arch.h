#pragma once
// The instruction sets that kernels are built for, best first; the baseline comes last and needs no flag. tools/cmake/Kernels.cmake
// must list the same. The only header that includes xsimd.

#include <xsimd/xsimd.hpp>

namespace sarsen::simd {

#if defined(__x86_64__)
using Archs = xsimd::arch_list<xsimd::avx512bw, xsimd::fma3<xsimd::avx2>, xsimd::sse2>;
#elif defined(__aarch64__)
using Archs = xsimd::arch_list<xsimd::neon64>;
#endif

/// Whether this machine runs code for `arch`; the available() of xsimd's tags says only that it could be compiled.
template <class Arch>
bool runs_here(Arch arch) noexcept {
  return xsimd::available_architectures().has(arch);
}

}  // namespace sarsen::simd
