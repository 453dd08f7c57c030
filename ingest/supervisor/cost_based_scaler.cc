#include "ingest/supervisor/cost_based_scaler.h"

#include <algorithm>

#include "ingest/row/period_field.h"
#include "ingest/supervisor/bounded_number.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

/// Druid's: with more than that and no row read, tasks are stuck, and more of them would not help.
constexpr std::int64_t kLagOfStuckTasks = 10'000;

double weight_or(const JsonField& json, double otherwise) {
  const double weight = json.present() ? json.number() : otherwise;
  if (!(weight >= 0)) json.fail("it must be >= 0");
  return weight;
}

/// A period, or milliseconds.
std::int64_t duration_or(const JsonField& json, std::int64_t otherwise) {
  if (json.present() && json.json().is_integer()) return number_in(json, otherwise, 0, INT64_MAX / 4);
  return period_ms_or(json, otherwise);
}

/// What versions after 37 have.
void refuse_later_fields(const JsonField& json) {
  for (const char* name :
       {"minScaleUpDelay", "useTaskCountBoundariesOnScaleUp", "useTaskCountBoundariesOnScaleDown",
        "optimalTaskIdleRatio", "usePollIdleRatio", "criticalLagThreshold", "minCostDropPercentForScaling"})
    if (json[name].present())
      throw Error(ErrorCategory::kUnsupported,
                  json[name].path() + ": it is not supported: costBased is that of Druid 37, and this is newer");
}

std::optional<double> read_ratio(const JsonField& json) {
  if (!json.present()) return std::nullopt;
  const double ratio = json.number();
  if (!(ratio > 0 && ratio <= 1)) json.fail("0.0 < stopTaskCountRatio <= 1.0");
  return ratio;
}

void read_task_counts(const JsonField& json, CostBasedConfig& config) {
  for (const char* name : {"taskCountMax", "taskCountMin"})
    if (!json[name].present()) json[name].fail("it is required when enableTaskAutoScaler is true");
  config.task_count_max = count_in(json["taskCountMax"], 1, 1);
  config.task_count_min = count_in(json["taskCountMin"], 1, 1);
  if (config.task_count_max < config.task_count_min) json["taskCountMax"].fail("it must be >= taskCountMin");
  if (!json["taskCountStart"].present()) return;
  config.task_count_start = count_in(json["taskCountStart"], 1, 1);
  if (*config.task_count_start < config.task_count_min || *config.task_count_start > config.task_count_max)
    json["taskCountStart"].fail("taskCountMin <= taskCountStart <= taskCountMax");
}

/// As Druid: in whole messages, and none of a partition that has less than none.
std::int64_t average(const std::vector<std::int64_t>& lags) {
  std::int64_t sum = 0;
  for (const std::int64_t lag : lags) sum += std::max<std::int64_t>(0, lag);
  return lags.empty() ? 0 : sum / static_cast<std::int64_t>(lags.size());
}

bool over(std::int64_t length_ms, const std::optional<std::int64_t>& since_ms, std::int64_t now_ms) {
  return !since_ms || now_ms - *since_ms >= length_ms;
}

}  // namespace

std::shared_ptr<const CostBasedConfig> parse_cost_based(const JsonField& json) {
  refuse_later_fields(json);
  CostBasedConfig config;
  config.scale_action_period_ms =
      number_in(json["scaleActionPeriodMillis"], config.scale_action_period_ms, 1, INT64_MAX / 4);
  config.min_trigger_scale_action_frequency_ms = number_in(
      json["minTriggerScaleActionFrequencyMillis"], config.min_trigger_scale_action_frequency_ms, 0, INT64_MAX / 4);
  config.min_scale_down_delay_ms = duration_or(json["minScaleDownDelay"], config.min_scale_down_delay_ms);
  config.weights.lag = weight_or(json["lagWeight"], config.weights.lag);
  config.weights.idle = weight_or(json["idleWeight"], config.weights.idle);
  config.use_task_count_boundaries = json["useTaskCountBoundaries"].boolean_or(false);
  const std::int64_t high_lag = number_in(json["highLagThreshold"], -1, INT32_MIN, INT32_MAX);
  if (high_lag > 0) config.high_lag_threshold = high_lag;
  config.scale_down_during_task_rollover_only = json["scaleDownDuringTaskRolloverOnly"].boolean_or(false);
  config.stop_task_count_ratio = read_ratio(json["stopTaskCountRatio"]);
  if (json["enableTaskAutoScaler"].boolean_or(false)) read_task_counts(json, config);
  return std::make_shared<const CostBasedConfig>(config);
}

