#pragma once
// Druid's lagBased autoscaler: of the lags of late, a share beyond a threshold asks for more tasks, or for fewer.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "ingest/supervisor/auto_scaler.h"

namespace sarsen::ingest {

enum class LagAggregate : std::uint8_t { kSum, kMax, kAverage };

struct LagBasedConfig final : AutoScalerConfig {
  std::int64_t lag_collection_interval_ms = 30'000;
  std::int64_t lag_collection_range_ms = 600'000;
  std::int64_t scale_action_start_delay_ms = 300'000;
  std::int64_t scale_action_period_ms = 60'000;
  std::int64_t scale_out_threshold = 6'000'000;
  std::int64_t scale_in_threshold = 1'000'000;
  double trigger_scale_out_fraction = 0.3;
  double trigger_scale_in_fraction = 0.9;
  std::uint32_t scale_in_step = 1;
  std::uint32_t scale_out_step = 2;
  std::int64_t min_trigger_scale_action_frequency_ms = 600'000;
  LagAggregate lag_aggregate = LagAggregate::kSum;

  std::unique_ptr<AutoScaler> make(std::int64_t now_ms) const override;
  /// As Druid 33, whatever is given.
  std::optional<std::uint32_t> first_task_count(std::optional<std::uint32_t>) const override { return task_count_min; }
};

/// Throws kInvalidInput naming the field.
std::shared_ptr<const LagBasedConfig> parse_lag_based(const JsonField& json);

class LagBasedAutoScaler final : public AutoScaler {
 public:
  LagBasedAutoScaler(const LagBasedConfig& config, std::int64_t now_ms);

  std::int64_t next_ms() const noexcept override;
  bool collection_is_due(std::int64_t now_ms) const noexcept override { return now_ms >= next_collection_ms_; }
  bool action_is_due(std::int64_t now_ms) const noexcept override { return now_ms >= next_action_ms_; }
  void collect(const ScalingMetrics& metrics, std::int64_t now_ms) override;
  void skip_action(std::int64_t now_ms) noexcept override;
  std::optional<std::uint32_t> act(const ScalingMetrics& metrics, std::int64_t now_ms) override;
  std::optional<std::uint32_t> act_at_roll_over(std::uint32_t, std::int64_t) override { return std::nullopt; }

 private:
  std::optional<std::uint32_t> desired(std::uint32_t tasks, std::size_t partitions) const;
  std::int64_t aggregate(const std::vector<std::int64_t>& lags) const;

  const LagBasedConfig config_;
  const std::size_t lags_max_;
  std::deque<std::int64_t> lags_;  // the newest last
  std::int64_t next_collection_ms_;
  std::int64_t next_action_ms_;
  std::optional<std::int64_t> last_change_ms_;
};

}  // namespace sarsen::ingest
