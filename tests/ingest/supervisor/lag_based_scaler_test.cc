#include "ingest/supervisor/lag_based_scaler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

LagBasedConfig config(const std::string& more = "") {
  const Json json = Json::parse(R"({"enableTaskAutoScaler":true,"taskCountMin":1,"taskCountMax":6,
      "lagCollectionIntervalMillis":10,"lagCollectionRangeMillis":90,"scaleActionStartDelayMillis":100,
      "scaleActionPeriodMillis":50,"scaleOutThreshold":1000,"scaleInThreshold":10,
      "minTriggerScaleActionFrequencyMillis":500)" +
                                more + "}");
  return *parse_lag_based(JsonField(json));
}

ScalingMetrics metrics(std::uint32_t tasks, std::size_t partitions) {
  return {.active_tasks = tasks, .task_count = tasks, .partitions = partitions};
}

/// `count` lags of one partition, one for each interval. When the last one was taken.
std::int64_t collect(LagBasedAutoScaler& scaler, int count, std::int64_t lag) {
  std::int64_t now_ms = 0;
  for (int i = 0; i < count; ++i) {
    while (!scaler.collection_is_due(now_ms)) ++now_ms;
    scaler.collect({.lags = {{lag}}}, now_ms);
  }
  return now_ms;
}

