#include "ingest/tasks/auto_compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class AutoCompactionTest : public testing::Test {
 protected:
  AutoCompactionTest() { set_log_level(LogLevel::kError); }
  ~AutoCompactionTest() override { set_log_level(LogLevel::kInfo); }

  void configure(const std::string& more) {
    const Json json = Json::parse(R"({"dataSource":"pages")" + more + "}");
    compaction_.change_config([&](CompactionConfig& config) {
      config.set(DataSourceCompaction::parse(JsonField(json)));
      return true;
    });
  }

  /// Submits and waits; the number of tasks.
  std::size_t compact() {
    const std::vector<std::string> ids = compaction_.run_once();
    for (const std::string& id : ids) {
      const TaskStatus status = node_.ended(id);
      EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
      EXPECT_THAT(id, testing::StartsWith("coordinator-issued_compact_pages_"));
    }
    return ids.size();
  }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
  AutoCompaction compaction_{node_.queue, node_.metadata, node_.catalog};
};

TEST_F(AutoCompactionTest, ChunksAreCompactedOnceTheNewestFirst) {
  node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z", "2024-01-03T01:00:00Z"})));
  node_.ended(node_.add(index_specification({"2024-01-01T02:00:00Z"}, R"(,"appendToExisting":true)")));
  EXPECT_EQ(compact(), 0U) << "nothing is configured";
  configure("");  // the last day is left alone
  EXPECT_THAT(compaction_.progress(*compaction_.config().find("pages"), {}).waiting, SizeIs(2));
  EXPECT_EQ(compact(), 1U) << "there is one slot";
  EXPECT_EQ(format_iso(compaction_.progress(*compaction_.config().find("pages"), {}).waiting.front().interval),
            "2024-01-01T00:00:00.000Z/2024-01-02T00:00:00.000Z");
  EXPECT_EQ(compact(), 1U);
  EXPECT_EQ(compact(), 0U);
  EXPECT_THAT(node_.visible("pages"), SizeIs(3));
  EXPECT_EQ(node_.visible_rows("pages"), 4U);
  const CompactionProgress done = compaction_.progress(*compaction_.config().find("pages"), {});
  EXPECT_EQ(done.compacted.segments, 2);
  EXPECT_EQ(done.skipped.segments, 1);
  configure(R"(,"granularitySpec":{"queryGranularity":"DAY"})");
  EXPECT_EQ(compact(), 1U) << "another configuration wants other segments";
}

TEST_F(AutoCompactionTest, ChunksOfAnotherSizeAreMade) {
  node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z", "2024-02-05T01:00Z"})));
  configure(R"(,"skipOffsetFromLatest":"PT0S","granularitySpec":{"segmentGranularity":"MONTH"})");
  EXPECT_EQ(compact(), 1U) << "the last month has not ended";
  EXPECT_THAT(node_.visible("pages"), SizeIs(2));
  EXPECT_EQ(compact(), 0U);
}

TEST_F(AutoCompactionTest, ChunksThatOthersServeAreCompacted) {
  node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"})));
  for (const auto& segment : node_.metadata.used_segments()) node_.served.drop({segment.id});
  configure("");
  EXPECT_EQ(compact(), 1U);
  EXPECT_EQ(node_.visible_rows("pages"), 1U) << "which is served here";
}

TEST_F(AutoCompactionTest, TheNewestOfAllDataSourcesComesFirst) {
  const auto named = [](std::string specification, const std::string& name) {
    specification.replace(specification.find(R"("dataSource":"pages")"), 20, R"("dataSource":")" + name + '"');
    return specification;
  };
  node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z", "2024-01-03T01:00:00Z"})));
  node_.ended(node_.add(named(index_specification({"2024-01-02T01:00:00Z"}), "other")));
  CompactionConfig config;
  for (const char* name : {"other", "pages"}) {
    const Json json = Json::parse(R"({"skipOffsetFromLatest":"PT0S","dataSource":")" + std::string(name) + R"("})");
    config.set(DataSourceCompaction::parse(JsonField(json)));
  }
  std::vector<std::string> compacted;
  for (int i = 0; i < 3; ++i) {
    const std::vector<std::string> ids = compaction_.run(config);
    ASSERT_THAT(ids, SizeIs(1)) << "there is one slot";
    compacted.push_back(node_.ended(ids[0]).data_source);
  }
  EXPECT_THAT(compacted, testing::ElementsAre("pages", "other", "pages"));
}

