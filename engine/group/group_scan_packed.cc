// The states of direct groups (group_scan_direct.cc) that are packed while rows are read: how those of two pieces meet,
// and what becomes of them in the end.

#include <algorithm>
#include <span>
#include <utility>

#include "engine/group/group_scan.h"

namespace sarsen::engine {

/// Rows of states for the groups that were met.
void GroupScan::unpack(const BestWanted* wanted) {
  packed_.grow_to(direct_.size());
  packed_.mark_met(direct_.marks());
  LargeVector<std::uint32_t> met =
      wanted != nullptr ? packed_.list_best(*wanted, {direct_.marks(), direct_.size()}) : direct_.list_met();
  const std::span<const std::uint32_t> groups(met.data(), met.size());
  states_.grow_to(static_cast<std::uint32_t>(groups.size()));
  packed_.unpack(groups, *grouping_.aggregators, states_.row(0));
  note_direct_groups(std::move(met));
  packed_ = PackedGroups();
  direct_ = DirectGroups();
}

/// Groups of several buckets are to be ranked within each, and those that become one value as one.
void GroupScan::settle(const BestWanted& wanted) {
  const auto are_distinct = [](const auto& dimension) { return dimension->ids_are_distinct(); };
  if (!packed_.active() || times_ != nullptr || !std::ranges::all_of(dimensions_, are_distinct)) return settle();
  unpack(&wanted);
}

bool GroupScan::absorbs_by_key(const GroupScan& next) const {
  return packed_.active() && times_ == nullptr && shares_keys(next);
}

void GroupScan::absorb_keys(const GroupScan& next, std::uint32_t begin, std::uint32_t end) noexcept {
  packed_.absorb(next.packed_, begin, begin, end - begin);
  for (std::uint32_t key = begin; key < end; ++key) direct_.marks()[key] |= next.direct_.marks()[key];
}

/// The groups of one bucket.
void GroupScan::absorb_packed(const GroupScan& next, std::uint32_t next_first, std::uint32_t first) {
  packed_.grow_to(direct_.size());
  packed_.absorb(next.packed_, next_first, first, small_keys_);
  const std::uint8_t* const met = next.direct_.marks() + next_first;
  for (std::uint32_t key = 0; key < small_keys_; ++key) direct_.marks()[first + key] |= met[key];
}

}  // namespace sarsen::engine
