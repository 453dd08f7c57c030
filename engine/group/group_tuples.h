#pragma once
// Which group a tuple of numbers is: a bucket, then the dimensions' values. Groups are numbered in the order in which
// they come, and may come without being looked up: they are put into tables when somebody must be told from them. Not
// thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/group/group_block.h"
#include "engine/group/group_table.h"
#include "storage/base/large_vector.h"

namespace sarsen::engine {

class GroupTuples {
 public:
  explicit GroupTuples(std::size_t width);

  std::size_t width() const noexcept { return width_; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(numbers_.size() / width_); }
  const std::uint32_t* operator[](std::uint32_t group) const noexcept { return numbers_.data() + group * width_; }
  std::size_t bytes() const noexcept { return numbers_.bytes(); }

  /// Their groups; new ones in the order of the tuples. REQUIRES: all groups have different tuples.
  void find_or_add(GroupBlock& block);
  std::uint32_t find_or_add(std::span<const std::uint32_t> tuple);
  /// New groups.
  void push(GroupBlock& block);
  std::uint32_t push(std::span<const std::uint32_t> tuple);
  /// So many new groups, whose numbers the caller writes. REQUIRES: there are none.
  std::uint32_t* push_all(std::uint32_t groups);
  /// Number i of the groups' tuples from `group` on, width() apart, to be exchanged for others. REQUIRES: no group was
  /// looked up.
  std::uint32_t* column(std::uint32_t group, std::size_t i) noexcept { return numbers_.data() + group * width_ + i; }

 private:
  bool find_counted(GroupBlock& block);
  bool are_counted();
  void index_pushed();
  void look_up(GroupBlock& block);
  void push_one(GroupBlock& block, std::uint32_t j);

  std::size_t width_;
  LargeVector<std::uint32_t> numbers_;
  /// As long as each group is of bucket 0 and the one value whose number it has, no tables are needed: one dimension's
  /// values and groups are numbered alike.
  bool may_be_counted_;
  std::uint32_t counted_ = 0;  // those that were looked at
  /// tables_[i]: the group of the tuple's first i + 1 numbers, and its next, to a group. The last one has the groups
  /// that can be found.
  std::vector<GroupTable> tables_;
};

}  // namespace sarsen::engine
