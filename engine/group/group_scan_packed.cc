// The states of direct groups (group_scan_direct.cc) that are packed while rows are read: how those of two pieces meet,
// and what becomes of them in the end.

#include "engine/group/group_scan.h"

namespace sarsen::engine {

/// Rows of states for the groups that were met.
void GroupScan::unpack() {
  packed_.grow_to(direct_.size());
  packed_.mark_met(direct_.marks());
  const std::size_t count = direct_.count();
  ids_.reserve(count * dimensions_.size());
  std::vector<std::uint32_t> groups;
  groups.reserve(count);
  for (std::uint32_t group = 0; group < direct_.size(); ++group) {
    if (!direct_.met(group)) continue;
    if (times_ != nullptr) bucket_of_group_.push_back(group / small_keys_);
    push_ids(group % small_keys_);
    groups.push_back(group);
  }
  states_.grow_to(static_cast<std::uint32_t>(groups.size()));
  packed_.unpack(groups, *grouping_.aggregators, states_.row(0));
  packed_ = PackedGroups();
  direct_ = DirectGroups();
}

/// The groups of one bucket.
void GroupScan::absorb_packed(const GroupScan& next, std::uint32_t next_first, std::uint32_t first) {
  packed_.grow_to(direct_.size());
  packed_.absorb(next.packed_, next_first, first, small_keys_);
  const std::uint8_t* const met = next.direct_.marks() + next_first;
  for (std::uint32_t key = 0; key < small_keys_; ++key) direct_.marks()[first + key] |= met[key];
}

}  // namespace sarsen::engine
