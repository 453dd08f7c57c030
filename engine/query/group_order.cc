#include "engine/query/group_order.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "engine/aggregator/ranked_states.h"
#include "engine/exec/poll.h"
#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

/// With so many groups for each that is kept, few of them are compared by their values.
constexpr std::size_t kGroupsPerKept = 32;
/// So many groups are ranked at a time.
constexpr std::size_t kRankedTogether = 512;

/// Of text, or of arrays, element by element; what ends first is less, and null less than all.
int compare_texts(const StringComparator& comparator, const Value& left, const Value& right) {
  const auto* left_list = std::get_if<List>(&left);
  const auto* right_list = std::get_if<List>(&right);
  if (left_list == nullptr && right_list == nullptr) return comparator.compare(value_text(left), value_text(right));
  if (left_list == nullptr || right_list == nullptr) return int{left_list != nullptr} - int{right_list != nullptr};
  const ListElements& a = left_list->elements();
  const ListElements& b = right_list->elements();
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (const int order = compare_texts(comparator, a[i], b[i]); order != 0) return order;
  return int{a.size() > b.size()} - int{a.size() < b.size()};
}

}  // namespace

GroupOrder::GroupOrder(const std::vector<OrderByColumn>& columns, const std::vector<DimensionSpec>& dimensions,
                       const Outputs& outputs, bool dimensions_first, bool subtotals, const JsonField& path)
    : dimensions_(dimensions.size()),
      key_order_(dimensions.size(), dimensions_first, subtotals),
      outputs_(&outputs),
      dimensions_first_(dimensions_first) {
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

std::optional<GroupOrder::First> GroupOrder::first_aggregator() const noexcept {
  if (keys_.empty() || keys_[0].is_dimension || keys_[0].index >= outputs_->aggregators()->size()) return std::nullopt;
  return First{keys_[0].index, keys_[0].column->descending};
}

void GroupOrder::sort(const MergedGroups& merged, std::vector<std::uint32_t>& groups, std::size_t kept) const {
  if (keys_.empty()) return key_order_.sort(merged, groups, kept);
  const std::vector<Ranked> rows = best(merged, groups, kept);
  groups.clear();
  for (const Ranked& row : rows) groups.push_back(row.group);
}

/// Tells most groups that are behind the worst of those kept from their states, and where these are the same, from
/// their first dimension. Never says so of one that is not.
class GroupOrder::WorstRank {
 public:
  WorstRank(const GroupOrder& order, const MergedGroups& merged)
      : merged_(merged), aggregators_(*merged.grouping().aggregators), key_(order.keys_[0]) {
    usable_ = !key_.is_dimension && key_.index < aggregators_.size();
    is_timed_ = !merged.grouping().granularity->is_all();
    dimension_decides_ = order.keys_.size() == 1 && order.dimensions_ > 0 && order.key_order_.begins_with_dimensions();
  }

  void set_worst(std::uint32_t worst) {
    if (!usable_) return;
    worst_ = worst;
    worst_ms_ = merged_.bucket_ms(worst);
    worst_rank_ = aggregators_.rank(merged_.states(worst), key_.index);
    if (dimension_decides_) worst_value_ = merged_.made_value(worst, 0);
  }

  /// To be called before is_behind() is asked of one of them, by its place.
  void rank(std::span<const std::uint32_t> groups) noexcept {
    if (usable_) aggregators_.ranks(merged_.states(0), groups, key_.index, ranks_.data());
  }

  bool is_behind(std::uint32_t group, std::size_t place) const {
    if (!usable_ || (is_timed_ && merged_.bucket_ms(group) != worst_ms_)) return false;
    const double rank = ranks_[place];
    if (are_same_rank(rank, worst_rank_)) return dimension_decides_ && is_behind_by_dimension(group);
    return key_.column->descending ? rank < worst_rank_ : rank > worst_rank_;
  }

 private:
  bool is_behind_by_dimension(std::uint32_t group) const {
    if (merged_.numbers_ascend(0)) return merged_.value_number(group, 0) > merged_.value_number(worst_, 0);
    return compare_values(merged_.made_value(group, 0), worst_value_) > 0;
  }

  const MergedGroups& merged_;
  const AggregatorSet& aggregators_;
  const Key& key_;
  bool usable_;
  bool is_timed_;
  bool dimension_decides_;  // of groups that are the same by the one key, at one time
  std::uint32_t worst_ = 0;
  std::int64_t worst_ms_ = 0;
  double worst_rank_ = std::numeric_limits<double>::quiet_NaN();
  Value worst_value_;
  std::array<double, kRankedTogether> ranks_;
};

/// A heap of the best so far, the worst of them first: most groups are compared with that one only.
std::vector<GroupOrder::Ranked> GroupOrder::best(const MergedGroups& merged, const std::vector<std::uint32_t>& groups,
                                                 std::size_t kept) const {
  // Most groups are compared with one other, if at all: numbering the values of all of them would cost more.
  std::optional<GroupKeyOrder::Ranks> ranks;
  if (kept >= groups.size() / kGroupsPerKept) ranks.emplace(key_order_, merged, groups);
  const auto before = [&](const Ranked& left, const Ranked& right) {
    poll();
    if (const int by_keys = compare_keys(merged, left, right); by_keys != 0) return by_keys < 0;
    return ranks ? ranks->less(left.group, right.group) : key_order_.less(merged, left.group, right.group);
  };
  std::vector<Ranked> heap;
  if (kept == 0) return heap;
  WorstRank worst(*this, merged);
  const auto take = [&](std::uint32_t group) {
    Ranked one = ranked(merged, group);
    if (heap.size() == kept && !before(one, heap.front())) return;
    if (heap.size() == kept) {
      std::pop_heap(heap.begin(), heap.end(), before);
      heap.pop_back();
    }
    heap.push_back(std::move(one));
    if (kept < groups.size()) std::push_heap(heap.begin(), heap.end(), before);
    if (heap.size() == kept) worst.set_worst(heap.front().group);
  };
  for (std::size_t begin = 0; begin < groups.size(); begin += kRankedTogether) {
    poll_now();
    const std::span<const std::uint32_t> some =
        std::span(groups).subspan(begin, std::min(kRankedTogether, groups.size() - begin));
    worst.rank(some);
    for (std::size_t i = 0; i < some.size(); ++i)
      if (!worst.is_behind(some[i], i)) take(some[i]);
  }
  std::sort(heap.begin(), heap.end(), before);
  return heap;
}

GroupOrder::Ranked GroupOrder::ranked(const MergedGroups& merged, std::uint32_t group) const {
  if (keys_.empty() || keys_[0].is_dimension) return {group, {}};
  return {group, outputs_->ordered_by(merged.states(group), keys_[0].index)};
}

/// 0 where the columns of limitSpec find no difference.
int GroupOrder::compare_keys(const MergedGroups& merged, const Ranked& left, const Ranked& right) const {
  const GroupRef left_ref{&merged, left.group};
  const GroupRef right_ref{&merged, right.group};
  const int by_time = compare_times(left_ref, right_ref);
  if (!dimensions_first_ && by_time != 0) return by_time;
  for (const Key& key : keys_) {
    const bool is_first = &key == keys_.data() && !key.is_dimension;
    const int by_key =
        is_first ? outputs_->compare(key.index, left.first, right.first) : compare(left_ref, right_ref, key);
    if (by_key != 0) return key.column->descending ? -by_key : by_key;
  }
  return by_time;
}

int GroupOrder::compare(GroupRef left, GroupRef right) const {
  const int by_time = compare_times(left, right);
  if (!dimensions_first_ && by_time != 0) return by_time;
  for (const Key& key : keys_)
    if (const int by_key = compare(left, right, key); by_key != 0) return key.column->descending ? -by_key : by_key;
  return by_time;
}

bool GroupOrder::is_by_dimensions() const noexcept {
  return std::all_of(keys_.begin(), keys_.end(), [](const Key& key) { return key.is_dimension; });
}

bool GroupOrder::are_one(GroupRef left, GroupRef right) const {
  if (compare_times(left, right) != 0) return false;
  std::vector<bool> ordered(dimensions_);
  for (const Key& key : keys_) {
    if (compare(left, right, key) != 0) return false;
    if (key.is_dimension) ordered[key.index] = true;
  }
  for (std::size_t i = 0; i < dimensions_; ++i)
    if (!ordered[i] && !equal_values(left.groups->value(left.group, i), right.groups->value(right.group, i)))
      return false;
  return true;
}

/// Dimensions compare by their text, or that of their elements, whatever their type, as in Druid.
int GroupOrder::compare(GroupRef left, GroupRef right, const Key& key) const {
  if (!key.is_dimension)
    return outputs_->compare(key.index, outputs_->ordered_by(left.groups->states(left.group), key.index),
                             outputs_->ordered_by(right.groups->states(right.group), key.index));
  return compare_texts(*key.column->comparator, left.groups->value(left.group, key.index),
                       right.groups->value(right.group, key.index));
}

}  // namespace sarsen::engine
