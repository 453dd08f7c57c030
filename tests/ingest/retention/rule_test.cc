// Druid's rules: which segments each applies to, and their JSON.

#include "ingest/retention/rule.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

Rule parse(const std::string& text) {
  const Json json = Json::parse(text);
  return Rule::parse(JsonField(json));
}

std::string problem_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

bool applies(const std::string& rule, const std::string& interval) {
  return parse(rule).applies_to(parse_interval(interval), parse_iso("2024-03-10T12:00:00Z"));
}

TEST(Rule, ForeverIsAlways) {
  for (const char* type : {"loadForever", "dropForever", "broadcastForever"})
    EXPECT_TRUE(applies(R"({"type":")" + std::string(type) + "\"}", "1970/1971")) << type;
}

TEST(Rule, LoadsWhatOverlapsAndDropsWhatLiesInside) {
  const std::string interval = R"("interval":"2024-01-10/2024-01-20"})";
  for (const char* type : {"loadByInterval", "broadcastByInterval"}) {
    const std::string rule = R"({"type":")" + std::string(type) + "\"," + interval;
    EXPECT_TRUE(applies(rule, "2024-01-19/2024-01-21")) << type;
    EXPECT_FALSE(applies(rule, "2024-01-20/2024-01-21")) << type;
  }
  const std::string drop = R"({"type":"dropByInterval",)" + interval;
  EXPECT_TRUE(applies(drop, "2024-01-10/2024-01-20"));
  EXPECT_FALSE(applies(drop, "2024-01-19/2024-01-21"));
}

TEST(Rule, PeriodsReachBackFromNowAndForwardUnlessToldOtherwise) {
  const std::string load = R"({"type":"loadByPeriod","period":"P1M")";
  EXPECT_TRUE(applies(load + "}", "2024-02-10T11/2024-02-10T13"));
  EXPECT_FALSE(applies(load + "}", "2024-02-10T11/2024-02-10T12"));
  EXPECT_TRUE(applies(load + "}", "2024-05-01/2024-05-02"));
  EXPECT_FALSE(applies(load + R"(,"includeFuture":false})", "2024-05-01/2024-05-02"));
  const std::string drop = R"({"type":"dropByPeriod","period":"P1M")";
  EXPECT_TRUE(applies(drop + "}", "2024-02-10T12/2024-02-10T13"));
  EXPECT_FALSE(applies(drop + "}", "2024-02-10T11/2024-02-10T13"));
  EXPECT_TRUE(applies(drop + "}", "2024-05-01/2024-05-02"));
  EXPECT_FALSE(applies(drop + R"(,"includeFuture":false})", "2024-05-01/2024-05-02"));
}

TEST(Rule, DropsBeforeAPeriod) {
  const std::string drop = R"({"type":"dropBeforeByPeriod","period":"P1D"})";
  EXPECT_TRUE(applies(drop, "2024-03-09T11/2024-03-09T12"));
  EXPECT_FALSE(applies(drop, "2024-03-09T11/2024-03-09T13"));
}

TEST(Rule, HasDruidsJson) {
  EXPECT_EQ(parse(R"({"type":"loadForever"})").to_json().dump(),
            R"({"tieredReplicants":{"_default_tier":2},"useDefaultTierForNull":true,"type":"loadForever"})");
  const std::string text =
      R"({"period":"P1M","includeFuture":false,"tieredReplicants":{"hot":1},"useDefaultTierForNull":true,"type":"loadByPeriod"})";
  EXPECT_EQ(parse(text).to_json().dump(), text);
  EXPECT_EQ(parse(R"({"type":"dropBeforeByPeriod","period":"P1D"})").to_json().dump(),
            R"({"period":"P1D","type":"dropBeforeByPeriod"})");
  EXPECT_EQ(parse(R"({"type":"broadcastByInterval","interval":"2024/2025"})").to_json().dump(),
            R"({"interval":"2024-01-01T00:00:00.000Z/2025-01-01T00:00:00.000Z","type":"broadcastByInterval"})");
}

TEST(Rule, WantsCopiesWhereSomeTierIsToHaveThem) {
  EXPECT_TRUE(parse(R"({"type":"loadForever"})").wants_copies());
  EXPECT_TRUE(parse(R"({"type":"loadForever","tieredReplicants":{"cold":0,"hot":1}})").wants_copies());
  EXPECT_FALSE(parse(R"({"type":"loadForever","tieredReplicants":{}})").wants_copies());
  EXPECT_FALSE(parse(R"({"type":"loadForever","useDefaultTierForNull":false})").wants_copies());
  EXPECT_TRUE(parse(R"({"type":"broadcastForever"})").wants_copies());
  EXPECT_FALSE(parse(R"({"type":"dropForever"})").wants_copies());
}

TEST(Rule, NamesWhatIsWrong) {
  EXPECT_NE(problem_of(R"({"type":"loadForevr"})").find("loadForever"), std::string::npos);
  EXPECT_NE(problem_of(R"({"type":"loadByPeriod"})").find("period"), std::string::npos);
  EXPECT_NE(problem_of(R"({"type":"dropByInterval","interval":"x"})").find("x"), std::string::npos);
  EXPECT_NE(problem_of(R"({"type":"loadForever","tieredReplicants":{"a":-1}})")
                .find("Invalid number of replicas for tier [a]. Value [-1] must be positive."),
            std::string::npos);
}

TEST(Rule, TheFirstThatAppliesDecides) {
  const Json json =
      Json::parse(R"([{"type":"dropByInterval","interval":"2020/2021"},{"type":"loadByPeriod","period":"P1D"}])");
  const Rules rules = parse_rules(JsonField(json));
  const std::int64_t now_ms = parse_iso("2024-03-10");
  EXPECT_EQ(rule_for(rules, parse_interval("2020-02-01/2020-02-02"), now_ms), &rules[0]);
  EXPECT_EQ(rule_for(rules, parse_interval("2024-03-10/2024-03-11"), now_ms), &rules[1]);
  EXPECT_EQ(rule_for(rules, parse_interval("2023/2024"), now_ms), nullptr);
}

}  // namespace
}  // namespace sarsen::ingest
