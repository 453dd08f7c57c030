#pragma once
// What a number of reading tasks would cost, and which numbers there are to choose from: Druid's WeightedCostFunction
// and the candidates of its CostBasedAutoScaler, both as of Druid 37.0.0. A cost is the time in seconds that the tasks
// need to catch up, and the share of them that would have nothing to do, each with its weight.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sarsen::ingest {

/// What is known of the present tasks.
struct CostMetrics {
  std::uint32_t task_count = 1;
  std::size_t partitions = 1;
  std::int64_t average_lag = 0;           // of a partition
  double rows_per_second = 0;             // of a task, on average
  std::optional<double> idle_ratio = {};  // of a task's time, on average

  double aggregate_lag() const noexcept { return static_cast<double>(average_lag) * static_cast<double>(partitions); }
};

struct CostWeights {
  double lag = 0.25;
  double idle = 0.75;
};

/// What `task_count` tasks would cost. REQUIRES: neither `task_count` nor metrics.partitions is 0.
double scaling_cost(const CostMetrics& metrics, std::uint32_t task_count, const CostWeights& weights) noexcept;

struct TaskCountBounds {
  std::uint32_t least = 1;
  std::uint32_t most = 1;
  bool near = false;                          // only numbers with nearly as many partitions to a task as at present
  std::optional<std::int64_t> high_lag = {};  // of a partition; beyond it `near` reaches further up
};

/// The numbers of tasks that share the partitions out evenly, ascending. REQUIRES: metrics.task_count is not 0.
std::vector<std::uint32_t> task_count_candidates(const CostMetrics& metrics, const TaskCountBounds& bounds);

/// The candidate that costs least; the present number where none costs less.
std::uint32_t cheapest_task_count(const CostMetrics& metrics, const TaskCountBounds& bounds,
                                  const CostWeights& weights);

}  // namespace sarsen::ingest
