#pragma once
// The states of direct groups (direct_groups.h) while they are packed (engine/aggregator/packed_states.h): where all
// aggregators of a query can be. Not thread-safe.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "engine/aggregator/packs_states.h"
#include "engine/group/best_wanted.h"
#include "storage/base/large_vector.h"

namespace sarsen::engine {

class PackedGroups {
 public:
  PackedGroups() = default;
  /// Not active where one of the aggregators cannot. `rows`: as PacksStates::bind_packed.
  PackedGroups(const AggregatorSet& aggregators, ColumnSources& columns, std::uint32_t rows);

  bool active() const noexcept { return !states_.empty(); }
  std::size_t bytes() const noexcept;
  /// As PackedStates.
  void grow_to(std::uint32_t groups);
  bool fold(std::uint32_t first, const std::uint32_t* groups, std::uint32_t begin, const Selection& selection);
  void mark_met(std::uint8_t* met) const noexcept;
  void absorb(const PackedGroups& next, std::uint32_t next_first, std::uint32_t first, std::uint32_t count) noexcept;
  /// Those of `met`, a byte for each group, that are wanted.
  LargeVector<std::uint32_t> list_best(const BestWanted& wanted, std::span<const std::uint8_t> met) const;
  /// Into rows of initial states, one for each of these groups.
  void unpack(std::span<const std::uint32_t> groups, const AggregatorSet& aggregators, std::byte* rows) const noexcept;

 private:
  std::vector<std::unique_ptr<PackedStates>> states_;  // by aggregator
};

}  // namespace sarsen::engine
