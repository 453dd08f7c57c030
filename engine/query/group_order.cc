#include "engine/query/group_order.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/exec/poll.h"
#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

/// Where each distinct value of a dimension stands in its natural order: sorting then compares numbers.
std::vector<std::uint32_t> value_ranks(const MergedGroups& merged, std::size_t dimension) {
  std::vector<std::uint32_t> ranks;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seen;  // value number, a group that has it
  for (std::uint32_t group = 0; group < merged.size(); ++group) {
    const std::uint32_t number = merged.value_number(group, dimension);
    if (number >= ranks.size()) ranks.resize(number + 1, UINT32_MAX);
    if (ranks[number] != UINT32_MAX) continue;
    ranks[number] = 0;
    seen.emplace_back(number, group);
  }
  std::sort(seen.begin(), seen.end(), [&](const auto& left, const auto& right) {
    poll();
    return compare_values(merged.value(left.second, dimension), merged.value(right.second, dimension)) < 0;
  });
  for (std::uint32_t rank = 0; rank < seen.size(); ++rank) ranks[seen[rank].first] = rank;
  return ranks;
}

int compare_times(const MergedGroups& merged, std::uint32_t left, std::uint32_t right) {
  return merged.bucket_ms(left) < merged.bucket_ms(right) ? -1 : merged.bucket_ms(right) < merged.bucket_ms(left);
}

}  // namespace

GroupOrder::GroupOrder(const std::vector<OrderByColumn>& columns, const std::vector<DimensionSpec>& dimensions,
                       const Outputs& outputs, bool dimensions_first, const JsonField& path)
    : dimensions_(dimensions.size()), outputs_(&outputs), dimensions_first_(dimensions_first) {
  for (const OrderByColumn& column : columns) keys_.push_back(find(column, dimensions, path));
}

GroupOrder::Key GroupOrder::find(const OrderByColumn& column, const std::vector<DimensionSpec>& dimensions,
                                 const JsonField& path) const {
  for (std::size_t i = 0; i < dimensions.size(); ++i)
    if (dimensions[i].output_name == column.name) return {true, i, &column};
  const std::ptrdiff_t output = outputs_->find(column.name);
  if (output < 0) path.fail("Unknown column in order clause[" + column.name + "]");
  return {false, static_cast<std::size_t>(output), &column};
}

/// By subtotal, time and the natural order of the dimensions' values.
class GroupOrder::ByDefault {
 public:
  ByDefault(const GroupOrder& order, const MergedGroups& merged, bool subtotals)
      : merged_(merged), dimensions_first_(order.dimensions_first_), ranks_(order.dimensions_) {
    for (std::size_t i = 0; i < ranks_.size(); ++i)
      if (!merged.numbers_ascend(i)) ranks_[i] = value_ranks(merged, i);
    if (subtotals) subtotal_ = order.dimensions_;
  }

  bool less(std::uint32_t left, std::uint32_t right) const {
    poll();
    if (subtotal(left) != subtotal(right)) return subtotal(left) < subtotal(right);
    const int by_time = compare_times(merged_, left, right);
    if (!dimensions_first_ && by_time != 0) return by_time < 0;
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
      const std::uint32_t left_rank = rank(left, i);
      const std::uint32_t right_rank = rank(right, i);
      if (left_rank != right_rank) return left_rank < right_rank;
    }
    return by_time < 0;
  }

 private:
  std::uint32_t subtotal(std::uint32_t group) const { return subtotal_ ? merged_.value_number(group, *subtotal_) : 0; }
  std::uint32_t rank(std::uint32_t group, std::size_t i) const {
    const std::uint32_t number = merged_.value_number(group, i);
    return ranks_[i].empty() ? number : ranks_[i][number];
  }

  const MergedGroups& merged_;
  bool dimensions_first_;
  std::vector<std::vector<std::uint32_t>> ranks_;  // empty: numbers are ranks
  std::optional<std::size_t> subtotal_;
};

void GroupOrder::sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups, std::size_t kept,
                      bool subtotals) const {
  const ByDefault by_default(*this, merged, subtotals);
  if (keys_.empty() && kept >= groups.size())
    return std::sort(groups.begin(), groups.end(), [&](auto left, auto right) { return by_default.less(left, right); });
  const std::vector<Ranked> rows = best(merged, groups, kept, by_default);
  groups.clear();
  for (const Ranked& row : rows) groups.push_back(row.group);
}

/// A heap of the best so far, the worst of them first: most groups are compared with that one only.
std::vector<GroupOrder::Ranked> GroupOrder::best(const MergedGroups& merged, const std::vector<std::uint32_t>& groups,
                                                 std::size_t kept, const ByDefault& by_default) const {
  const auto before = [&](const Ranked& left, const Ranked& right) {
    poll();
    const int by_keys = compare_keys(merged, left, right);
    return by_keys != 0 ? by_keys < 0 : by_default.less(left.group, right.group);
  };
  std::vector<Ranked> heap;
  if (kept == 0) return heap;
  for (const std::uint32_t group : groups) {
    poll();
    Ranked one = ranked(merged, group);
    if (heap.size() == kept && !before(one, heap.front())) continue;
    if (heap.size() == kept) {
      std::pop_heap(heap.begin(), heap.end(), before);
      heap.pop_back();
    }
    heap.push_back(std::move(one));
    if (kept < groups.size()) std::push_heap(heap.begin(), heap.end(), before);
  }
  std::sort(heap.begin(), heap.end(), before);
  return heap;
}

GroupOrder::Ranked GroupOrder::ranked(const MergedGroups& merged, std::uint32_t group) const {
  if (keys_.empty() || keys_[0].is_dimension) return {group, {}};
  return {group, outputs_->value(merged.states(group), keys_[0].index)};
}

/// 0 where the columns of limitSpec find no difference.
int GroupOrder::compare_keys(const MergedGroups& merged, const Ranked& left, const Ranked& right) const {
  if (keys_.empty()) return 0;
  const int by_time = compare_times(merged, left.group, right.group);
  if (!dimensions_first_ && by_time != 0) return by_time;
  for (const Key& key : keys_) {
    const bool is_first = &key == keys_.data() && !key.is_dimension;
    const int by_key = is_first ? outputs_->compare(key.index, left.first, right.first)
                                : compare(merged, left.group, right.group, key);
    if (by_key != 0) return key.column->descending ? -by_key : by_key;
  }
  return by_time;
}

bool GroupOrder::is_by_dimensions() const noexcept {
  return std::all_of(keys_.begin(), keys_.end(), [](const Key& key) { return key.is_dimension; });
}

bool GroupOrder::are_one(const MergedGroups& merged, std::uint32_t left, std::uint32_t right) const {
  if (compare_times(merged, left, right) != 0) return false;
  std::vector<bool> ordered(dimensions_);
  for (const Key& key : keys_) {
    if (compare(merged, left, right, key) != 0) return false;
    if (key.is_dimension) ordered[key.index] = true;
  }
  for (std::size_t i = 0; i < dimensions_; ++i)
    if (!ordered[i] && merged.value_number(left, i) != merged.value_number(right, i)) return false;
  return true;
}

/// Dimensions compare by their text, whatever their type, as in Druid.
int GroupOrder::compare(const MergedGroups& merged, std::uint32_t left, std::uint32_t right, const Key& key) const {
  if (!key.is_dimension)
    return outputs_->compare(key.index, outputs_->value(merged.states(left), key.index),
                             outputs_->value(merged.states(right), key.index));
  return key.column->comparator->compare(value_text(merged.value(left, key.index)),
                                         value_text(merged.value(right, key.index)));
}

}  // namespace sarsen::engine
