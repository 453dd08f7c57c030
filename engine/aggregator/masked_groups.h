#pragma once
// The rows of one vector by group, where groups are few: a mask for each.

#include <cstdint>

#include "engine/kernels/mask_list.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {

/// Of no more groups.
inline constexpr std::uint32_t kMaskedGroupsMax = kernels::kMasksMax;

struct MaskedGroups {
  std::uint32_t size = 0;                 // rows of the vector
  std::uint32_t count = 0;                // groups, each of which has selected rows
  const std::uint32_t* groups = nullptr;  // which ones
  const std::uint64_t* masks = nullptr;   // kVectorWords for each
  const std::uint32_t* rows = nullptr;    // how many it has

  kernels::MaskList list() const noexcept { return {masks, kVectorWords, count}; }
  const std::uint64_t* mask(std::uint32_t i) const noexcept { return masks + std::size_t{i} * kVectorWords; }
  Selection selection(std::uint32_t i) const noexcept {
    return {.size = size, .count = rows[i], .mask = rows[i] == size ? nullptr : mask(i)};
  }
};

}  // namespace sarsen::engine
