#pragma once
// An order of groups, wherever they lie. GroupKeyOrder is the one that groupBy answers in by itself, by time and the
// values of the dimensions; it tells any two keys apart, so that equal keys of sorted runs meet. Immutable.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/group/merged_groups.h"

namespace sarsen::engine {

struct GroupRef {
  const MergedGroups* groups;
  std::uint32_t group;
};

class GroupOrdering {
 public:
  virtual ~GroupOrdering() = default;
  /// Sorts `groups`, numbers of groups of `merged`, and drops all but the first `kept`; what is equal is in the order
  /// of the numbers.
  virtual void sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups,
                    std::size_t kept = SIZE_MAX) const = 0;
  /// Negative, 0 or positive.
  virtual int compare(GroupRef left, GroupRef right) const = 0;
};

class GroupKeyOrder final : public GroupOrdering {
 public:
  /// Of the first `dimensions` dimensions; where `subtotals`, the one after them comes before everything.
  GroupKeyOrder(std::size_t dimensions, bool dimensions_first, bool subtotals = false)
      : dimensions_(dimensions), dimensions_first_(dimensions_first), subtotals_(subtotals) {}

  /// The same order among `groups` of one MergedGroups, by numbers instead of values.
  class Ranks {
   public:
    Ranks(const GroupKeyOrder& order, const MergedGroups& merged, std::span<const std::uint32_t> groups);
    bool less(std::uint32_t left, std::uint32_t right) const;

   private:
    std::uint32_t rank(std::uint32_t group, std::size_t i) const {
      const std::uint32_t number = merged_.value_number(group, i);
      return ranks_[i].empty() ? number : ranks_[i][number];
    }

    const GroupKeyOrder& order_;
    const MergedGroups& merged_;
    std::vector<std::vector<std::uint32_t>> ranks_;  // empty: numbers are ranks
  };

  void sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups, std::size_t kept = SIZE_MAX) const override;
  int compare(GroupRef left, GroupRef right) const override;
  /// Whether, at one time, groups are ordered by their first dimension first.
  bool begins_with_dimensions() const noexcept { return !subtotals_; }
  /// As Ranks::less, by values: for those who compare few groups of many.
  bool less(const MergedGroups& merged, std::uint32_t left, std::uint32_t right) const;

 private:
  std::size_t dimensions_;
  bool dimensions_first_;
  bool subtotals_;
};

int compare_times(GroupRef left, GroupRef right) noexcept;

}  // namespace sarsen::engine
