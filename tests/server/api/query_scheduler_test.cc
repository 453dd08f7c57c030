#include "server/api/query_scheduler.h"

#include <gtest/gtest.h>

#include <optional>

#include "storage/base/error.h"

namespace sarsen::server {
namespace {

engine::QueryContext context(const std::string& text) {
  const Json json = Json::parse(text);
  return engine::QueryContext(JsonField(json));
}

std::string refusal(QueryScheduler& scheduler, const std::string& text, std::int64_t priority = 0) {
  try {
    scheduler.admit(context(text), priority);
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kCapacityExceeded);
    return error.what();
  }
}

TEST(QueryScheduler, HasNoLimitsUnlessToldSo) {
  QueryScheduler scheduler({}, 1);
  const auto first = scheduler.admit(context("{}"), 0);
  EXPECT_EQ(refusal(scheduler, "{}"), "");
  QueryScheduler wide({.threads = 5}, 5);  // HTTP lets in no more
  std::vector<QueryScheduler::Places> places;
  for (int i = 0; i < 9; ++i) places.push_back(wide.admit(context("{}"), 0));
}

TEST(QueryScheduler, RefusesBeyondTheTotal) {
  QueryScheduler scheduler({.threads = 2}, 5);
  std::optional<QueryScheduler::Places> first(scheduler.admit(context("{}"), 0));
  const auto second = scheduler.admit(context("{}"), 0);
  EXPECT_EQ(refusal(scheduler, "{}"),
            "Too many concurrent queries, total query capacity of 2 exceeded. Please try your query again later.");
  first.reset();
  EXPECT_EQ(refusal(scheduler, "{}"), "");
}

TEST(QueryScheduler, HiLoLimitsNegativePriorities) {
  QueryScheduler scheduler({.threads = 8, .laning = LaningStrategy::kHiLo, .low_percent_max = 20}, 32);
  const std::string full =
      "Too many concurrent queries for lane 'low', query capacity of 2 exceeded. Please try your query again later.";
  std::vector<QueryScheduler::Places> places;
  places.push_back(scheduler.admit(context("{}"), -1));
  places.push_back(scheduler.admit(context(R"({"lane":"low"})"), 10));
  EXPECT_EQ(refusal(scheduler, "{}", -1), full);
  EXPECT_EQ(refusal(scheduler, "{}", 0), "");
  EXPECT_EQ(refusal(scheduler, R"({"lane":"other"})", -1), "");
}

TEST(QueryScheduler, ARefusedQueryHoldsNothing) {
  QueryScheduler scheduler({.threads = 1, .laning = LaningStrategy::kManual, .lanes = {{"one", 1}}}, 4);
  std::optional<QueryScheduler::Places> other(scheduler.admit(context("{}"), 0));
  EXPECT_NE(refusal(scheduler, R"({"lane":"one"})"), "");  // no place left in all
  other.reset();
  EXPECT_EQ(refusal(scheduler, R"({"lane":"one"})"), "");
}

TEST(QueryScheduler, ManualLanesMayBePercents) {
  QueryScheduler scheduler(
      {.threads = 10, .laning = LaningStrategy::kManual, .lanes = {{"a", 25}}, .lanes_are_percents = true}, 32);
  std::vector<QueryScheduler::Places> places;
  for (int i = 0; i < 3; ++i) places.push_back(scheduler.admit(context(R"({"lane":"a"})"), 0));
  EXPECT_NE(refusal(scheduler, R"({"lane":"a"})"), "");
}

std::string wrong(const QuerySchedulerSettings& settings) {
  try {
    check_settings(settings);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(QueryScheduler, RefusesContradictions) {
  const std::string laning = "druid.query.scheduler.laning: ";
  EXPECT_EQ(wrong({}), "");
  EXPECT_EQ(wrong({.laning = LaningStrategy::kHiLo}), laning + "maxLowPercent must be set");
  EXPECT_EQ(wrong({.laning = LaningStrategy::kManual}), laning + "lanes must define at least one lane");
  EXPECT_EQ(wrong({.laning = LaningStrategy::kManual, .lanes = {{"a", 101}}, .lanes_are_percents = true}),
            laning + "All lane limits must be in the range 1 to 100");
  EXPECT_EQ(wrong({.laning = LaningStrategy::kManual, .lanes = {{"total", 1}}}),
            laning + "Lane cannot be named 'total'");
}

TEST(QueryScheduler, LimitsTimeouts) {
  const QueryScheduler free({}, 1);
  EXPECT_EQ(free.timeout_ms(context("{}")), 300000);
  EXPECT_EQ(free.timeout_ms(context(R"({"timeout":0})")), 0);
  const QueryScheduler limited({.timeout_default_ms = 9000, .timeout_max_ms = 5000}, 1);
  EXPECT_EQ(limited.timeout_ms(context("{}")), 5000);
  EXPECT_EQ(limited.timeout_ms(context(R"({"timeout":0})")), 5000);
  EXPECT_EQ(limited.timeout_ms(context(R"({"timeout":"70"})")), 70);
  try {
    limited.timeout_ms(context(R"({"timeout":5001})"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "Configured timeout = 5001 is more than enforced limit of 5000.");
  }
}

}  // namespace
}  // namespace sarsen::server
