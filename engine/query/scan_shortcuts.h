#pragma once
// What a query can do with less than all groups of each part, so that not all are made. Nothing is left out of what
// goes into the cache of segments.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/data_source/data_source.h"
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

/// The best of each segment, where it is one part; all, where `aggregators` has no such aggregator. `parts` must
/// outlive it.
ScanShortcuts best_of_segments(const BestWanted& best, const AggregatorSet& aggregators,
                               const std::vector<SourcePart>& parts);

}  // namespace sarsen::engine
