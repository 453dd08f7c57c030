#include "ingest/tasks/compaction_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

CompactionPolicy parsed(const std::string& text) {
  const Json json = Json::parse(text);
  return CompactionPolicy::parse(JsonField(json));
}

CompactionPlace place(const std::string& data_source, const char* interval) {
  return {data_source, parse_interval(interval)};
}

TEST(CompactionPolicyTest, TheNewestComeFirstUnlessADataSourceGoesBefore) {
  const CompactionPolicy policy = parsed(R"({"type":"newestSegmentFirst","priorityDatasource":"b"})");
  EXPECT_TRUE(policy.comes_before(place("a", "2024-01-02/P1D"), place("a", "2024-01-01/P1D")));
  EXPECT_TRUE(policy.comes_before(place("a", "2024-01-01/P2D"), place("c", "2024-01-01/P1D")));
  EXPECT_TRUE(policy.comes_before(place("b", "2020-01-01/P1D"), place("a", "2024-01-01/P1D")));
  EXPECT_FALSE(policy.comes_before(place("a", "2024-01-01/P1D"), place("a", "2024-01-01/P1D")));
  EXPECT_TRUE(policy.is_eligible(place("c", "2024-01-01/P1D")));
  EXPECT_EQ(CompactionPolicy().to_json().dump(), R"({"type":"newestSegmentFirst","priorityDatasource":null})");
}

TEST(CompactionPolicyTest, AFixedOrderIsKeptAndNothingElseIsCompacted) {
  const char* text =
      R"({"type":"fixedIntervalOrder","eligibleCandidates":[{"datasource":"a","interval":"2024-01-01/P2D"},)"
      R"({"datasource":"b","interval":"2025-01-01/P1D"}]})";
  const CompactionPolicy policy = parsed(text);
  EXPECT_TRUE(policy.comes_before(place("a", "2024-01-01/P1D"), place("b", "2025-01-01/P1D")));
  EXPECT_FALSE(policy.comes_before(place("b", "2025-01-01/P1D"), place("a", "2024-01-02/P1D")));
  EXPECT_TRUE(policy.is_eligible(place("a", "2024-01-02/P1D")));
  EXPECT_FALSE(policy.is_eligible(place("a", "2024-01-02/P2D"))) << "it reaches beyond";
  EXPECT_FALSE(policy.is_eligible(place("b", "2024-01-01/P1D")));
  EXPECT_EQ(policy.to_json().dump(),
            R"({"type":"fixedIntervalOrder","eligibleCandidates":[{"datasource":"a","interval":)"
            R"("2024-01-01T00:00:00.000Z/2024-01-03T00:00:00.000Z"},{"datasource":"b","interval":)"
            R"("2025-01-01T00:00:00.000Z/2025-01-02T00:00:00.000Z"}]})");
  EXPECT_EQ(parsed(policy.to_json().dump()).to_json().dump(), policy.to_json().dump());
}

TEST(CompactionPolicyTest, WhatIsWrongIsNamed) {
  EXPECT_THROW(parsed(R"({"type":"oldestFirst"})"), Error);
  EXPECT_THROW(parsed(R"({"type":"fixedIntervalOrder"})"), Error);
  EXPECT_THROW(parsed(R"({"type":"fixedIntervalOrder","eligibleCandidates":[{"datasource":"a","interval":"x"}]})"),
               Error);
}

}  // namespace
}  // namespace sarsen::ingest
