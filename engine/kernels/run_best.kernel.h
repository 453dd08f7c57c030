#pragma once
// The choice of the instruction set, for the *.cc beside each kernel.

#include "storage/simd/run_best.kernel.h"

namespace sarsen::engine::kernels {

using simd::run_best;

}  // namespace sarsen::engine::kernels
