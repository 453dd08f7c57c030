#pragma once
// The functors behind narrow_extreme.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/narrow/narrow_form.h"
#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct LeastCode {
  template <class Arch>
  std::uint32_t operator()(Arch, const storage::NarrowCodes* codes, const std::uint64_t* mask,
                           std::size_t count) const noexcept;
};

struct GreatestCode {
  template <class Arch>
  std::uint32_t operator()(Arch, const storage::NarrowCodes* codes, const std::uint64_t* mask,
                           std::size_t count) const noexcept;
};

}  // namespace sarsen::engine::kernels
