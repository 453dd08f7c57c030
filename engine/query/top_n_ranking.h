#pragma once
// The groups of one bucket of a topN in its order, best first, and what Druid's queue keeps of them. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/group/merged_groups.h"
#include "engine/query/outputs.h"
#include "engine/query/top_n_metric.h"

namespace sarsen::engine {

/// What a topN ranks by.
struct TopNOrder {
  TopNMetric metric;
  std::ptrdiff_t metric_index = -1;  // of the output to rank by; below 0: by the dimension's value
  std::size_t room = 1;              // how many values of a segment are kept
};

class TopNRanking {
 public:
  /// All three must outlive it.
  TopNRanking(const TopNOrder& order, const Outputs& outputs, const MergedGroups& groups);

  /// So many of these groups at most, best first.
  std::vector<std::uint32_t> best(const std::vector<std::uint32_t>& groups, std::size_t count) const;

  /// What Druid's queue keeps of groups that come in this order, best first: a group that comes late must be better
  /// than the worst by the metric, and of those that are equally bad the smallest value goes. Ranked by the dimension,
  /// null is kept only where there is room when it comes.
  std::vector<std::uint32_t> keep(const std::vector<std::uint32_t>& groups) const;

  /// Leaves out groups that keep() lets go in whatever order they come, as there is room only for better ones. So they
  /// need no order, and no values are made of them.
  void drop_hopeless(std::vector<std::uint32_t>& groups) const;

 private:
  /// A group with what tells most others from it, and where its metric is kept that tells the rest.
  struct Ranked {
    std::uint32_t group;
    std::uint32_t place;
    double rank;
    const Value* value = nullptr;  // of the dimension, where that is what ranks
  };

  bool is_by_number() const;
  void drop_by_number(std::vector<std::uint32_t>& groups) const;
  bool has_ranks() const noexcept;
  std::vector<double> all_ranks(std::span<const std::uint32_t> groups) const;
  double rank(std::uint32_t group) const noexcept;
  bool is_behind(double rank, double worst) const noexcept;
  std::vector<std::uint32_t> keep_by_value(const std::vector<std::uint32_t>& groups) const;
  bool keep_ranked(const std::vector<std::uint32_t>& groups, std::vector<std::uint32_t>& kept) const;
  bool keeps(const Ranked& one, const std::vector<Ranked>& queue) const;

  std::vector<Ranked> all(const std::vector<std::uint32_t>& groups) const;
  Ranked ranked(std::uint32_t group, double rank) const;
  Value metric(const Ranked& ranked) const;
  Value made_metric(std::uint32_t group) const;

  // Negative: the left one ranks higher.
  int compare_metrics(const Ranked& left, const Ranked& right) const;
  int compare_by_value(const Ranked& left, const Ranked& right) const;
  int compare_made_metrics(const Value& left, const Value& right) const;
  int compare_dimensions(std::uint32_t left, std::uint32_t right) const;
  bool better(const Ranked& left, const Ranked& right) const;

  const TopNOrder& order_;
  const Outputs& outputs_;
  const MergedGroups& groups_;
  bool numbers_ascend_;
  mutable std::vector<Value> metrics_;  // of the groups that are ranked just now
};

}  // namespace sarsen::engine
