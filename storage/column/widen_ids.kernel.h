#pragma once
// The functor behind widen.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::storage {

struct WidenIds {
  template <class Arch>
  void operator()(Arch, const std::byte* packed, std::uint32_t width, std::size_t count,
                  std::uint32_t* ids) const noexcept;
};

struct TurnIds {
  template <class Arch>
  void operator()(Arch, std::uint32_t* ids, std::uint32_t width, std::size_t count) const noexcept;
};

struct GreatestId {
  template <class Arch>
  std::uint32_t operator()(Arch, const std::uint32_t* ids, std::size_t count) const noexcept;
};

}  // namespace sarsen::storage
