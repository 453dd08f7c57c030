#include "engine/query/scan_shortcuts.h"

namespace sarsen::engine {

/// Parts of one segment follow each other.
ScanShortcuts best_of_segments(const BestWanted& best, const AggregatorSet& aggregators,
                               const std::vector<SourcePart>& parts) {
  ScanShortcuts shortcuts;
  if (best.aggregator < aggregators.size()) shortcuts.best = best;
  shortcuts.is_best_of_part = [&parts](std::size_t part) {
    const std::size_t served = parts[part].served;
    const bool begins = part == 0 || parts[part - 1].served != served;
    return begins && (part + 1 == parts.size() || parts[part + 1].served != served);
  };
  return shortcuts;
}

}  // namespace sarsen::engine