TEST_F(AutoCompactionTest, AChunkIsCompactedByOneTaskThatIsEndedWhenItsGranularityIsOutdated) {
  node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z"})));
  for (const char* id : {"a", "b"})  // all workers are taken: tasks wait, without locks
    node_.add(R"({"type":"noop","runTime":600000,"id":")" + std::string(id) + R"("})");
  ASSERT_TRUE(becomes([&] { return node_.queue.used_workers() == 2; }));
  configure(R"(,"skipOffsetFromLatest":"PT0S")");
  CompactionConfig config = compaction_.config();
  config.task_slot_ratio = 1;
  const std::vector<std::string> first = compaction_.run(config);
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_THAT(compaction_.run(config), SizeIs(0));
  EXPECT_EQ(compaction_.progress(*config.find("pages"), {}).left_alone.at(0).reason, "interval locked by another task");
  configure(R"(,"skipOffsetFromLatest":"PT0S","granularitySpec":{"segmentGranularity":"HOUR"})");
  CompactionConfig finer = compaction_.config();
  finer.task_slot_ratio = 1;
  std::vector<std::string> next;
  EXPECT_TRUE(becomes([&] { return !(next = compaction_.run(finer)).empty(); }));
  EXPECT_THAT(next, SizeIs(1)) << "for all hours of the segment";
  EXPECT_EQ(node_.status(first[0]).status_code, TaskState::kFailed);
  EXPECT_THAT(node_.status(first[0]).error_message, HasSubstr("Shutdown by Compaction Scheduler"));
  for (const char* id : {"a", "b"}) node_.queue.shutdown(id, "enough");
}

TEST_F(AutoCompactionTest, LargeChunksAreLeftAlone) {
  node_.ended(node_.add(index_specification({"2024-01-01T01:00:00Z"})));
  configure(R"(,"skipOffsetFromLatest":"PT0S","inputSegmentSizeBytes":10)");
  EXPECT_EQ(compact(), 0U);
}

TEST(CompactionConfigTest, IsWhatWasGivenWithDefaults) {
  CompactionConfig config = CompactionConfig::parse(std::nullopt);
  EXPECT_EQ(config.to_json().dump(),
            R"({"compactionConfigs":[],"compactionTaskSlotRatio":0.1,"maxCompactionTaskSlots":2147483647,)"
            R"("compactionPolicy":{"type":"newestSegmentFirst","priorityDatasource":null},"useSupervisors":false,)"
            R"("engine":"native"})");
  const Json json = Json::parse(R"({"dataSource":"a","maxRowsPerSegment":7,"taskContext":{"priority":30}})");
  config.set(DataSourceCompaction::parse(JsonField(json)));
  EXPECT_EQ(CompactionConfig::parse(config.to_json()).to_json().dump(), config.to_json().dump());
  const std::string task = config.find("a")->task({0, 1000}, "x").dump();
  EXPECT_THAT(task, HasSubstr(R"("partitionsSpec":{"type":"dynamic","maxRowsPerSegment":7})"));
  EXPECT_THAT(task, HasSubstr(R"("context":{"priority":25,"storeCompactionState":true})"));
  EXPECT_EQ(config.task_slots(1), 1U);
  EXPECT_EQ(config.task_slots(40), 4U);
  EXPECT_TRUE(config.remove("a"));
  EXPECT_FALSE(config.remove("a"));
}

TEST(CompactionConfigTest, WhatCompactionCannotDoIsRefused) {
  const auto parse = [](const std::string& more) {
    const Json json = Json::parse(R"({"dataSource":"a")" + more + "}");
    DataSourceCompaction::parse(JsonField(json));
  };
  EXPECT_THROW(parse(R"(,"engine":"msq")"), Error);
  EXPECT_THROW(parse(R"(,"skipOffsetFromLatest":"soon")"), Error);
  EXPECT_THROW(parse(R"(,"granularitySpec":{"segmentGranularity":"fortnight"})"), Error);
  EXPECT_THROW(parse(R"(,"tuningConfig":{"partitionsSpec":{"type":"rings"}})"), Error);
  EXPECT_NO_THROW(parse(R"(,"tuningConfig":{"partitionsSpec":{"type":"hashed"}})"));
}

}  // namespace
}  // namespace sarsen::ingest
