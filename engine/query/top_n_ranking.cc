#include "engine/query/top_n_ranking.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "engine/aggregator/ranked_states.h"
#include "engine/exec/poll.h"
#include "engine/group/best_ranks.h"
#include "engine/query/rank_queue.h"
#include "engine/result/value_order.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kNotKept = UINT32_MAX;
constexpr std::size_t kRankedTogether = 4096;
/// So many times more groups than there is room for are sorted rather than put into a queue one by one.
constexpr std::size_t kRoomsTogether = 4;

template <class Ranked>
std::vector<std::uint32_t> groups_of(const std::vector<Ranked>& ranked) {
  std::vector<std::uint32_t> groups;
  groups.reserve(ranked.size());
  for (const Ranked& one : ranked) groups.push_back(one.group);
  return groups;
}

}  // namespace

TopNRanking::TopNRanking(const TopNOrder& order, const Outputs& outputs, const MergedGroups& groups)
    : order_(order), outputs_(outputs), groups_(groups), numbers_ascend_(groups.numbers_ascend(0)) {}

std::vector<std::uint32_t> TopNRanking::best(const std::vector<std::uint32_t>& groups, std::size_t count) const {
  std::vector<Ranked> ranked = all(groups);
  const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(ranked.size(), count));
  std::partial_sort(ranked.begin(), end, ranked.end(),
                    [&](const Ranked& left, const Ranked& right) { return better(left, right); });
  ranked.erase(end, ranked.end());
  return groups_of(ranked);
}

std::vector<std::uint32_t> TopNRanking::keep(const std::vector<std::uint32_t>& groups) const {
  std::vector<std::uint32_t> kept;
  if (keep_ranked(groups, kept)) return kept;
  const bool is_by_text = order_.metric_index < 0 && order_.metric.is_lexicographic();
  if (is_by_text && groups.size() <= order_.room * kRoomsTogether) return keep_by_value(groups);
  const auto above = [&](const Ranked& left, const Ranked& right) {
    poll();
    const int order = compare_metrics(left, right);
    return order != 0 ? order < 0 : compare_dimensions(left.group, right.group) > 0;
  };
  metrics_.clear();
  std::vector<Ranked> queue;  // a heap, the worst first
  for (const std::uint32_t group : groups) {
    const double rank = this->rank(group);
    if (queue.size() >= order_.room && is_behind(rank, queue.front().rank)) continue;
    const Ranked one = ranked(group, rank);
    if (!keeps(one, queue)) continue;
    queue.push_back(one);
    std::push_heap(queue.begin(), queue.end(), above);
    if (queue.size() <= order_.room) continue;
    std::pop_heap(queue.begin(), queue.end(), above);
    queue.pop_back();
  }
  std::sort(queue.begin(), queue.end(), [&](const Ranked& left, const Ranked& right) { return better(left, right); });
  return groups_of(queue);
}

/// keep() where no two groups are equal. What was kept before comes first, in its order, and needs no sorting.
std::vector<std::uint32_t> TopNRanking::keep_by_value(const std::vector<std::uint32_t>& groups) const {
  std::vector<Ranked> ranked = all(groups);
  const auto late = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(ranked.size(), order_.room));
  const auto null = std::find_if(late, ranked.end(), [](const Ranked& one) { return is_null(*one.value); });
  if (null != ranked.end()) ranked.erase(null);
  const auto is_better = [this](const Ranked& left, const Ranked& right) {
    poll();
    return better(left, right);
  };
  const auto middle = std::is_sorted_until(ranked.begin(), ranked.end(), is_better);
  std::sort(middle, ranked.end(), is_better);
  std::inplace_merge(ranked.begin(), middle, ranked.end(), is_better);
  if (ranked.size() > order_.room) ranked.resize(order_.room);
  return groups_of(ranked);
}

bool TopNRanking::keeps(const Ranked& one, const std::vector<Ranked>& queue) const {
  if (queue.size() < order_.room) return true;
  const bool is_late_null = order_.metric_index < 0 && is_null(*one.value);
  return !is_late_null && compare_metrics(one, queue.front()) < 0;
}

void TopNRanking::drop_hopeless(std::vector<std::uint32_t>& groups) const {
  if (is_by_number()) return drop_by_number(groups);
  if (!has_ranks()) return;
  const std::vector<double> ranks = all_ranks(groups);
  BestRanks best(order_.room);
  for (const double rank : ranks) best.add(rank);
  const double worst = best.worst();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (!(ranks[i] < worst)) groups[kept++] = groups[i];  // what must be compared in full stays
  groups.resize(kept);
}

/// Whether the numbers of values have the order that is asked for.
bool TopNRanking::is_by_number() const {
  return order_.metric_index < 0 && numbers_ascend_ && order_.metric.is_lexicographic();
}

/// Null, whose number is the least, ranks highest in either direction.
void TopNRanking::drop_by_number(std::vector<std::uint32_t>& groups) const {
  const auto number = [&](std::uint32_t group) { return groups_.value_number(group, 0); };
  const auto least = std::ranges::min_element(groups, {}, number);
  std::iter_swap(groups.begin(), least);
  const auto last = groups.begin() + static_cast<std::ptrdiff_t>(order_.room);
  if (order_.metric.inverted)
    std::ranges::nth_element(groups.begin() + 1, last, groups.end(), std::greater<>(), number);
  else
    std::ranges::nth_element(groups.begin() + 1, last, groups.end(), {}, number);
  groups.erase(last + 1, groups.end());
}

