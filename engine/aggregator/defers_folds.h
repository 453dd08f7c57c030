#pragma once
// What some aggregators can do besides: keep the rows of groups for later, to fold those of neighbouring groups
// together. States that own memory lie all over it, and are brought near once for many rows so.

#include <cstddef>

namespace sarsen::engine {

class DefersFolds {
 public:
  virtual ~DefersFolds() = default;

  /// From now on Aggregator::fold_groups() may keep rows, with the numbers of their groups: `states` must always be
  /// those of the same group.
  virtual void defer() = 0;
  /// Folds the rows that are kept, those of a group in their order. `states` and `stride` as in fold_groups(). To be
  /// called before anybody else uses the states, or numbers groups otherwise.
  virtual void finish(std::byte* states, std::size_t stride) = 0;
};

}  // namespace sarsen::engine
