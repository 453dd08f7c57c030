#include "ingest/supervisor/cost_based_scaler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::shared_ptr<const CostBasedConfig> config(const std::string& more = "") {
  const Json json = Json::parse(
      R"({"autoScalerStrategy":"costBased","enableTaskAutoScaler":true,"taskCountMin":1,"taskCountMax":12)" + more +
      "}");
  const auto parsed = AutoScalerConfig::parse(JsonField(json));
  return std::dynamic_pointer_cast<const CostBasedConfig>(parsed);
}

std::string problem(const std::string& text) {
  const Json json = Json::parse(R"({"autoScalerStrategy":"costBased",)" + text + "}");
  try {
    return AutoScalerConfig::parse(JsonField(json)) ? "enabled" : "none";
  } catch (const Error& error) {
    return error.what();
  }
}

/// Of twelve partitions.
ScalingMetrics metrics(std::uint32_t tasks, std::int64_t lag, double idle_ratio, double rows_per_second = 2000) {
  return {.active_tasks = tasks,
          .task_count = tasks,
          .partitions = 12,
          .lags = std::vector<std::int64_t>(12, lag),
          .rows_per_second = rows_per_second,
          .idle_ratio = idle_ratio};
}

ScalingMetrics busy(std::uint32_t tasks) { return metrics(tasks, 1'000'000, 0); }
ScalingMetrics idle(std::uint32_t tasks) { return metrics(tasks, 0, 0.9); }

std::optional<std::uint32_t> act(CostBasedAutoScaler& scaler, const ScalingMetrics& metrics, std::int64_t now_ms) {
  scaler.collect(metrics, now_ms);
  return scaler.act(metrics, now_ms);
}

class CostBasedScalerTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kOff); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }
};