std::unique_ptr<AutoScaler> CostBasedConfig::make(std::int64_t now_ms) const {
  return std::make_unique<CostBasedAutoScaler>(*this, now_ms);
}

TaskCountBounds CostBasedConfig::bounds() const noexcept {
  return {task_count_min, task_count_max, use_task_count_boundaries, high_lag_threshold};
}

CostBasedAutoScaler::CostBasedAutoScaler(const CostBasedConfig& config, std::int64_t now_ms)
    : config_(config), next_action_ms_(now_ms + config.scale_action_period_ms) {}

void CostBasedAutoScaler::collect(const ScalingMetrics& metrics, std::int64_t) {
  metrics_.reset();
  if (!metrics.lags || !metrics.rows_per_second || metrics.partitions == 0 || metrics.task_count == 0) return;
  const std::int64_t lag = average(*metrics.lags);
  if (*metrics.rows_per_second < 1 && lag > kLagOfStuckTasks)
    return log_warn("A partition is behind by {} messages on average, and no row is read: are the tasks stuck?", lag);
  metrics_ = {.task_count = metrics.task_count,
              .partitions = metrics.partitions,
              .average_lag = lag,
              .rows_per_second = *metrics.rows_per_second,
              .idle_ratio = metrics.idle_ratio};
}

void CostBasedAutoScaler::skip_action(std::int64_t now_ms) noexcept {
  next_action_ms_ = now_ms + config_.scale_action_period_ms;
}

std::optional<std::uint32_t> CostBasedAutoScaler::change(std::uint32_t task_count, std::int64_t now_ms) {
  if (!over(config_.min_trigger_scale_action_frequency_ms, last_change_ms_, now_ms)) return std::nullopt;
  last_change_ms_ = now_ms;
  return task_count;
}

std::optional<std::uint32_t> CostBasedAutoScaler::act(const ScalingMetrics& metrics, std::int64_t now_ms) {
  skip_action(now_ms);
  if (!metrics_ || !over(config_.min_scale_down_delay_ms, last_action_ms_, now_ms)) return std::nullopt;
  const std::uint32_t cheapest = cheapest_task_count(*metrics_, config_.bounds(), config_.weights);
  const bool fewer_now = !config_.scale_down_during_task_rollover_only;
  if (cheapest == metrics.task_count || (cheapest < metrics.task_count && !fewer_now)) return std::nullopt;
  log_info("{} tasks: lag {} of a partition, {:.1f} rows a second and idle {:.2f} of a task; {} would cost least",
           metrics.task_count, metrics_->average_lag, metrics_->rows_per_second, metrics_->idle_ratio.value_or(-1),
           cheapest);
  const auto wanted = change(cheapest, now_ms);
  if (wanted) last_action_ms_ = now_ms;
  return wanted;
}

std::optional<std::uint32_t> CostBasedAutoScaler::act_at_roll_over(std::uint32_t task_count, std::int64_t now_ms) {
  if (!config_.scale_down_during_task_rollover_only || !metrics_) return std::nullopt;
  const std::uint32_t cheapest = cheapest_task_count(*metrics_, config_.bounds(), config_.weights);
  return cheapest == task_count ? std::nullopt : change(cheapest, now_ms);
}

}  // namespace sarsen::ingest
