#include "engine/query/top_n_metric.h"

#include <gtest/gtest.h>

#include "storage/base/json.h"

namespace sarsen::engine {
namespace {

TEST(TopNMetricTest, TakesTheNameOfAnAggregationAsDruidsBrokerHandsItOn) {
  const Json json = Json::parse(R"({"metric":{"type":"LegacyTopNMetricSpec","metric":"added"}})");
  const TopNMetric metric = parse_top_n_metric(JsonField(json)["metric"]);
  EXPECT_EQ(metric.metric, "added");
  EXPECT_FALSE(metric.inverted);
}

}  // namespace
}  // namespace sarsen::engine
