#include "ingest/metadata/sqlite_supervisor_store.h"

#include <gtest/gtest.h>

#include "ingest/metadata/sqlite_metadata_store.h"
#include "ingest/tasks/task_storage.h"
#include "storage/base/error.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr Interval kHour{0, kHourMs};

class SqliteSupervisorStoreTest : public testing::Test {
 protected:
  AllocationRequest request(const std::string& sequence, std::int64_t time_ms = 0) const {
    const std::int64_t start_ms = time_ms / kHourMs * kHourMs;
    return {.data_source = "x",
            .sequence = sequence,
            .allocator_id = "me",
            .time_ms = time_ms,
            .intervals = {{start_ms, start_ms + kHourMs}},
            .version = "v1"};
  }
  void publish(const Interval& interval, const std::string& version, std::uint32_t partition) {
    storage::SegmentDescriptor segment;
    segment.id = {.data_source = "x", .interval = interval, .version = version, .partition = partition};
    segment.shard_spec = storage::numbered_shard_spec(partition, 0);
    segment.load_spec = Json::Object{{"type", "local"}, {"path", "/x"}};
    metadata_.publish({segment});
  }

  TemporaryFolder folder_;
  SqliteMetadataStore metadata_{folder_.path() / "m.sqlite"};
  SqliteSupervisorStore store_{folder_.path() / "m.sqlite"};
};

TEST_F(SqliteSupervisorStoreTest, GivesEachSequenceASegmentOfTheChunk) {
  const AllocatedSegment first = store_.allocate(request("a"));
  EXPECT_EQ(first.id, (storage::SegmentId{"x", kHour, "v1", 0}));
  EXPECT_EQ(store_.allocate(request("a", 5)).id, first.id) << "the same once more";
  EXPECT_EQ(store_.allocate(request("b")).id.partition, 1u);
  EXPECT_EQ(store_.allocate(request("a", kHourMs)).id.interval.start_ms, kHourMs);
}

TEST_F(SqliteSupervisorStoreTest, JoinsTheChunkThatIsInUse) {
  publish({0, 24 * kHourMs}, "v0", 4);
  const AllocatedSegment segment = store_.allocate(request("a"));
  EXPECT_EQ(segment.id, (storage::SegmentId{"x", {0, 24 * kHourMs}, "v0", 5}));
}

TEST_F(SqliteSupervisorStoreTest, NeverGivesAnIdTwiceEvenWhereItIsNotUsedAnyMore) {
  publish(kHour, "v1", 0);
  metadata_.mark_unused({{"x", kHour, "v1", 0}});
  EXPECT_EQ(store_.allocate(request("a")).id.partition, 1u);
}

TEST_F(SqliteSupervisorStoreTest, GivesNoSegmentOfAChunkThatATaskReplaces) {
  TaskStorage tasks(folder_.path() / "m.sqlite");
  tasks.add_lock("task", {TaskLockType::kExclusive, "task", "x", kHour, "v9", 50, false});
  tasks.add_lock("shared", {TaskLockType::kShared, "shared", "x", {kHourMs, 2 * kHourMs}, "v9", 50, false});
  EXPECT_THROW(store_.allocate(request("a")), Error);
  EXPECT_EQ(store_.allocate(request("a", kHourMs)).id.partition, 0u);
  tasks.remove_locks("task");
  EXPECT_EQ(store_.allocate(request("a")).id.version, "v1");
}

TEST_F(SqliteSupervisorStoreTest, KeepsItsSegmentsFromTasks) {
  TaskStorage tasks(folder_.path() / "m.sqlite");
  storage::SegmentDescriptor segment;
  segment.id = store_.allocate(request("a")).id;
  segment.shard_spec = storage::numbered_shard_spec(0, 0);
  EXPECT_TRUE(tasks.is_pending(segment.id));
  EXPECT_THROW(tasks.add_pending("task", {segment}), Error);
  EXPECT_EQ(store_.allocate(request("a")).id, segment.id);
}

TEST_F(SqliteSupervisorStoreTest, TriesFinerChunksAndSaysWhereNoneFits) {
  publish({kHourMs / 2, kHourMs}, "v0", 0);
  EXPECT_THROW(store_.allocate(request("a")), Error);
  AllocationRequest finer = request("a");
  finer.intervals.push_back({0, kHourMs / 2});
  EXPECT_EQ(store_.allocate(finer).id.interval.end_ms, kHourMs / 2);
}

TEST_F(SqliteSupervisorStoreTest, ForgetsOnlyTheSequenceThatIsNamed) {
  store_.allocate(request("s_1"));
  store_.allocate(request("s_10"));
  store_.remove_pending("x", "s_1");
  EXPECT_EQ(store_.allocate(request("s_10")).id.partition, 1u);
  EXPECT_EQ(store_.allocate(request("t")).id.partition, 2u);
  EXPECT_EQ(TaskStorage(folder_.path() / "m.sqlite").pending_ids().size(), 2u);
}

TEST_F(SqliteSupervisorStoreTest, TakesChunksBeyondYearsOfFourDigits) {
  publish(kEternity, "v0", 0);
  EXPECT_EQ(store_.allocate(request("a")).id.interval, kEternity);
}

TEST_F(SqliteSupervisorStoreTest, KeepsAllVersionsNewestFirst) {
  store_.add_version("a", Json::Object{{"n", 1}});
  store_.add_version("a", Json::Object{{"n", 2}});
  const auto versions = store_.versions();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].spec.dump(), R"({"n":2})");
}

TEST_F(SqliteSupervisorStoreTest, SetsAndRemovesOffsets) {
  const Position offsets{.stream = "t", .next_offsets = {{0, 5}}};
  store_.set_offsets("x", offsets);
  EXPECT_EQ(metadata_.offsets("x"), offsets);
  const Position later{.stream = "t", .next_offsets = {{0, 9}, {1, 2}}};
  store_.set_offsets("x", later);
  metadata_.publish({}, OffsetsChange{"x", later, {.stream = "t", .next_offsets = {{0, 10}}}});
  EXPECT_EQ(metadata_.offsets("x").next_offsets, (StreamOffsets{{0, 10}, {1, 2}}));
  EXPECT_TRUE(store_.remove_offsets("x"));
  EXPECT_FALSE(store_.remove_offsets("x"));
}

TEST_F(SqliteSupervisorStoreTest, TellsWhatComesTooEarlyFromWhatDoesNotFit) {
  store_.set_offsets("x", {.stream = "t", .next_offsets = {{0, 5}}});
  const auto publish_from = [&](std::int64_t start) {
    metadata_.publish(
        {},
        OffsetsChange{"x", {.stream = "t", .next_offsets = {{0, start}}}, {.stream = "t", .next_offsets = {{0, 20}}}});
  };
  EXPECT_THROW(publish_from(7), OffsetsAhead);
  try {
    publish_from(3);
    FAIL();
  } catch (const OffsetsAhead&) {
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 44), "Inconsistency between stored metadata state[");
  }
}

}  // namespace
}  // namespace sarsen::ingest
