#include "ingest/realtime/rejection_policy.h"

#include <gtest/gtest.h>

#include "storage/base/interval.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kWindowMs = 600'000;

std::int64_t at(const char* time) { return parse_iso(std::string("2013-08-31T") + time); }

TEST(RejectionPolicyTest, FollowsTheLatestMessage) {
  const auto policy =
      make_rejection_policy(RejectionPolicyType::kMessageTime, kWindowMs, [] { return std::int64_t{0}; });
  EXPECT_TRUE(policy->accept(at("10:00:00")));
  EXPECT_TRUE(policy->accept(at("09:55:00")));
  EXPECT_TRUE(policy->accept(at("09:50:00")));  // at the limit
  EXPECT_FALSE(policy->accept(at("09:49:59")));
  EXPECT_EQ(policy->current_max_time_ms(), at("10:00:00"));
  EXPECT_TRUE(policy->accept(at("13:00:00")));
  EXPECT_FALSE(policy->accept(at("12:30:00")));
  EXPECT_TRUE(policy->accept(parse_iso("2099-01-01")));  // no bound ahead
  EXPECT_FALSE(policy->accept(at("13:00:00")));
}

TEST(RejectionPolicyTest, HoldsTheServersTimeInTheMiddleOfTheWindow) {
  const auto policy = make_rejection_policy(RejectionPolicyType::kServerTime, kWindowMs, [] { return at("10:00:00"); });
  EXPECT_TRUE(policy->accept(at("09:50:00")));
  EXPECT_TRUE(policy->accept(at("10:10:00")));
  EXPECT_FALSE(policy->accept(at("09:49:59.999")));
  EXPECT_FALSE(policy->accept(at("10:10:00.001")));
  EXPECT_EQ(policy->current_max_time_ms(), at("10:00:00"));
}

TEST(RejectionPolicyTest, TakesEverythingWhereThereIsNone) {
  const auto policy = make_rejection_policy(RejectionPolicyType::kNone, kWindowMs, [] { return at("10:00:00"); });
  EXPECT_TRUE(policy->accept(at("13:00:00")));
  EXPECT_TRUE(policy->accept(0));
  EXPECT_EQ(policy->current_max_time_ms(), 0);
}

}  // namespace
}  // namespace sarsen::ingest
