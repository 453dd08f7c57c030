#pragma once
// By how much a supervisor's number of reading tasks should change: Druid's lagBased autoscaler. It is told the lag now
// and then; of those of late, a share beyond a threshold asks for more tasks, or for fewer. Times are given by the
// caller. Not thread-safe: its supervisor's thread.

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

enum class LagAggregate : std::uint8_t { kSum, kMax, kAverage };

struct AutoScalerConfig {
  std::int64_t lag_collection_interval_ms = 30'000;
  std::int64_t lag_collection_range_ms = 600'000;
  std::int64_t scale_action_start_delay_ms = 300'000;
  std::int64_t scale_action_period_ms = 60'000;
  std::int64_t scale_out_threshold = 6'000'000;
  std::int64_t scale_in_threshold = 1'000'000;
  double trigger_scale_out_fraction = 0.3;
  double trigger_scale_in_fraction = 0.9;
  std::uint32_t task_count_min = 1;
  std::uint32_t task_count_max = 1;
  std::uint32_t scale_in_step = 1;
  std::uint32_t scale_out_step = 2;
  std::int64_t min_trigger_scale_action_frequency_ms = 600'000;
  LagAggregate lag_aggregate = LagAggregate::kSum;

  /// ioConfig's autoScalerConfig; nullopt where it is absent or not enabled. Throws kInvalidInput naming the field,
  /// kUnsupported for another strategy.
  static std::optional<AutoScalerConfig> parse(const JsonField& json);
};

class LagBasedAutoScaler {
 public:
  LagBasedAutoScaler(const AutoScalerConfig& config, std::int64_t now_ms);

  /// When the next of the two below is due.
  std::int64_t next_ms() const noexcept;
  bool collection_is_due(std::int64_t now_ms) const noexcept { return now_ms >= next_collection_ms_; }
  bool action_is_due(std::int64_t now_ms) const noexcept { return now_ms >= next_action_ms_; }

  /// The lags of the partitions; none where they are not known.
  void collect(const std::vector<std::int64_t>& lags, std::int64_t now_ms);
  /// This time nothing is to change, as where tasks publish still.
  void skip_action(std::int64_t now_ms) noexcept;
  /// How many tasks there should be instead of `tasks`; nullopt: as many.
  std::optional<std::uint32_t> act(std::uint32_t tasks, std::size_t partitions, std::int64_t now_ms);

 private:
  std::optional<std::uint32_t> desired(std::uint32_t tasks, std::size_t partitions) const;
  std::int64_t aggregate(const std::vector<std::int64_t>& lags) const;

  const AutoScalerConfig config_;
  const std::size_t lags_max_;
  std::deque<std::int64_t> lags_;  // the newest last
  std::int64_t next_collection_ms_;
  std::int64_t next_action_ms_;
  std::optional<std::int64_t> last_change_ms_;
};

}  // namespace sarsen::ingest
