// What publications under locks of types APPEND and REPLACE make of each other's segments, in each of the databases.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "ingest/fault_point.h"
#include "ingest/metadata/metadata_database.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/metadata/sql_supervisor_store.h"
#include "ingest/tasks/task_storage.h"
#include "storage/base/error.h"
#include "tests/ingest/metadata/metadata_under_test.h"

namespace sarsen::ingest {
namespace {

using storage::SegmentDescriptor;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Interval kDay = parse_interval("2024-01-01/2024-01-02");
constexpr const char* kEpoch = "1970-01-01T00:00:00.000Z";
constexpr const char* kFirst = "2026-11-29T06:32:56.404Z";
constexpr const char* kSecond = "2026-11-29T06:32:57.683Z";

class ConcurrentPublicationTest : public MetadataTest {
 protected:
  void open() override {
    metadata_.emplace(config());
    allocation_.emplace(config());
    tasks_.emplace(config());
    database_.emplace(config());
  }

  /// Whom the stores find at work; "a2" appends.
  ConcurrentTasks at_work(const std::vector<ConcurrentTasks::Replacing>& replacing = {}) const {
    return {replacing, {"a2"}};
  }
  static ConcurrentTasks::Replacing replacing(const std::string& task, const char* version) {
    return {task, kDay, version};
  }

  static SegmentDescriptor segment(storage::SegmentId id, std::uint32_t core_partitions, const std::string& path) {
    SegmentDescriptor segment;
    segment.id = std::move(id);
    segment.core_partitions = core_partitions;
    segment.shard_spec = storage::numbered_shard_spec(segment.id.partition, core_partitions);
    segment.load_spec = Json::Object{{"type", "local"}, {"path", path}};
    return segment;
  }

  SegmentDescriptor allocate(const std::string& sequence, const Interval& chunk = kDay) {
    const AllocatedSegment allocated = allocation_->allocate({.data_source = "wikj",
                                                              .sequence = sequence,
                                                              .allocator_id = "a2",
                                                              .time_ms = chunk.start_ms,
                                                              .intervals = {chunk},
                                                              .version = kEpoch});
    return segment(allocated.id, allocated.core_partitions, "/f/" + sequence);
  }
  std::vector<SegmentDescriptor> append(const std::vector<SegmentDescriptor>& segments,
                                        const ConcurrentTasks& tasks = {{}, {"a2"}}) {
    return metadata_->publish_appended(segments, tasks, {}, {});
  }
  Replacement replace(const std::string& task, const char* version, std::uint32_t count, const Interval& chunk = kDay,
                      const std::vector<storage::SegmentId>& replaced = {}) {
    std::vector<SegmentDescriptor> segments;
    for (std::uint32_t i = 0; i < count; ++i)
      segments.push_back(segment({"wikj", chunk, version, i}, count, "/f/" + task + std::to_string(i)));
    start(task);
    return metadata_->publish_replacing("wikj", segments, at_work({replacing(task, version)}),
                                        {.task_id = task, .status_payload = "{}", .replaced = replaced});
  }
  void start(const std::string& task) {
    TaskStatus status;
    status.id = status.group_id = task;
    tasks_->insert(status, Json());
  }

