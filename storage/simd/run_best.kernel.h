#pragma once
// The choice of the instruction set, for the *.cc beside each kernel.

#include "storage/simd/arch.h"

namespace sarsen::simd {

/// Runs the kernel's form for the best instruction set of this machine, looked up once per kernel.
template <class Kernel, class... Arguments>
auto run_best(Arguments... arguments) noexcept {
  static auto best = xsimd::dispatch<Archs>(Kernel{});
  return best(arguments...);
}

}  // namespace sarsen::simd
