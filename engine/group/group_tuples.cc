#include "engine/group/group_tuples.h"

#include <algorithm>

#include "engine/exec/poll.h"

namespace sarsen::engine {
namespace {

/// Numbers of values are dense: while there are few groups before a dimension, they are places of an array.
constexpr std::uint64_t kDenseNumbers = 1 << 30;
constexpr std::uint64_t kPlacesPerGroup = 256;
/// So many are put into tables at a time.
constexpr std::uint32_t kBlockGroups = 1024;

constexpr std::uint64_t key_of(std::uint32_t group, std::uint32_t number) noexcept {
  return std::uint64_t{group} << 32 | number;
}

}  // namespace

GroupTuples::GroupTuples(std::size_t width) : width_(width), may_be_counted_(width == 2) {
  for (std::size_t i = 0; i < width; ++i) tables_.emplace_back(kDenseNumbers, kPlacesPerGroup);
}

void GroupTuples::find_or_add(GroupBlock& block) {
  if (find_counted(block)) return;
  index_pushed();
  std::uint32_t known = size();
  look_up(block);
  for (std::uint32_t j = 0; known < tables_.back().size(); ++j) {
    if (block.groups()[j] != known) continue;
    push_one(block, j);
    ++known;
  }
}

bool GroupTuples::find_counted(GroupBlock& block) {
  if (!are_counted()) return false;
  const std::uint32_t* const buckets = block.column(0);
  const std::uint32_t* const numbers = block.column(1);
  std::uint32_t next = size();
  for (std::uint32_t j = 0; j < block.size() && may_be_counted_; ++j) {
    may_be_counted_ = buckets[j] == 0 && numbers[j] <= next;
    next += numbers[j] == next ? 1 : 0;
  }
  if (!may_be_counted_) return false;
  for (std::uint32_t j = 0; j < block.size(); ++j) {
    block.groups()[j] = numbers[j];
    if (numbers[j] == size()) push_one(block, j);
  }
  return true;
}

bool GroupTuples::are_counted() {
  for (; may_be_counted_ && counted_ < size(); ++counted_)
    may_be_counted_ = (*this)[counted_][0] == 0 && (*this)[counted_][1] == counted_;
  return may_be_counted_;
}

std::uint32_t GroupTuples::find_or_add(std::span<const std::uint32_t> tuple) {
  may_be_counted_ = false;
  index_pushed();
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < width_; ++i) {
    const std::uint64_t key = key_of(group, tuple[i]);
    tables_[i].find_or_add(&key, 1, &group);
  }
  return group == size() ? push(tuple) : group;
}

/// New groups get the numbers from size() on, in the order of the tuples.
void GroupTuples::look_up(GroupBlock& block) {
  std::fill_n(block.groups(), block.size(), 0);
  for (std::size_t i = 0; i < width_; ++i) {
    for (std::uint32_t j = 0; j < block.size(); ++j) block.keys()[j] = key_of(block.groups()[j], block.column(i)[j]);
    tables_[i].find_or_add(block.keys(), block.size(), block.groups());
  }
}

void GroupTuples::index_pushed() {
  if (tables_.back().size() == size()) return;
  for (GroupTable& table : tables_) table.expect(size());
  GroupBlock block(width_, std::min(size(), kBlockGroups));
  for (std::uint32_t begin = tables_.back().size(); begin < size(); begin += block.size()) {
    poll_now();
    block.set_size(std::min(size() - begin, kBlockGroups));
    for (std::size_t i = 0; i < width_; ++i)
      for (std::uint32_t j = 0; j < block.size(); ++j) block.column(i)[j] = column(begin + j, i)[0];
    look_up(block);
  }
}

void GroupTuples::push(GroupBlock& block) {
  std::uint32_t group = size();
  for (std::uint32_t j = 0; j < block.size(); ++j) {
    block.groups()[j] = group++;
    push_one(block, j);
  }
}

void GroupTuples::push_one(GroupBlock& block, std::uint32_t j) {
  for (std::size_t i = 0; i < width_; ++i) numbers_.push_back(block.column(i)[j]);
}

std::uint32_t GroupTuples::push(std::span<const std::uint32_t> tuple) {
  std::ranges::copy(tuple, numbers_.extend(tuple.size()));
  return size() - 1;
}

std::uint32_t* GroupTuples::push_all(std::uint32_t groups) { return numbers_.extend(groups * width_); }

}  // namespace sarsen::engine