  /// Without data source and day: "E" for the version of appended chunks, "1" and "2" for the others.
  static std::string brief(std::string text) {
    const std::string day = format_iso(kDay.start_ms) + "_" + format_iso(kDay.end_ms);
    for (const auto& [name, with] : std::initializer_list<std::pair<std::string, std::string>>{
             {"wikj_" + day + "_", ""}, {kEpoch, "E"}, {kFirst, "1"}, {kSecond, "2"}})
      for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at))
        text.replace(at, name.size(), with);
    return text;
  }
  std::vector<std::string> rows(const std::string& statement) const {
    std::vector<std::string> lines;
    for (const auto& row : database_->run(statement)) {
      std::string line;
      for (const std::string& value : row) line += (line.empty() ? "" : " ") + (value.empty() ? "-" : brief(value));
      lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  std::vector<std::string> segments() const {
    std::vector<std::string> lines;
    for (const auto& row : database_->run("SELECT id, payload, upgraded_from_segment_id FROM $segments")) {
      const auto descriptor = SegmentDescriptor::parse(Json::parse(row[1]));
      EXPECT_EQ(row[0], descriptor.id.text());
      lines.push_back(brief(row[0]) + "/" + std::to_string(descriptor.core_partitions) + " " +
                      JsonField(descriptor.load_spec)["path"].string() +
                      (row[2].empty() ? "" : " from " + brief(row[2])));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  std::vector<std::string> pending() const {
    return rows(
        "SELECT id, sequence_name, sequence_prev_id, upgraded_from_segment_id, task_allocator_id FROM "
        "$pendingSegments");
  }
  std::vector<std::string> noted() const {
    return rows("SELECT task_id, segment_id, lock_version FROM $upgradeSegments");
  }

  std::optional<SqlMetadataStore> metadata_;
  std::optional<SqlSupervisorStore> allocation_;
  std::optional<TaskStorage> tasks_;
  std::optional<MetadataDatabase> database_;
};

SARSEN_METADATA_SUITE(ConcurrentPublicationTest);

/// An overlord of Druid 33.0.0 was asked for the same task actions one by one (segmentAllocate, lockTryAcquire,
/// segmentTransactionalAppend, segmentTransactionalReplace), and its tables were read after each.
TEST_P(ConcurrentPublicationTest, WritesTheRowsOfStockDruid) {
  append({allocate("s0")});
  EXPECT_THAT(segments(), ElementsAre("E/0 /f/s0"));
  EXPECT_THAT(pending(), IsEmpty());
  const auto first = at_work({replacing("r3", kFirst)});
  append({allocate("s1")}, first);
  const SegmentDescriptor s2 = allocate("s2"), s2b = allocate("s2b");
  EXPECT_THAT(noted(), ElementsAre("r3 E_1 1"));
  EXPECT_THAT(pending(), ElementsAre("E_2 s2 - - a2", "E_3 s2b - - a2"));

  replace("r3", kFirst, 1);
  EXPECT_THAT(segments(), ElementsAre("1/1 /f/r30", "1_1/1 /f/s1 from E_1", "E/0 /f/s0", "E_1/0 /f/s1"));
  EXPECT_THAT(pending(), ElementsAre("1_2 upgraded_to_version__1 E_2 E_2 a2", "1_3 upgraded_to_version__1 E_3 E_3 a2",
                                     "E_2 s2 - - a2", "E_3 s2b - - a2"));
  EXPECT_THAT(
      rows("SELECT sequence_name_prev_id_sha1 FROM $pendingSegments WHERE upgraded_from_segment_id IS NOT NULL"),
      ElementsAre("A1A8AC970BF7647FE79666BB515EA08356B3B418", "E136554B9CEFF59B2C00F8EA0C4BF431964AC2C5"));

  append({s2}, first);  // the task has its lock still
  EXPECT_THAT(segments(), testing::Contains("1_2/1 /f/s2 from E_2"));
  EXPECT_THAT(noted(), ElementsAre("r3 E_1 1", "r3 E_2 1"));
  tasks_->remove_locks("r3");
  const SegmentDescriptor s3 = allocate("s3");
  EXPECT_EQ(brief(s3.id.text()), "1_4");
  EXPECT_EQ(s3.core_partitions, 1u);

  const auto second = at_work({replacing("r4", kSecond)});
  append({s3}, second);
  append({s2b}, second);
  replace("r4", kSecond, 2);
  EXPECT_THAT(segments(),
              ElementsAre("1/1 /f/r30", "1_1/1 /f/s1 from E_1", "1_2/1 /f/s2 from E_2", "1_3/1 /f/s2b from E_3",
                          "1_4/1 /f/s3", "2/2 /f/r40", "2_1/2 /f/r41", "2_2/2 /f/s3 from 1_4", "2_3/2 /f/s2b from E_3",
                          "E/0 /f/s0", "E_1/0 /f/s1", "E_2/0 /f/s2", "E_3/0 /f/s2b"));
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_THAT(noted(), ElementsAre("r4 1_4 2", "r4 E_3 2"));
  tasks_->remove_locks("r4");
  EXPECT_THAT(noted(), IsEmpty());
}

TEST_P(ConcurrentPublicationTest, SaysWhatElseWasPublishedAlsoWhenItWasDoneBefore) {
  const SegmentDescriptor one = allocate("s1"), two = allocate("s2");
  const Replacement done = replace("r", kFirst, 1);
  EXPECT_THAT(done.appended, IsEmpty());
  ASSERT_THAT(done.pending, SizeIs(2));
  EXPECT_EQ(done.pending[0].from, one.id);
  EXPECT_EQ(done.pending[1].core_partitions, 1u);
  EXPECT_EQ(allocation_->upgrades_of(one.id).front().id, done.pending[0].id);
  for (int i = 0; i < 2; ++i) {
    const auto all = append({one, two});
    ASSERT_THAT(all, SizeIs(4));
    EXPECT_EQ(all[0].id, one.id);
    EXPECT_EQ(all[2].id, done.pending[0].id);
    EXPECT_EQ(all[2].load_spec.dump(), one.load_spec.dump());
    EXPECT_EQ(all[3].id, done.pending[1].id);
  }
  EXPECT_THAT(allocation_->upgrades_of(one.id), IsEmpty());
}

TEST_P(ConcurrentPublicationTest, IsAllOrNothing) {
  const auto tasks = at_work({replacing("r", kFirst)});
  append({allocate("s1")}, tasks);
  const SegmentDescriptor waiting = allocate("s2");
  const auto segments_before = segments(), pending_before = pending();
  fault_hook = [](std::string_view point) {
    if (point == "publish.upgrades") throw Error(ErrorCategory::kRuntimeFailure, "now");
  };
  EXPECT_THROW(replace("r", kFirst, 1), Error);
  EXPECT_THROW(append({waiting}, tasks), Error);
  fault_hook = nullptr;
  EXPECT_EQ(segments(), segments_before);
  EXPECT_EQ(pending(), pending_before);
  EXPECT_THAT(noted(), ElementsAre("r E 1"));
}

TEST_P(ConcurrentPublicationTest, KnowsWhatIsNoInputOfATaskThatReplaces) {
  append({allocate("s0")});
  const SegmentDescriptor waiting = allocate("s1");
  replace("r", kFirst, 1);
  tasks_->remove_locks("r");
  append({waiting, allocate("s2")}, at_work({replacing("q", kSecond)}));
  const auto appended = metadata_->appended_meanwhile("q");
  std::vector<std::string> ids;
  for (const std::string& id : appended) ids.push_back(brief(id));
  EXPECT_THAT(ids, testing::UnorderedElementsAre("E_1", "1_1", "1_2")) << "in every version";
  EXPECT_THAT(metadata_->appended_meanwhile("r"), IsEmpty());
}

TEST_P(ConcurrentPublicationTest, UpgradesWhatIsHiddenAndNotWhatWasDropped) {
  const SegmentDescriptor one = allocate("s1"), two = allocate("s2");
  replace("r", kFirst, 1);
  append({one, two}, at_work({replacing("q", kSecond)}));
  metadata_->mark_unused({one.id, two.id});  // the other versions hide them
  metadata_->mark_unused({{"wikj", kDay, kFirst, 2}});
  const Replacement done = replace("q", kSecond, 1);
  ASSERT_THAT(done.appended, SizeIs(1));
  EXPECT_EQ(done.appended[0].load_spec.dump(), one.load_spec.dump());
}

TEST_P(ConcurrentPublicationTest, RefusesToCutWhatIsAppendedIntoSmallerChunks) {
  const Interval hour{kDay.start_ms, kDay.start_ms + 3'600'000};
  allocate("s0");
  try {
    replace("r", kFirst, 1, hour);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
    EXPECT_THAT(error.what(), HasSubstr("Replacing with a finer segment granularity than a concurrent append is "
                                        "unsupported."));
  }
  EXPECT_THAT(segments(), IsEmpty());
}

TEST_P(ConcurrentPublicationTest, GivesWhatIsAppendedTheLargerChunk) {
  const Interval hour{kDay.start_ms + 3'600'000, kDay.start_ms + 7'200'000};
  append({allocate("s0", hour)}, at_work({replacing("r", kFirst)}));
  allocate("s1", hour);
  const Replacement done = replace("r", kFirst, 1);
  ASSERT_THAT(done.appended, SizeIs(1));
  EXPECT_EQ(brief(done.appended[0].id.text()), "1_1");
  ASSERT_THAT(done.pending, SizeIs(1));
  EXPECT_EQ(brief(done.pending[0].id.text()), "1_2");
  EXPECT_EQ(brief(allocate("s2", hour).id.text()), "1_3");
}

TEST_P(ConcurrentPublicationTest, LetsWhatIsAppendedStandForItselfWhereNothingTakesThePlaceOfTheRest) {
  const SegmentDescriptor old = segment({"wikj", kDay, "0", 0}, 1, "/f/old");
  metadata_->publish({old});
  append({allocate("s0")}, at_work({replacing("r", kFirst)}));
  const SegmentDescriptor waiting = allocate("s1");
  EXPECT_EQ(waiting.core_partitions, 1u);
  const Replacement done = replace("r", kFirst, 0, kDay, {old.id});
  ASSERT_THAT(done.appended, SizeIs(1));
  EXPECT_EQ(done.appended[0].core_partitions, 0u) << "it answers without the old one";
  ASSERT_THAT(done.pending, SizeIs(1));
  EXPECT_EQ(brief(done.pending[0].id.text()), "1_1");
}

TEST_P(ConcurrentPublicationTest, LeavesPendingSegmentsOfOthersAlone) {
  tasks_->add_pending("q", {segment({"wikj", {0, kDay.end_ms}, kSecond, 0}, 1, "/f/q")}, true);
  EXPECT_EQ(brief(allocate("s0").id.text()), "E") << "what a task will put in the place of all is in nobody's way";
  start("r");
  const auto done = metadata_->publish_replacing("wikj", {segment({"wikj", kDay, kFirst, 0}, 1, "/f/r")},
                                                 {{replacing("r", kFirst)}, {"somebody else"}},
                                                 {.task_id = "r", .status_payload = "{}"});
  EXPECT_THAT(done.pending, IsEmpty()) << "the task that filled it is over";
}

TEST_P(ConcurrentPublicationTest, FindsThoseThatShareFiles) {
  const SegmentDescriptor one = allocate("s1");
  replace("r", kFirst, 1);
  append({one});
  metadata_->mark_unused({one.id});
  EXPECT_THAT(metadata_->with_upgrades("wikj", one.id.text()), SizeIs(2));
  EXPECT_EQ(metadata_->unused_segments("wikj", kEternity).front().files_of, one.id.text());
  metadata_->forget({one.id});
  EXPECT_THAT(metadata_->segment_ids(), testing::Contains(one.id.text())) << "its files are there";
  const auto upgraded = metadata_->used_segments().back();
  metadata_->mark_unused({upgraded.id, {"wikj", kDay, kFirst, 0}});
  EXPECT_EQ(brief(allocate("s2").id.text()), "E_1") << "what would overwrite the files is not given again";
  metadata_->describe_anew(upgraded);
  EXPECT_THAT(metadata_->segment_ids(), testing::Not(testing::Contains(one.id.text())));
}

}  // namespace
}  // namespace sarsen::ingest
