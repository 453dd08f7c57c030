#include "engine/group/packed_groups.h"

namespace sarsen::engine {

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

void PackedGroups::unpack(std::span<const std::uint32_t> groups, const AggregatorSet& aggregators,
                          std::byte* rows) const noexcept {
  if (groups.empty()) return;  // there are no rows either
  for (std::size_t i = 0; i < states_.size(); ++i)
    states_[i]->unpack(groups, rows + aggregators.offset(i), aggregators.stride());
}

}  // namespace sarsen::engine