/// Whether states tell something of the metric's order (engine/aggregator/ranked_states.h).
bool TopNRanking::has_ranks() const noexcept {
  return static_cast<std::size_t>(order_.metric_index) < outputs_.aggregators()->size();
}

/// The greater, the better.
std::vector<double> TopNRanking::all_ranks(std::span<const std::uint32_t> groups) const {
  std::vector<double> ranks(groups.size());
  for (std::size_t begin = 0; begin < groups.size(); begin += kRankedTogether) {
    poll_now();
    outputs_.aggregators()->ranks(groups_.states(0),
                                  groups.subspan(begin, std::min(kRankedTogether, groups.size() - begin)),
                                  static_cast<std::size_t>(order_.metric_index), ranks.data() + begin);
  }
  if (order_.metric.inverted) std::ranges::transform(ranks, ranks.begin(), std::negate<>());
  return ranks;
}

std::vector<TopNRanking::Ranked> TopNRanking::all(const std::vector<std::uint32_t>& groups) const {
  metrics_.clear();
  std::vector<Ranked> ranked;
  ranked.reserve(groups.size());
  for (const std::uint32_t group : groups) ranked.push_back(this->ranked(group, rank(group)));
  return ranked;
}

/// From the states alone, without making values of them; NaN where that cannot be.
double TopNRanking::rank(std::uint32_t group) const noexcept {
  if (!has_ranks()) return std::numeric_limits<double>::quiet_NaN();
  return outputs_.aggregators()->rank(groups_.states(group), static_cast<std::size_t>(order_.metric_index));
}

/// Or as bad. Never says so of a group that is better.
bool TopNRanking::is_behind(double rank, double worst) const noexcept {
  return are_same_rank(rank, worst) || (order_.metric.inverted ? rank > worst : rank < worst);
}

TopNRanking::Ranked TopNRanking::ranked(std::uint32_t group, double rank) const {
  if (order_.metric_index < 0) return {group, kNotKept, rank, &groups_.value(group, 0)};
  if (are_same_rank(rank, rank)) return {group, kNotKept, rank};
  metrics_.push_back(made_metric(group));
  return {group, static_cast<std::uint32_t>(metrics_.size() - 1), rank};
}

Value TopNRanking::metric(const Ranked& ranked) const {
  return ranked.place != kNotKept ? metrics_[ranked.place] : made_metric(ranked.group);
}

Value TopNRanking::made_metric(std::uint32_t group) const {
  return outputs_.ordered_by(groups_.states(group), static_cast<std::size_t>(order_.metric_index));
}

int TopNRanking::compare_metrics(const Ranked& left, const Ranked& right) const {
  if (order_.metric_index < 0) return compare_by_value(left, right);
  if (left.rank < right.rank || left.rank > right.rank)
    return (left.rank < right.rank) == order_.metric.inverted ? -1 : 1;
  if (are_same_rank(left.rank, right.rank)) return 0;
  return compare_made_metrics(metric(left), metric(right));
}

/// Null values come first, inverted or not.
int TopNRanking::compare_by_value(const Ranked& left, const Ranked& right) const {
  if (is_null(*left.value) != is_null(*right.value)) return is_null(*left.value) ? -1 : 1;
  const int order = order_.metric.compare(*left.value, *right.value);
  return order_.metric.inverted ? -order : order;
}

/// Null metrics come last, inverted or not; but of what ranks nulls highest they come first where it is not inverted.
int TopNRanking::compare_made_metrics(const Value& left, const Value& right) const {
  const auto index = static_cast<std::size_t>(order_.metric_index);
  if (is_null(left) != is_null(right)) {
    const bool nulls_first = !order_.metric.inverted && outputs_.nulls_rank_highest(index);
    return is_null(right) != nulls_first ? -1 : 1;
  }
  const int order = outputs_.compare(index, left, right);
  return order_.metric.inverted ? order : -order;
}

int TopNRanking::compare_dimensions(std::uint32_t left, std::uint32_t right) const {
  if (!numbers_ascend_) return compare_values(groups_.value(left, 0), groups_.value(right, 0));
  const std::uint32_t left_number = groups_.value_number(left, 0);
  const std::uint32_t right_number = groups_.value_number(right, 0);
  return left_number < right_number ? -1 : left_number > right_number;
}

bool TopNRanking::better(const Ranked& left, const Ranked& right) const {
  const int order = compare_metrics(left, right);
  if (order != 0 || order_.metric_index < 0) return order < 0;
  return compare_dimensions(left.group, right.group) < 0;
}

/// keep() by ranks alone; false where these do not tell enough.
bool TopNRanking::keep_ranked(const std::vector<std::uint32_t>& groups, std::vector<std::uint32_t>& kept) const {
  if (!has_ranks()) return false;
  const std::vector<double> ranks = all_ranks(groups);
  const auto tells_enough = [&](double rank) {  // which a zero below zero does not
    return are_same_rank(rank, rank) && (rank != 0 || std::signbit(rank) == order_.metric.inverted);
  };
  if (!std::ranges::all_of(ranks, tells_enough)) return false;
  std::vector<RankedGroup> ranked(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i) ranked[i] = {ranks[i], groups[i]};
  const auto smaller = [&](std::uint32_t left, std::uint32_t right) {
    poll();
    return compare_dimensions(left, right) < 0;
  };
  kept = groups_of(keep_best(std::move(ranked), order_.room, smaller));
  return true;
}

}  // namespace sarsen::engine
