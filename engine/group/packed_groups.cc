#include "engine/group/packed_groups.h"

#include <algorithm>
#include <array>

#include "engine/aggregator/ranked_packed_states.h"
#include "engine/exec/poll.h"
#include "engine/group/best_ranks.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kRankedTogether = 2048;

struct Candidate {
  std::uint32_t group;
  double rank;
};

}  // namespace

PackedGroups::PackedGroups(const AggregatorSet& aggregators, ColumnSources& columns, std::uint32_t rows) {
  for (std::size_t i = 0; i < aggregators.size(); ++i) {
    const auto* packs = dynamic_cast<const PacksStates*>(&aggregators.factory(i));
    std::unique_ptr<PackedStates> states = packs != nullptr ? packs->bind_packed(columns, rows) : nullptr;
    if (states == nullptr) {
      states_.clear();
      return;
    }
    states_.push_back(std::move(states));
  }
}

std::size_t PackedGroups::bytes() const noexcept {
  std::size_t bytes = 0;
  for (const auto& states : states_) bytes += states->bytes();
  return bytes;
}

void PackedGroups::grow_to(std::uint32_t groups) {
  for (const auto& states : states_) states->grow_to(groups);
}

bool PackedGroups::fold(std::uint32_t first, const std::uint32_t* groups, std::uint32_t begin,
                        const Selection& selection) {
  bool marks = false;
  for (const auto& states : states_) marks |= states->fold(first, groups, begin, selection);
  return marks;
}

void PackedGroups::mark_met(std::uint8_t* met) const noexcept {
  for (const auto& states : states_) states->mark_met(met);
}

void PackedGroups::absorb(const PackedGroups& next, std::uint32_t next_first, std::uint32_t first,
                          std::uint32_t count) noexcept {
  for (std::size_t i = 0; i < states_.size(); ++i) states_[i]->absorb(*next.states_[i], next_first, first, count);
}

/// Whoever is not behind the best so far is a candidate; in the end those are left that are not behind the best of all.
LargeVector<std::uint32_t> PackedGroups::list_best(const BestWanted& wanted, std::span<const std::uint8_t> met) const {
  const auto& ranked = dynamic_cast<const RankedPackedStates&>(*states_[wanted.aggregator]);
  BestRanks best(wanted.room);
  std::vector<Candidate> candidates;
  std::array<double, kRankedTogether> ranks;
  for (std::uint32_t begin = 0; begin < met.size(); begin += kRankedTogether) {
    poll_now();
    const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(met.size() - begin, kRankedTogether));
    ranked.ranks(begin, {ranks.data(), count});
    for (std::uint32_t i = 0; i < count; ++i) {
      const double rank = wanted.least ? -ranks[i] : ranks[i];
      if (met[begin + i] == 0 || !best.may_matter(rank)) continue;
      candidates.push_back({begin + i, rank});
      best.add(rank);
    }
  }
  best.worst();
  LargeVector<std::uint32_t> groups;
  for (const Candidate& one : candidates)
    if (best.may_matter(one.rank)) groups.push_back(one.group);
  return groups;
}

void PackedGroups::unpack(std::span<const std::uint32_t> groups, const AggregatorSet& aggregators,
                          std::byte* rows) const noexcept {
  if (groups.empty()) return;  // there are no rows either
  for (std::size_t i = 0; i < states_.size(); ++i)
    states_[i]->unpack(groups, rows + aggregators.offset(i), aggregators.stride());
}

}  // namespace sarsen::engine
