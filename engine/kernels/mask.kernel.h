#pragma once
// The functors behind mask.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

struct MaskAnd {
  template <class Arch>
  void operator()(Arch, std::uint64_t* into, const std::uint64_t* other, std::size_t words) const noexcept;
};

struct MaskOr {
  template <class Arch>
  void operator()(Arch, std::uint64_t* into, const std::uint64_t* other, std::size_t words) const noexcept;
};

struct MaskAndNot {
  template <class Arch>
  void operator()(Arch, std::uint64_t* into, const std::uint64_t* other, std::size_t words) const noexcept;
};

struct MaskCount {
  template <class Arch>
  std::uint64_t operator()(Arch, const std::uint64_t* mask, std::size_t words) const noexcept;
};

struct MaskToPositions {
  template <class Arch>
  std::size_t operator()(Arch, const std::uint64_t* mask, std::size_t count, std::uint32_t* positions) const noexcept;
};

}  // namespace sarsen::engine::kernels
