// Rules held against published segments, in one folder.

#include "ingest/retention/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using ::testing::SizeIs;

Rules rules(const std::string& text) {
  const Json json = Json::parse(text);
  return parse_rules(JsonField(json));
}

class RetentionTest : public ::testing::Test {
 protected:
  RetentionTest() {
    set_log_level(LogLevel::kError);
    node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"})));
  }
  ~RetentionTest() override { set_log_level(LogLevel::kInfo); }

  std::int64_t now_ms_ = parse_iso("2024-01-03T12:00:00Z");
  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
  SegmentUse use_{node_.metadata, node_.served};
  RuleStore store_{folder_.path() / "metadata.sqlite", [this] { return now_ms_; }};
  Retention retention_{store_, node_.metadata, use_, node_.served, [this] { return now_ms_; }};
};

TEST_F(RetentionTest, LoadsAllForeverUnlessToldOtherwise) {
  retention_.run();
  EXPECT_THAT(node_.visible("pages"), SizeIs(2));
  EXPECT_EQ(to_json(store_.rules(kDefaultRules)).dump(),
            R"([{"tieredReplicants":{"_default_tier":2},"useDefaultTierForNull":true,"type":"loadForever"}])");
}

TEST_F(RetentionTest, DropsAsTimeGoesOn) {
  store_.set("pages", rules(R"([{"type":"loadByPeriod","period":"P2D"},{"type":"dropForever"}])"), {});
  retention_.run();
  EXPECT_THAT(node_.visible("pages"), SizeIs(2));
  now_ms_ += 86'400'000;
  retention_.run();
  EXPECT_THAT(node_.visible("pages"), SizeIs(1));
  EXPECT_THAT(node_.metadata.used_segments(), SizeIs(1));
  EXPECT_THAT(node_.metadata.unused_segments("pages", kEternity), SizeIs(1));  // for a kill task
}

TEST_F(RetentionTest, KeepsWithoutServingWhatNoTierIsToHave) {
  store_.set("pages", rules(R"([{"type":"loadForever","tieredReplicants":{}}])"), {});
  retention_.run();
  retention_.run();
  EXPECT_THAT(node_.visible("pages"), SizeIs(0));
  EXPECT_THAT(node_.metadata.used_segments(), SizeIs(2));
  store_.set("pages", {}, {});  // the default rules hold again
  retention_.run();
  EXPECT_EQ(node_.visible_rows("pages"), 2U);
}

TEST_F(RetentionTest, LeavesSegmentsWithoutARule) {
  store_.set(kDefaultRules, {}, {});
  retention_.run();
  EXPECT_THAT(node_.visible("pages"), SizeIs(2));
}

TEST_F(RetentionTest, AppliesChangesWhenTheyAreMade) {
  retention_.start(std::chrono::hours(1));
  store_.set("pages", rules(R"([{"type":"dropForever"}])"), {});
  retention_.wake();
  EXPECT_TRUE(becomes([&] { return node_.visible("pages").empty(); }));
  retention_.stop();
}

TEST_F(RetentionTest, RulesAndTheirHistoryOutliveTheProcess) {
  store_.set("pages", rules(R"([{"type":"dropForever"}])"), {"ada", "gone", "10.0.0.1"});
  now_ms_ += 1;
  store_.set("pages", rules(R"([{"type":"loadForever"}])"), {"ada", "back", "10.0.0.1"});
  const RuleStore again(folder_.path() / "metadata.sqlite", [this] { return now_ms_; });
  EXPECT_EQ(again.rules("pages").size(), 1U);
  EXPECT_EQ(again.rules("pages")[0].action(), Rule::Action::kLoad);
  EXPECT_EQ(again.with_default("pages").size(), 2U);
  EXPECT_EQ(again.with_default("other").size(), 1U);
  const Json newest = again.history({.key = "pages", .interval = {}, .count_max = 1});
  ASSERT_EQ(newest.array().size(), 1U);
  EXPECT_EQ(newest.array()[0].find("auditInfo")->dump(),
            R"({"author":"ada","identity":null,"comment":"back","ip":"10.0.0.1"})");
  EXPECT_EQ(again.history({.key = "pages", .interval = {}, .count_max = {}}).array().size(), 2U);
}

}  // namespace
}  // namespace sarsen::ingest
