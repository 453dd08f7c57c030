#include "ingest/supervisor/scaling_cost.h"

#include <algorithm>
#include <cmath>

namespace sarsen::ingest {
namespace {

// Druid's numbers.
constexpr double kLagAmplification = 0.05;
constexpr double kRowsPerSecondMin = 1000;  // so that a task that was just idle does not seem to be slow
constexpr double kIdleRatioUnknown = 0.5;
constexpr std::int64_t kPartitionsPerTaskUp = 4;    // that `near` allows above the present number
constexpr std::int64_t kPartitionsPerTaskDown = 2;  // and below it
constexpr double kPartitionDivisor = 6.4;

/// The higher the lag, the more urgent: it counts for more than its rows.
double seconds_to_catch_up(const CostMetrics& metrics, std::uint32_t task_count) noexcept {
  const double lag = metrics.aggregate_lag();
  if (lag <= 0) return 0;
  const double of_partition = lag / static_cast<double>(metrics.partitions);
  const double amplification = std::max(1.0, 1.0 + kLagAmplification * std::log(of_partition));
  return lag * amplification / (task_count * std::max(metrics.rows_per_second, kRowsPerSecondMin));
}

/// The work is the same, shared by `task_count` tasks.
double predicted_idle_ratio(const CostMetrics& metrics, std::uint32_t task_count) noexcept {
  if (!metrics.idle_ratio) return kIdleRatioUnknown;
  if (task_count == metrics.task_count) return *metrics.idle_ratio;
  const double busy = 1.0 - *metrics.idle_ratio;
  const double task_ratio = static_cast<double>(task_count) / metrics.task_count;
  return std::clamp(1.0 - busy / task_ratio, 0.0, 1.0);
}

/// How many partitions less a task may have because the lag is high: few tasks become many at once, many more slowly.
std::int64_t partitions_less(const CostMetrics& metrics, const TaskCountBounds& bounds) noexcept {
  if (!bounds.high_lag) return 0;
  const auto partitions = static_cast<double>(metrics.partitions);
  const double severity = metrics.aggregate_lag() / partitions / static_cast<double>(*bounds.high_lag);
  if (severity < 1) return 0;
  const double tasks = metrics.task_count;
  const double more = partitions / kPartitionDivisor / std::sqrt(tasks) * std::log(severity);
  const double target = std::min(static_cast<double>(bounds.most), tasks + more);
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(partitions / tasks - partitions / target)));
}

}  // namespace

double scaling_cost(const CostMetrics& metrics, std::uint32_t task_count, const CostWeights& weights) noexcept {
  return weights.lag * seconds_to_catch_up(metrics, task_count) +
         weights.idle * (task_count * predicted_idle_ratio(metrics, task_count));
}

std::vector<std::uint32_t> task_count_candidates(const CostMetrics& metrics, const TaskCountBounds& bounds) {
  const auto partitions = static_cast<std::int64_t>(metrics.partitions);
  std::int64_t most = partitions;  // partitions of a task
  std::int64_t least = 1;
  if (bounds.near) {
    const std::int64_t present = partitions / metrics.task_count;
    most = std::min(partitions, present + kPartitionsPerTaskUp);
    least = std::max(least, present - kPartitionsPerTaskDown - partitions_less(metrics, bounds));
  }
  std::vector<std::uint32_t> counts;
  for (std::int64_t of_task = most; of_task >= least; --of_task) {
    const auto count = static_cast<std::uint32_t>((partitions + of_task - 1) / of_task);
    if (count < bounds.least || count > bounds.most) continue;
    if (counts.empty() || counts.back() != count) counts.push_back(count);
  }
  return counts;
}

std::uint32_t cheapest_task_count(const CostMetrics& metrics, const TaskCountBounds& bounds,
                                  const CostWeights& weights) {
  std::uint32_t cheapest = metrics.task_count;
  double least = scaling_cost(metrics, cheapest, weights);
  for (const std::uint32_t count : task_count_candidates(metrics, bounds)) {
    const double cost = scaling_cost(metrics, count, weights);
    if (cost >= least) continue;
    cheapest = count;
    least = cost;
  }
  return cheapest;
}

}  // namespace sarsen::ingest
