#pragma once
// Druid's costBased autoscaler, as of Druid 37.0.0 (Druid 33 has none): of the numbers of tasks that share the
// partitions out evenly it asks for the one that costs least (scaling_cost.h). ioConfig.taskCount, which lagBased
// ignores, is where it begins, also after a restart.

#include <cstdint>
#include <memory>
#include <optional>

#include "ingest/supervisor/auto_scaler.h"
#include "ingest/supervisor/scaling_cost.h"

namespace sarsen::ingest {

struct CostBasedConfig final : AutoScalerConfig {
  std::optional<std::uint32_t> task_count_start = {};
  std::int64_t scale_action_period_ms = 600'000;
  std::int64_t min_trigger_scale_action_frequency_ms = 300'000;
  std::int64_t min_scale_down_delay_ms = 1'800'000;  // as in Druid, of changes in both directions
  CostWeights weights = {};
  bool use_task_count_boundaries = false;
  std::optional<std::int64_t> high_lag_threshold = {};
  bool scale_down_during_task_rollover_only = false;

  std::unique_ptr<AutoScaler> make(std::int64_t now_ms) const override;
  std::optional<std::uint32_t> first_task_count(std::optional<std::uint32_t> given) const override {
    return task_count_start ? task_count_start : given;
  }
  TaskCountBounds bounds() const noexcept;
};

/// Throws kInvalidInput naming the field.
std::shared_ptr<const CostBasedConfig> parse_cost_based(const JsonField& json);

class CostBasedAutoScaler final : public AutoScaler {
 public:
  CostBasedAutoScaler(const CostBasedConfig& config, std::int64_t now_ms);

  std::int64_t next_ms() const noexcept override { return next_action_ms_; }
  bool collection_is_due(std::int64_t now_ms) const noexcept override { return action_is_due(now_ms); }
  bool action_is_due(std::int64_t now_ms) const noexcept override { return now_ms >= next_action_ms_; }
  void collect(const ScalingMetrics& metrics, std::int64_t now_ms) override;
  void skip_action(std::int64_t now_ms) noexcept override;
  std::optional<std::uint32_t> act(const ScalingMetrics& metrics, std::int64_t now_ms) override;
  std::optional<std::uint32_t> act_at_roll_over(std::uint32_t task_count, std::int64_t now_ms) override;

 private:
  std::optional<std::uint32_t> change(std::uint32_t task_count, std::int64_t now_ms);

  const CostBasedConfig config_;
  std::int64_t next_action_ms_;
  std::optional<CostMetrics> metrics_;  // the newest; nullopt: not enough is known
  std::optional<std::int64_t> last_change_ms_;
  std::optional<std::int64_t> last_action_ms_;  // of the changes, those of act()
};

}  // namespace sarsen::ingest
