#include "ingest/supervisor/lag_based_scaler.h"

#include <algorithm>
#include <numeric>

#include "ingest/supervisor/bounded_number.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kLagsMax = 1'000'000;  // that are kept

double number_or(const JsonField& json, double otherwise) { return json.present() ? json.number() : otherwise; }

LagAggregate parse_aggregate(const JsonField& json) {
  const std::string name = json.string_or("SUM");
  if (name == "SUM") return LagAggregate::kSum;
  if (name == "MAX") return LagAggregate::kMax;
  if (name == "AVERAGE") return LagAggregate::kAverage;
  json.fail("SUM, MAX or AVERAGE is wanted, not " + name);
}

void read_times(const JsonField& json, LagBasedConfig& config) {
  const auto read = [&](const char* name, std::int64_t& value, std::int64_t least) {
    value = number_in(json[name], value, least, INT64_MAX / 4);
  };
  read("lagCollectionIntervalMillis", config.lag_collection_interval_ms, 1);
  read("lagCollectionRangeMillis", config.lag_collection_range_ms, 0);
  read("scaleActionStartDelayMillis", config.scale_action_start_delay_ms, 0);
  read("scaleActionPeriodMillis", config.scale_action_period_ms, 1);
  read("minTriggerScaleActionFrequencyMillis", config.min_trigger_scale_action_frequency_ms, 0);
  if (config.lag_collection_range_ms / config.lag_collection_interval_ms >= kLagsMax)
    json["lagCollectionIntervalMillis"].fail("at most " + std::to_string(kLagsMax) +
                                             " of them fit into lagCollectionRangeMillis");
}

void read_task_counts(const JsonField& json, LagBasedConfig& config) {
  if (!json["taskCountMax"].present() || !json["taskCountMin"].present())
    json.fail("taskCountMax or taskCountMin can't be null!");
  config.task_count_max = count_in(json["taskCountMax"], 1, 1);
  config.task_count_min = count_in(json["taskCountMin"], 1, 1);
  if (config.task_count_max < config.task_count_min)
    json["taskCountMax"].fail("taskCountMax can't lower than taskCountMin!");
}

}  // namespace

std::shared_ptr<const LagBasedConfig> parse_lag_based(const JsonField& json) {
  LagBasedConfig config;
  read_times(json, config);
  config.scale_out_threshold = json["scaleOutThreshold"].integer_or(config.scale_out_threshold);
  config.scale_in_threshold = json["scaleInThreshold"].integer_or(config.scale_in_threshold);
  config.trigger_scale_out_fraction =
      number_or(json["triggerScaleOutFractionThreshold"], config.trigger_scale_out_fraction);
  config.trigger_scale_in_fraction =
      number_or(json["triggerScaleInFractionThreshold"], config.trigger_scale_in_fraction);
  config.scale_in_step = count_in(json["scaleInStep"], config.scale_in_step, 0);
  config.scale_out_step = count_in(json["scaleOutStep"], config.scale_out_step, 0);
  config.lag_aggregate = parse_aggregate(json["lagAggregate"]);
  if (json["enableTaskAutoScaler"].boolean_or(false)) read_task_counts(json, config);
  return std::make_shared<const LagBasedConfig>(config);
}

std::unique_ptr<AutoScaler> LagBasedConfig::make(std::int64_t now_ms) const {
  return std::make_unique<LagBasedAutoScaler>(*this, now_ms);
}

LagBasedAutoScaler::LagBasedAutoScaler(const LagBasedConfig& config, std::int64_t now_ms)
    : config_(config),
      lags_max_(static_cast<std::size_t>(config.lag_collection_range_ms / config.lag_collection_interval_ms) + 1),
      next_collection_ms_(now_ms + config.scale_action_start_delay_ms),
      next_action_ms_(next_collection_ms_ + config.lag_collection_range_ms) {}

std::int64_t LagBasedAutoScaler::next_ms() const noexcept { return std::min(next_collection_ms_, next_action_ms_); }

std::int64_t LagBasedAutoScaler::aggregate(const std::vector<std::int64_t>& lags) const {
  if (lags.empty()) return 0;
  const std::int64_t sum = std::accumulate(lags.begin(), lags.end(), std::int64_t{0});
  if (config_.lag_aggregate == LagAggregate::kMax) return *std::max_element(lags.begin(), lags.end());
  return config_.lag_aggregate == LagAggregate::kSum ? sum : sum / static_cast<std::int64_t>(lags.size());
}

/// What is not known counts as no lag, as in Druid.
void LagBasedAutoScaler::collect(const ScalingMetrics& metrics, std::int64_t now_ms) {
  next_collection_ms_ = now_ms + config_.lag_collection_interval_ms;
  lags_.push_back(metrics.lags ? std::max<std::int64_t>(0, aggregate(*metrics.lags)) : 0);
  if (lags_.size() > lags_max_) lags_.pop_front();
}

void LagBasedAutoScaler::skip_action(std::int64_t now_ms) noexcept {
  next_action_ms_ = now_ms + config_.scale_action_period_ms;
}

std::optional<std::uint32_t> LagBasedAutoScaler::act(const ScalingMetrics& metrics, std::int64_t now_ms) {
  skip_action(now_ms);
  const std::uint32_t tasks = metrics.active_tasks;
  const auto wanted = desired(tasks, metrics.partitions);
  const bool too_soon = last_change_ms_ && now_ms - *last_change_ms_ < config_.min_trigger_scale_action_frequency_ms;
  if (!wanted || *wanted == tasks || too_soon) return std::nullopt;
  last_change_ms_ = now_ms;
  lags_.clear();
  return wanted;
}

/// As Druid: more tasks are asked for before fewer.
std::optional<std::uint32_t> LagBasedAutoScaler::desired(std::uint32_t tasks, std::size_t partitions) const {
  if (lags_.empty() || partitions == 0) return std::nullopt;
  const auto share = [&](auto condition) {
    return static_cast<double>(std::count_if(lags_.begin(), lags_.end(), condition)) /
           static_cast<double>(lags_.size());
  };
  const double beyond = share([&](std::int64_t lag) { return lag >= config_.scale_out_threshold; });
  const double within = share([&](std::int64_t lag) { return lag <= config_.scale_in_threshold; });
  const std::int64_t most = static_cast<std::int64_t>(std::min<std::size_t>(config_.task_count_max, partitions));
  const std::int64_t least = static_cast<std::int64_t>(std::min<std::size_t>(config_.task_count_min, partitions));
  const std::int64_t present = tasks;
  if (beyond >= config_.trigger_scale_out_fraction) {
    if (present == most) return std::nullopt;
    return static_cast<std::uint32_t>(std::min(present + config_.scale_out_step, most));
  }
  if (within < config_.trigger_scale_in_fraction || present == least) return std::nullopt;
  return static_cast<std::uint32_t>(std::max(present - config_.scale_in_step, least));
}

}  // namespace sarsen::ingest
