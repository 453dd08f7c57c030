#include "engine/group/group_ordering.h"

#include <algorithm>

#include "engine/exec/poll.h"
#include "engine/result/value_bytes.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

/// compare_values, and an order of those too that it takes for equal though they are not: 1 and 1.0, two NaN.
int compare_keys(const Value& left, const Value& right) {
  if (const int order = compare_values(left, right); order != 0 || equal_values(left, right)) return order;
  ByteWriter left_bytes;
  ByteWriter right_bytes;
  write_value(left, left_bytes);
  write_value(right, right_bytes);
  return std::ranges::lexicographical_compare(left_bytes.view(), right_bytes.view()) ? -1 : 1;
}

/// A value and the number that it has.
struct Numbered {
  const Value* value;
  std::uint32_t number;
};

/// The numbers that `groups` have, once each. `ranks` gets room for all of them.
std::vector<Numbered> distinct_numbers(const MergedGroups& merged, std::span<const std::uint32_t> groups,
                                       std::size_t dimension, std::vector<std::uint32_t>& ranks) {
  std::vector<Numbered> seen;
  for (const std::uint32_t group : groups) {
    poll();
    const std::uint32_t number = merged.value_number(group, dimension);
    if (number >= ranks.size()) ranks.resize(std::max<std::size_t>(number + 1, ranks.size() * 2), UINT32_MAX);
    if (ranks[number] != UINT32_MAX) continue;
    ranks[number] = 0;
    seen.push_back({&merged.value(group, dimension), number});
  }
  return seen;
}

/// False, with nothing done, where they are not all longs or null.
bool sort_longs(std::vector<Numbered>& values) {
  struct Long {
    bool is_present;
    std::int64_t value;
    std::uint32_t place;
    auto operator<=>(const Long&) const = default;
  };
  std::vector<Long> longs;
  longs.reserve(values.size());
  for (const Numbered& one : values) {
    const auto* value = std::get_if<std::int64_t>(one.value);
    if (value == nullptr && !is_null(*one.value)) return false;
    longs.push_back({value != nullptr, value != nullptr ? *value : 0, static_cast<std::uint32_t>(longs.size())});
  }
  std::sort(longs.begin(), longs.end());
  std::vector<Numbered> sorted;
  sorted.reserve(values.size());
  for (const Long& one : longs) sorted.push_back(values[one.place]);
  values = std::move(sorted);
  return true;
}

void sort_values(std::vector<Numbered>& values) {
  if (sort_longs(values)) return;
  std::sort(values.begin(), values.end(), [](const Numbered& left, const Numbered& right) {
    poll();
    return compare_keys(*left.value, *right.value) < 0;
  });
}

/// Where each distinct value of a dimension of `groups` stands in its order: sorting then compares numbers.
std::vector<std::uint32_t> value_ranks(const MergedGroups& merged, std::span<const std::uint32_t> groups,
                                       std::size_t dimension) {
  std::vector<std::uint32_t> ranks;
  std::vector<Numbered> seen = distinct_numbers(merged, groups, dimension, ranks);
  sort_values(seen);
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (i > 0 && !equal_values(*seen[i - 1].value, *seen[i].value)) ++rank;  // those appended come more than once
    ranks[seen[i].number] = rank;
  }
  return ranks;
}

}  // namespace

int compare_times(GroupRef left, GroupRef right) noexcept {
  const std::int64_t left_ms = left.groups->bucket_ms(left.group);
  const std::int64_t right_ms = right.groups->bucket_ms(right.group);
  return left_ms < right_ms ? -1 : right_ms < left_ms;
}

GroupKeyOrder::Ranks::Ranks(const GroupKeyOrder& order, const MergedGroups& merged,
                            std::span<const std::uint32_t> groups)
    : order_(order), merged_(merged), ranks_(order.dimensions_ + (order.subtotals_ ? 1 : 0)) {
  for (std::size_t i = 0; i < ranks_.size(); ++i)
    if (!merged.numbers_ascend(i)) ranks_[i] = value_ranks(merged, groups, i);
}

bool GroupKeyOrder::Ranks::less(std::uint32_t left, std::uint32_t right) const {
  poll();
  const std::size_t dimensions = order_.dimensions_;
  if (order_.subtotals_ && rank(left, dimensions) != rank(right, dimensions))
    return rank(left, dimensions) < rank(right, dimensions);
  const int by_time = compare_times({&merged_, left}, {&merged_, right});
  if (!order_.dimensions_first_ && by_time != 0) return by_time < 0;
  for (std::size_t i = 0; i < dimensions; ++i) {
    const std::uint32_t left_rank = rank(left, i);
    const std::uint32_t right_rank = rank(right, i);
    if (left_rank != right_rank) return left_rank < right_rank;
  }
  return by_time != 0 ? by_time < 0 : left < right;
}

void GroupKeyOrder::sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups, std::size_t kept) const {
  const Ranks ranks(*this, merged, groups);
  const auto less = [&](std::uint32_t left, std::uint32_t right) { return ranks.less(left, right); };
  if (kept >= groups.size()) return std::sort(groups.begin(), groups.end(), less);
  std::partial_sort(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(kept), groups.end(), less);
  groups.resize(kept);
}

bool GroupKeyOrder::less(const MergedGroups& merged, std::uint32_t left, std::uint32_t right) const {
  const int order = compare({&merged, left}, {&merged, right});
  return order != 0 ? order < 0 : left < right;
}

int GroupKeyOrder::compare(GroupRef left, GroupRef right) const {
  const auto by_value = [&](std::size_t i) {
    return compare_keys(left.groups->value(left.group, i), right.groups->value(right.group, i));
  };
  if (subtotals_)
    if (const int order = by_value(dimensions_); order != 0) return order;
  const int by_time = compare_times(left, right);
  if (!dimensions_first_ && by_time != 0) return by_time;
  for (std::size_t i = 0; i < dimensions_; ++i)
    if (const int order = by_value(i); order != 0) return order;
  return by_time;
}

}  // namespace sarsen::engine