TEST_F(CostBasedScalerTest, HasDruidsDefaults) {
  const auto parsed = config();
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->task_count_min, 1u);
  EXPECT_EQ(parsed->task_count_max, 12u);
  EXPECT_EQ(parsed->scale_action_period_ms, 600'000);
  EXPECT_EQ(parsed->min_trigger_scale_action_frequency_ms, 300'000);
  EXPECT_EQ(parsed->min_scale_down_delay_ms, 1'800'000);
  EXPECT_EQ(parsed->weights.lag, 0.25);
  EXPECT_EQ(parsed->weights.idle, 0.75);
  EXPECT_FALSE(parsed->use_task_count_boundaries);
  EXPECT_FALSE(parsed->high_lag_threshold);
  EXPECT_FALSE(parsed->scale_down_during_task_rollover_only);
  EXPECT_FALSE(parsed->stop_task_count_ratio);
}

TEST_F(CostBasedScalerTest, ReadsItsFields) {
  const auto parsed = config(R"(,"scaleActionPeriodMillis":1,"minTriggerScaleActionFrequencyMillis":2,
      "minScaleDownDelay":"PT3S","lagWeight":4,"idleWeight":5,"useTaskCountBoundaries":true,"highLagThreshold":6,
      "scaleDownDuringTaskRolloverOnly":true,"stopTaskCountRatio":0.5,"taskCountStart":7)");
  EXPECT_EQ(parsed->scale_action_period_ms, 1);
  EXPECT_EQ(parsed->min_trigger_scale_action_frequency_ms, 2);
  EXPECT_EQ(parsed->min_scale_down_delay_ms, 3000);
  EXPECT_EQ(parsed->weights.lag, 4);
  EXPECT_EQ(parsed->weights.idle, 5);
  EXPECT_TRUE(parsed->bounds().near);
  EXPECT_EQ(parsed->bounds().high_lag, 6);
  EXPECT_TRUE(parsed->scale_down_during_task_rollover_only);
  EXPECT_EQ(parsed->stop_task_count_ratio, 0.5);
  EXPECT_EQ(config(R"(,"minScaleDownDelay":3)")->min_scale_down_delay_ms, 3) << "milliseconds";
  EXPECT_FALSE(config(R"(,"highLagThreshold":0)")->bounds().high_lag);
}

TEST_F(CostBasedScalerTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(problem(R"("enableTaskAutoScaler":true,"taskCountMin":1)"), HasSubstr("taskCountMax"));
  EXPECT_THAT(problem(R"("enableTaskAutoScaler":true,"taskCountMax":1)"), HasSubstr("taskCountMin"));
  EXPECT_THAT(problem(R"("enableTaskAutoScaler":true,"taskCountMin":3,"taskCountMax":2)"), HasSubstr("taskCountMax"));
  EXPECT_THAT(problem(R"("enableTaskAutoScaler":true,"taskCountMin":3,"taskCountMax":4,"taskCountStart":5)"),
              HasSubstr("taskCountMin <= taskCountStart <= taskCountMax"));
  EXPECT_THAT(problem(R"("stopTaskCountRatio":0)"), HasSubstr("0.0 < stopTaskCountRatio <= 1.0"));
  EXPECT_THAT(problem(R"("stopTaskCountRatio":1.5)"), HasSubstr("stopTaskCountRatio"));
  EXPECT_THAT(problem(R"("lagWeight":-1)"), HasSubstr("lagWeight"));
  EXPECT_THAT(problem(R"("idleWeight":-0.5)"), HasSubstr("idleWeight"));
  EXPECT_THAT(problem(R"("minScaleDownDelay":"-PT1S")"), HasSubstr("minScaleDownDelay"));
  EXPECT_THAT(problem(R"("minScaleDownDelay":-1)"), HasSubstr("minScaleDownDelay"));
  EXPECT_THAT(problem(R"("criticalLagThreshold":1000)"),
              AllOf(HasSubstr("criticalLagThreshold"), HasSubstr("not supported")));
  EXPECT_EQ(problem(R"("taskCountMin":3,"taskCountMax":2)"), "none") << "not enabled";
}

TEST_F(CostBasedScalerTest, BeginsWithTheStartOrTheCount) {
  EXPECT_EQ(config(R"(,"taskCountStart":7)")->first_task_count(5), 7u);
  EXPECT_EQ(config()->first_task_count(5), 5u);
  EXPECT_EQ(config()->first_task_count(std::nullopt), std::nullopt);
}

TEST_F(CostBasedScalerTest, KeepsToItsPeriod) {
  CostBasedAutoScaler scaler(*config(), 1000);
  EXPECT_EQ(scaler.next_ms(), 601'000);
  EXPECT_FALSE(scaler.action_is_due(600'999));
  EXPECT_TRUE(scaler.collection_is_due(601'000));
  scaler.skip_action(601'000);
  EXPECT_EQ(scaler.next_ms(), 1'201'000);
}

TEST_F(CostBasedScalerTest, AsksForWhatCostsLeast) {
  const auto asks = [](const ScalingMetrics& metrics) {
    CostBasedAutoScaler scaler(*config(), 0);
    return act(scaler, metrics, 600'000);
  };
  EXPECT_EQ(asks(busy(2)), 12u);
  EXPECT_EQ(asks(busy(12)), std::nullopt);
  EXPECT_EQ(asks(idle(12)), 1u);
}

TEST_F(CostBasedScalerTest, LeavesTheNumberWhereTooLittleIsKnown) {
  const auto asks = [](auto change) {
    CostBasedAutoScaler scaler(*config(), 0);
    ScalingMetrics changed = busy(2);
    change(changed);
    return act(scaler, changed, 600'000);
  };
  EXPECT_EQ(asks([](ScalingMetrics&) {}), 12u);
  EXPECT_EQ(asks([](ScalingMetrics& metrics) { metrics.lags.reset(); }), std::nullopt);
  EXPECT_EQ(asks([](ScalingMetrics& metrics) { metrics.rows_per_second.reset(); }), std::nullopt);
  EXPECT_EQ(asks([](ScalingMetrics& metrics) { metrics.partitions = 0; }), std::nullopt);
  EXPECT_EQ(asks([](ScalingMetrics& metrics) { metrics.rows_per_second = 0.9; }), std::nullopt) << "tasks are stuck";
  EXPECT_EQ(asks([](ScalingMetrics& metrics) { metrics.idle_ratio.reset(); }), 12u);
}

TEST_F(CostBasedScalerTest, WaitsBetweenChanges) {
  CostBasedAutoScaler scaler(*config(), 0);
  ASSERT_EQ(act(scaler, busy(2), 600'000), 12u);
  EXPECT_EQ(act(scaler, idle(12), 600'000 + 1'799'999), std::nullopt);
  EXPECT_EQ(act(scaler, idle(12), 600'000 + 1'800'000), 1u);
  CostBasedAutoScaler often(*config(R"(,"minScaleDownDelay":"PT0S")"), 0);
  ASSERT_EQ(act(often, busy(2), 600'000), 12u);
  EXPECT_EQ(act(often, idle(12), 600'000 + 299'999), std::nullopt);
  EXPECT_EQ(act(often, idle(12), 600'000 + 300'000), 1u);
}

TEST_F(CostBasedScalerTest, AsksForFewerOnlyWhenTasksEndAnywayIfSoToldTo) {
  CostBasedAutoScaler scaler(*config(R"(,"scaleDownDuringTaskRolloverOnly":true)"), 0);
  EXPECT_EQ(scaler.act_at_roll_over(12, 0), std::nullopt) << "nothing is known";
  EXPECT_EQ(act(scaler, idle(12), 600'000), std::nullopt);
  EXPECT_EQ(scaler.act_at_roll_over(12, 600'001), 1u);
  EXPECT_EQ(act(scaler, busy(1), 1'200'000), 12u) << "more at any time";
  EXPECT_EQ(scaler.act_at_roll_over(12, 1'200'001), std::nullopt);
  CostBasedAutoScaler any_time(*config(), 0);
  any_time.collect(idle(12), 0);
  EXPECT_EQ(any_time.act_at_roll_over(12, 0), std::nullopt);
}

}  // namespace
}  // namespace sarsen::ingest
