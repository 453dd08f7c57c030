#pragma once
// Several masks over the same rows.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

inline constexpr std::size_t kMasksMax = 32;

struct MaskList {
  const std::uint64_t* masks;
  std::size_t stride;  // words from one mask to the next
  std::size_t count;   // of masks, at most kMasksMax
};

}  // namespace sarsen::engine::kernels
