#pragma once
// What a query can do with less than all groups of each part, so that not all are made. Nothing is left out of what
// goes into the cache of segments.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "engine/group/best_wanted.h"
#include "engine/group/merged_groups.h"

namespace sarsen::engine {

struct ScanShortcuts {
  std::optional<BestWanted> best;
  /// Whether `best` is meant of the groups of this part alone.
  std::function<bool(std::size_t)> is_best_of_part;

  /// Takes groups that the rows of all parts were folded into, one or several such, in place of all visits; nullptr:
  /// parts are to be visited.
  std::function<void(std::unique_ptr<MergedGroups>)> take_merged;
  std::uint64_t merged_bytes_max = UINT64_MAX;  // where one takes more, what would be added to it may be missing
};

}  // namespace sarsen::engine
