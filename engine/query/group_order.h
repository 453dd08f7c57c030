#pragma once
// The order of groupBy's rows: by time and dimensions, and on top of that by the columns of limitSpec. Immutable.

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/group/group_ordering.h"
#include "engine/query/limit_spec.h"
#include "engine/query/outputs.h"

namespace sarsen::engine {

class GroupOrder final : public GroupOrdering {
 public:
  /// `columns`, `dimensions` and `outputs` must outlive it. `path`: where the columns stand, for messages. Throws
  /// kInvalidInput for a name that is neither a dimension nor an output. `subtotals`: the groups' last dimension, one
  /// more than the query has, says which subtotal they are of; the order of limitSpec mixes subtotals.
  GroupOrder(const std::vector<OrderByColumn>& columns, const std::vector<DimensionSpec>& dimensions,
             const Outputs& outputs, bool dimensions_first, bool subtotals, const JsonField& path);

  void sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups, std::size_t kept = SIZE_MAX) const override;
  /// By the columns of limitSpec only: what is equal must come in the order of its keys.
  int compare(GroupRef left, GroupRef right) const override;
  /// Without these columns.
  const GroupKeyOrder& key_order() const noexcept { return key_order_; }
  bool is_key_order() const noexcept { return keys_.empty(); }
  /// The aggregator that groups of one bucket are ordered by before all else; nullopt: they are ordered by something
  /// else.
  struct First {
    std::size_t index;
    bool descending;
  };
  std::optional<First> first_aggregator() const noexcept;

  /// True where all columns of limitSpec are dimensions.
  bool is_by_dimensions() const noexcept;
  /// True where two groups are one for limitSpec: its comparators find no difference, and there is no other.
  bool are_one(GroupRef left, GroupRef right) const;

 private:
  /// A column of limitSpec, found: a dimension, or an output.
  struct Key {
    bool is_dimension;
    std::size_t index;
    const OrderByColumn* column;
  };

  Key find(const OrderByColumn& column, const std::vector<DimensionSpec>& dimensions, const JsonField& path) const;
  class WorstRank;
  /// A group with what is compared first, which is worth having only once.
  struct Ranked {
    std::uint32_t group;
    Value first;
  };

  Ranked ranked(const MergedGroups& merged, std::uint32_t group) const;
  std::vector<Ranked> best(const MergedGroups& merged, const std::vector<std::uint32_t>& groups,
                           std::size_t kept) const;
  int compare_keys(const MergedGroups& merged, const Ranked& left, const Ranked& right) const;
  int compare(GroupRef left, GroupRef right, const Key& key) const;

  std::size_t dimensions_;
  GroupKeyOrder key_order_;
  const Outputs* outputs_;
  bool dimensions_first_;
  std::vector<Key> keys_;
};

}  // namespace sarsen::engine
