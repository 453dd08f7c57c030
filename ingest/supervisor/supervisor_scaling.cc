// How a supervisor's number of tasks follows what it measures.
#include <algorithm>

#include "ingest/supervisor/supervisor.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

/// Of what there is of it.
class Average {
 public:
  void add(double value) noexcept {
    sum_ += value;
    ++count_;
  }
  std::optional<double> value() const noexcept { return count_ == 0 ? std::nullopt : std::optional(sum_ / count_); }

 private:
  double sum_ = 0;
  int count_ = 0;
};

}  // namespace

/// Of partitions that are known on both sides, as Druid.
std::optional<std::vector<std::int64_t>> Supervisor::lags(const Position& stored) const {
  if (!ranges_) return std::nullopt;
  std::vector<std::int64_t> lags;
  const Position current = current_offsets(stored);
  for (const auto& [partition, range] : *ranges_)
    if (const auto offset = current.next_offsets.find(partition); offset != current.next_offsets.end())
      lags.push_back(range.high - offset->second);
  return lags;
}

ScalingMetrics Supervisor::scaling_metrics(const Position& stored) const {
  ScalingMetrics metrics{.active_tasks = static_cast<std::uint32_t>(entries_.size()),
                         .task_count = present_spec_->io.task_count,
                         .partitions = partitions_.size(),
                         .lags = lags(stored)};
  Average rows_per_second;
  Average idle_ratio;
  for (const Entry& entry : entries_) {
    rows_per_second.add(entry.task->rates().processed_per_second());
    if (const auto ratio = entry.task->idle_ratio()) idle_ratio.add(*ratio);
  }
  metrics.rows_per_second = rows_per_second.value();
  metrics.idle_ratio = idle_ratio.value();
  return metrics;
}

/// While tasks publish, nothing changes.
void Supervisor::scale() {
  const std::int64_t now_ms = services_.clock();
  if (!scaler_ || spec_->suspended || now_ms < scaler_->next_ms()) return;
  const Position stored = stored_offsets();
  std::optional<std::uint32_t> wanted;
  {
    const std::lock_guard lock(mutex_);
    const ScalingMetrics metrics = scaling_metrics(stored);
    if (scaler_->collection_is_due(now_ms)) scaler_->collect(metrics, now_ms);
    if (!scaler_->action_is_due(now_ms)) return;
    const bool busy = std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.finishing; });
    if (busy || !wants_tasks()) return scaler_->skip_action(now_ms);
    wanted = scaler_->act(metrics, now_ms);
  }
  if (wanted) change_task_count(*wanted);
}

void Supervisor::scale_at_roll_over() {
  if (!scaler_) return;
  const auto wanted = scaler_->act_at_roll_over(present_spec_->io.task_count, services_.clock());
  if (wanted) change_task_count(*wanted);
}

void Supervisor::change_task_count(std::uint32_t task_count) {
  std::shared_ptr<const SupervisorSpec> changed;
  {
    const std::lock_guard lock(mutex_);
    log_info("Supervisor[{}]: taskCount becomes {} instead of {}: tasks publish, and others begin", spec_->id,
             task_count, present_spec_->io.task_count);
    finish_tasks(nullptr);
    present_spec_ = changed = present_spec_->with_task_count(task_count);
    regrouping_ = true;
    held_back_.clear();  // groups of other partitions
  }
  keep_spec_(*this, *changed);
}

}  // namespace sarsen::ingest