std::string problem(const std::string& text) {
  const Json json = Json::parse(text);
  try {
    return AutoScalerConfig::parse(JsonField(json)) ? "enabled" : "none";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(LagBasedScalerTest, HasDruidsDefaults) {
  const Json json = Json::parse(R"({"enableTaskAutoScaler":true,"taskCountMin":2,"taskCountMax":3})");
  const auto parsed = parse_lag_based(JsonField(json));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->lag_collection_interval_ms, 30'000);
  EXPECT_EQ(parsed->lag_collection_range_ms, 600'000);
  EXPECT_EQ(parsed->scale_action_start_delay_ms, 300'000);
  EXPECT_EQ(parsed->scale_action_period_ms, 60'000);
  EXPECT_EQ(parsed->scale_out_threshold, 6'000'000);
  EXPECT_EQ(parsed->scale_in_threshold, 1'000'000);
  EXPECT_EQ(parsed->trigger_scale_out_fraction, 0.3);
  EXPECT_EQ(parsed->trigger_scale_in_fraction, 0.9);
  EXPECT_EQ(parsed->scale_in_step, 1u);
  EXPECT_EQ(parsed->scale_out_step, 2u);
  EXPECT_EQ(parsed->min_trigger_scale_action_frequency_ms, 600'000);
}

TEST(LagBasedScalerTest, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(problem(R"({"autoScalerStrategy":"lagbased"})"), HasSubstr("lagBased"));
  EXPECT_THAT(problem(R"({"enableTaskAutoScaler":true,"taskCountMin":3,"taskCountMax":2})"),
              HasSubstr("taskCountMax can't lower than taskCountMin!"));
  EXPECT_THAT(problem(R"({"enableTaskAutoScaler":true,"taskCountMin":0,"taskCountMax":2})"), HasSubstr("taskCountMin"));
  EXPECT_THAT(problem(R"({"lagCollectionIntervalMillis":0})"), HasSubstr("lagCollectionIntervalMillis"));
  EXPECT_THAT(problem(R"({"lagAggregate":"MEDIAN"})"), HasSubstr("lagAggregate"));
  EXPECT_EQ(problem(R"({"taskCountMin":3,"taskCountMax":2,"stopTaskCountRatio":0.5})"), "none");
  EXPECT_EQ(problem(R"({"enableTaskAutoScaler":true,"taskCountMin":1,"taskCountMax":2})"), "enabled");
}

TEST(LagBasedScalerTest, KeepsToItsTimes) {
  LagBasedAutoScaler scaler(config(), 1000);
  EXPECT_EQ(scaler.next_ms(), 1100) << "the start delay";
  scaler.collect({.lags = {{5}}}, 1100);
  EXPECT_EQ(scaler.next_ms(), 1110) << "the collection interval";
  EXPECT_FALSE(scaler.action_is_due(1189));
  EXPECT_TRUE(scaler.action_is_due(1190)) << "the delay and the range";
  scaler.act(metrics(1, 10), 1190);
  EXPECT_FALSE(scaler.action_is_due(1239));
  EXPECT_TRUE(scaler.action_is_due(1240)) << "the period";
}

TEST(LagBasedScalerTest, AsksForMoreTasksWhereTheLagIsOftenHigh) {
  LagBasedAutoScaler scaler(config(), 0);
  collect(scaler, 7, 999);
  const std::int64_t now_ms = collect(scaler, 3, 1000);
  EXPECT_EQ(scaler.act(metrics(1, 10), now_ms), 3u) << "three of ten, and a step of two";
}

TEST(LagBasedScalerTest, LeavesTheNumberWhereItIsSeldomHighAndNotLow) {
  LagBasedAutoScaler scaler(config(), 0);
  EXPECT_EQ(scaler.act(metrics(1, 10), 0), std::nullopt) << "no lag is known";
  collect(scaler, 8, 999);
  EXPECT_EQ(scaler.act(metrics(1, 10), collect(scaler, 2, 1000)), std::nullopt);
}

TEST(LagBasedScalerTest, HonoursTheBoundsAndTheNumberOfPartitions) {
  LagBasedAutoScaler out(config(R"(,"scaleOutStep":100,"minTriggerScaleActionFrequencyMillis":0)"), 0);
  std::int64_t now_ms = collect(out, 10, 5000);
  EXPECT_EQ(out.act(metrics(1, 100), now_ms), 6u);
  now_ms = collect(out, 10, 5000);
  EXPECT_EQ(out.act(metrics(6, 100), now_ms), std::nullopt) << "already at the most";
  EXPECT_EQ(out.act(metrics(1, 4), now_ms), 4u);
  LagBasedAutoScaler in(config(R"(,"taskCountMin":2,"scaleInStep":100,"minTriggerScaleActionFrequencyMillis":0)"), 0);
  now_ms = collect(in, 10, 0);
  EXPECT_EQ(in.act(metrics(6, 100), now_ms), 2u);
  now_ms = collect(in, 10, 0);
  EXPECT_EQ(in.act(metrics(2, 100), now_ms), std::nullopt);
}

TEST(LagBasedScalerTest, AsksForFewerTasksOnlyWhereTheLagIsMostlyLow) {
  LagBasedAutoScaler scaler(config(), 0);
  collect(scaler, 2, 11);
  EXPECT_EQ(scaler.act(metrics(3, 10), collect(scaler, 8, 10)), std::nullopt);
  EXPECT_EQ(scaler.act(metrics(3, 10), collect(scaler, 1, 10)), 2u) << "of the lags in the range, nine of ten";
}

TEST(LagBasedScalerTest, ForgetsTheLagsAfterAChangeAndWaitsBeforeTheNext) {
  LagBasedAutoScaler scaler(config(), 0);
  const std::int64_t now_ms = collect(scaler, 10, 5000);
  ASSERT_EQ(scaler.act(metrics(1, 10), now_ms), 3u);
  EXPECT_EQ(scaler.act(metrics(3, 10), now_ms + 600), std::nullopt) << "no lag is known";
  collect(scaler, 10, 5000);
  EXPECT_EQ(scaler.act(metrics(3, 10), now_ms + 499), std::nullopt);
  EXPECT_EQ(scaler.act(metrics(3, 10), now_ms + 500), 5u);
}

TEST(LagBasedScalerTest, AggregatesTheLagsOfPartitions) {
  const auto asks = [](const std::string& aggregate, const std::vector<std::int64_t>& lags) {
    LagBasedAutoScaler scaler(config(R"(,"lagAggregate":")" + aggregate + R"(")"), 0);
    scaler.collect({.lags = lags}, 100);
    return scaler.act(metrics(2, 10), 100).value_or(2);
  };
  EXPECT_EQ(asks("SUM", {400, 600}), 4u);
  EXPECT_EQ(asks("MAX", {400, 600}), 2u);
  EXPECT_EQ(asks("MAX", {0, 1000}), 4u);
  EXPECT_EQ(asks("AVERAGE", {999, 1001}), 4u);
  EXPECT_EQ(asks("AVERAGE", {998, 1001}), 2u);
  EXPECT_EQ(asks("SUM", {}), 1u) << "nothing known is no lag, as in Druid";
  EXPECT_EQ(asks("SUM", {-5}), 1u);
}

}  // namespace
}  // namespace sarsen::ingest
