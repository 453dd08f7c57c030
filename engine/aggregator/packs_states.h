#pragma once
// What some factories can do besides: fold into packed states (packed_states.h).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/vector/column_sources.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {

/// The packed states of one aggregator, bound to the columns of one cursor.
class PackedStates {
 public:
  virtual ~PackedStates() = default;

  /// To be called before groups from there on are folded into.
  virtual void grow_to(std::uint32_t groups) = 0;
  virtual std::size_t bytes() const noexcept = 0;

  /// As Aggregator::fold_groups, of groups first + groups[i]. True: mark_met() will mark each of them.
  virtual bool fold(std::uint32_t first, const std::uint32_t* groups, std::uint32_t begin,
                    const Selection& selection) = 0;
  /// Sets the bytes of all groups that have a value.
  virtual void mark_met(std::uint8_t* met) const noexcept = 0;
  /// Merges groups of `next`, which read rows of the same segment after these, into those from `first` on.
  virtual void absorb(const PackedStates& next, std::uint32_t next_first, std::uint32_t first,
                      std::uint32_t count) noexcept = 0;
  /// Writes the i-th of these groups into the initial state at states + i * stride.
  virtual void unpack(std::span<const std::uint32_t> groups, std::byte* states, std::size_t stride) const noexcept = 0;
};

class PacksStates {
 public:
  virtual ~PacksStates() = default;
  /// nullptr: not over this column, or not yet. `rows`: what all that absorb each other read at most.
  virtual std::unique_ptr<PackedStates> bind_packed(ColumnSources& columns, std::uint32_t rows) const = 0;
};

}  // namespace sarsen::engine
