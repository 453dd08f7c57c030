#include "engine/query/group_order.h"

#include <algorithm>

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

void GroupOrder::sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups, bool subtotals) const {
  sort_by_default(merged, groups, subtotals);
  if (keys_.empty()) return;
  std::stable_sort(groups.begin(), groups.end(), [&](std::uint32_t left, std::uint32_t right) {
    const int by_time = compare_times(merged, left, right);
    if (!dimensions_first_ && by_time != 0) return by_time < 0;
    for (const Key& key : keys_)
      if (const int by_key = compare(merged, left, right, key); by_key != 0)
        return key.column->descending ? by_key > 0 : by_key < 0;
    return by_time < 0;
  });
}

void GroupOrder::sort_by_default(const MergedGroups& merged, std::vector<std::uint32_t>& groups, bool subtotals) const {
  std::vector<std::vector<std::uint32_t>> ranks;
  for (std::size_t i = 0; i < dimensions_; ++i) ranks.push_back(value_ranks(merged, i));
  const auto subtotal = [&](std::uint32_t group) { return subtotals ? merged.value_number(group, dimensions_) : 0; };
  std::sort(groups.begin(), groups.end(), [&](std::uint32_t left, std::uint32_t right) {
    if (subtotal(left) != subtotal(right)) return subtotal(left) < subtotal(right);
    const int by_time = compare_times(merged, left, right);
    if (!dimensions_first_ && by_time != 0) return by_time < 0;
    for (std::size_t i = 0; i < dimensions_; ++i) {
      const std::uint32_t left_rank = ranks[i][merged.value_number(left, i)];
      const std::uint32_t right_rank = ranks[i][merged.value_number(right, i)];
      if (left_rank != right_rank) return left_rank < right_rank;
    }
    return by_time < 0;
  });
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
