#pragma once
// What a queue of limited room keeps of ranked groups that come one after the other, as Druid's does for a topN: one
// that comes when it is full must be better than the worst by its rank, and of those that are equally bad the smallest
// value then goes. Which ones these are is known without a queue: all that are better than the rank at which the room
// ends; of those with that rank the ones that came while there was room, and of these the greatest values.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/group/best_ranks.h"

namespace sarsen::engine {

struct RankedGroup {
  double rank;  // the greater the better; no NaN
  std::uint32_t group;
};

namespace rank_queue {

/// Leaves those that are kept, in the order in which they came but for those of the last rank, which are behind.
/// REQUIRES: 0 < room < groups.size().
template <class Smaller>
void select(std::vector<RankedGroup>& groups, std::size_t room, Smaller smaller) {
  BestRanks best(room);
  for (const RankedGroup& one : groups) best.add(one.rank);
  const double last = best.worst();
  std::vector<RankedGroup> equal;  // of the last rank, while there was room
  std::size_t better = 0;
  for (const RankedGroup one : groups) {
    if (one.rank > last) {
      groups[better++] = one;
    } else if (one.rank == last && better + equal.size() < room) {
      equal.push_back(one);
    }
  }
  groups.resize(better);
  const auto gone = equal.begin() + static_cast<std::ptrdiff_t>(better + equal.size() - room);
  std::nth_element(equal.begin(), gone, equal.end(),
                   [&](const RankedGroup& left, const RankedGroup& right) { return smaller(left.group, right.group); });
  groups.insert(groups.end(), gone, equal.end());
}

/// Most of what comes may be in order already: only the rest is sorted.
template <class Before>
void sort_rest(std::vector<RankedGroup>& groups, Before before) {
  std::vector<RankedGroup> rest;
  std::size_t in_order = 0;
  for (const RankedGroup one : groups) {
    if (in_order == 0 || before(groups[in_order - 1], one)) {
      groups[in_order++] = one;
    } else {
      rest.push_back(one);
    }
  }
  groups.resize(in_order);
  std::sort(rest.begin(), rest.end(), before);
  groups.insert(groups.end(), rest.begin(), rest.end());
  std::inplace_merge(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(in_order), groups.end(), before);
}

}  // namespace rank_queue

/// The groups that are kept, best first, of equal ones the smallest value first. smaller(group, group) compares their
/// values, no two of which are the same. REQUIRES: room > 0.
template <class Smaller>
std::vector<RankedGroup> keep_best(std::vector<RankedGroup> groups, std::size_t room, Smaller smaller) {
  if (groups.size() > room) rank_queue::select(groups, room, smaller);
  rank_queue::sort_rest(groups, [&](const RankedGroup& left, const RankedGroup& right) {
    if (left.rank != right.rank) return left.rank > right.rank;
    return smaller(left.group, right.group);
  });
  return groups;
}

}  // namespace sarsen::engine
