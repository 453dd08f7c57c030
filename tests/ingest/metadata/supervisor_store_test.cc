#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/metadata/sql_supervisor_store.h"
#include "ingest/tasks/task_storage.h"
#include "storage/base/error.h"
#include "tests/ingest/metadata/metadata_under_test.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr Interval kHour{0, kHourMs};

class SqlSupervisorStoreTest : public MetadataTest {
 protected:
  void open() override {
    metadata_.emplace(config());
    store_.emplace(config());
  }
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
    metadata_->publish({segment});
  }

  std::optional<SqlMetadataStore> metadata_;
  std::optional<SqlSupervisorStore> store_;
};

SARSEN_METADATA_SUITE(SqlSupervisorStoreTest);

TEST_P(SqlSupervisorStoreTest, GivesEachSequenceASegmentOfTheChunk) {
  const AllocatedSegment first = store_->allocate(request("a"));
  EXPECT_EQ(first.id, (storage::SegmentId{"x", kHour, "v1", 0}));
  EXPECT_EQ(store_->allocate(request("a", 5)).id, first.id) << "the same once more";
  EXPECT_EQ(store_->allocate(request("b")).id.partition, 1u);
  EXPECT_EQ(store_->allocate(request("a", kHourMs)).id.interval.start_ms, kHourMs);
}

TEST_P(SqlSupervisorStoreTest, JoinsTheChunkThatIsInUse) {
  publish({0, 24 * kHourMs}, "v0", 4);
  const AllocatedSegment segment = store_->allocate(request("a"));
  EXPECT_EQ(segment.id, (storage::SegmentId{"x", {0, 24 * kHourMs}, "v0", 5}));
}

TEST_P(SqlSupervisorStoreTest, NeverGivesAnIdTwiceEvenWhereItIsNotUsedAnyMore) {
  publish(kHour, "v1", 0);
  metadata_->mark_unused({{"x", kHour, "v1", 0}});
  EXPECT_EQ(store_->allocate(request("a")).id.partition, 1u);
}

TEST_P(SqlSupervisorStoreTest, GivesNoSegmentOfAChunkThatIsNotTheLockedOne) {
  AllocationRequest locked = request("a");
  locked.locked = store_->chunk_of(locked);
  EXPECT_EQ(locked.locked, kHour);
  publish({0, 24 * kHourMs}, "v0", 4);
  EXPECT_THROW(store_->allocate(locked), ChunkChanged);
  locked.locked = store_->chunk_of(locked);
  const AllocatedSegment segment = store_->allocate(locked);
  EXPECT_EQ(segment.id, (storage::SegmentId{"x", {0, 24 * kHourMs}, "v0", 5}));
  EXPECT_EQ(store_->chunk_of(locked), segment.id.interval) << "the same once more";
}

TEST_P(SqlSupervisorStoreTest, KeepsItsSegmentsFromTasks) {
  TaskStorage tasks(config());
  storage::SegmentDescriptor segment;
  segment.id = store_->allocate(request("a")).id;
  segment.shard_spec = storage::numbered_shard_spec(0, 0);
  EXPECT_TRUE(tasks.is_pending(segment.id));
  EXPECT_THROW(tasks.add_pending("task", {segment}), Error);
  EXPECT_EQ(store_->allocate(request("a")).id, segment.id);
}

TEST_P(SqlSupervisorStoreTest, TriesFinerChunksAndSaysWhereNoneFits) {
  publish({kHourMs / 2, kHourMs}, "v0", 0);
  EXPECT_THROW(store_->allocate(request("a")), Error);
  AllocationRequest finer = request("a");
  finer.intervals.push_back({0, kHourMs / 2});
  EXPECT_EQ(store_->allocate(finer).id.interval.end_ms, kHourMs / 2);
}

TEST_P(SqlSupervisorStoreTest, ForgetsOnlyTheSequenceThatIsNamed) {
  store_->allocate(request("s_1"));
  store_->allocate(request("s_10"));
  store_->remove_pending("x", "s_1");
  EXPECT_EQ(store_->allocate(request("s_10")).id.partition, 1u);
  EXPECT_EQ(store_->allocate(request("t")).id.partition, 2u);
  EXPECT_EQ(TaskStorage(config()).pending_ids().size(), 2u);
}

TEST_P(SqlSupervisorStoreTest, TellsWhatATaskLeavesBehind) {
  AllocationRequest others = request("b");
  others.allocator_id = "other";
  store_->allocate(others);
  const storage::SegmentId lost = store_->allocate(request("a")).id;
  const storage::SegmentId published = store_->allocate(request("c")).id;
  publish(published.interval, published.version, published.partition);
  std::vector<PendingSegment> left = store_->pending_of("me");
  std::sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].id, lost);
  EXPECT_FALSE(left[0].is_published);
  EXPECT_EQ(left[1].id, published);
  EXPECT_TRUE(left[1].is_published);
  store_->remove_pending(left);
  EXPECT_TRUE(store_->pending_of("me").empty());
  EXPECT_EQ(store_->pending_of("other").size(), 1u);
}

TEST_P(SqlSupervisorStoreTest, TellsWhatIsPendingForLongOfTasksWithoutLocks) {
  SqlSupervisorStore earlier(config(), [] { return std::int64_t{1000}; });
  const storage::SegmentId left = earlier.allocate(request("a")).id;
  AllocationRequest locked = request("b");
  locked.allocator_id = "has locks";
  earlier.allocate(locked);
  store_->allocate(request("c"));
  TaskStorage(config()).add_lock("has locks", {TaskLockType::kAppend, "g", "x", kHour, "v1", 75, false});
  EXPECT_TRUE(store_->pending_before(1000).empty());
  const std::vector<PendingSegment> stale = store_->pending_before(1001);
  ASSERT_EQ(stale.size(), 1u);
  EXPECT_EQ(stale.front().id, left);
}

TEST_P(SqlSupervisorStoreTest, RemovesWhatWasAllocatedWithinATime) {
  SqlSupervisorStore earlier(config(), [] { return std::int64_t{1000}; });
  earlier.allocate(request("a"));
  store_->allocate(request("b"));
  EXPECT_EQ(store_->remove_pending_of("y", {0, 2000}), 0u);
  EXPECT_EQ(store_->remove_pending_of("x", {0, 1000}), 0u);
  EXPECT_EQ(store_->remove_pending_of("x", {1000, 1001}), 1u);
  EXPECT_EQ(store_->remove_pending_of("x", {1000, 1001}), 0u);
  EXPECT_EQ(store_->pending_before(INT64_C(4'000'000'000'000)).size(), 1u);
}

TEST_P(SqlSupervisorStoreTest, TakesChunksBeyondYearsOfFourDigits) {
  publish(kEternity, "v0", 0);
  EXPECT_EQ(store_->allocate(request("a")).id.interval, kEternity);
}

TEST_P(SqlSupervisorStoreTest, SeesChunksThatBeginOrEndBeyondYearsOfFourDigits) {
  publish({-1, 300'000'000'000'000}, "v0", 0);
  EXPECT_EQ(store_->allocate(request("a")).id.interval.end_ms, 300'000'000'000'000);
  EXPECT_EQ(store_->allocate(request("b")).id.partition, 2U);
}

TEST_P(SqlSupervisorStoreTest, KeepsAllVersionsNewestFirst) {
  store_->add_version("a", Json::Object{{"n", 1}});
  store_->add_version("a", Json::Object{{"n", 2}});
  const auto versions = store_->versions();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].spec.dump(), R"({"n":2})");
}

TEST_P(SqlSupervisorStoreTest, SetsAndRemovesOffsets) {
  const Position offsets{.stream = "t", .next_offsets = {{0, 5}}};
  store_->set_offsets("x", offsets);
  EXPECT_EQ(metadata_->offsets("x"), offsets);
  const Position later{.stream = "t", .next_offsets = {{0, 9}, {1, 2}}};
  store_->set_offsets("x", later);
  metadata_->publish({}, OffsetsChange{"x", later, {.stream = "t", .next_offsets = {{0, 10}}}});
  EXPECT_EQ(metadata_->offsets("x").next_offsets, (StreamOffsets{{0, 10}, {1, 2}}));
  EXPECT_TRUE(store_->remove_offsets("x"));
  EXPECT_FALSE(store_->remove_offsets("x"));
}

TEST_P(SqlSupervisorStoreTest, TellsWhatComesTooEarlyFromWhatDoesNotFit) {
  store_->set_offsets("x", {.stream = "t", .next_offsets = {{0, 5}}});
  const auto publish_from = [&](std::int64_t start) {
    metadata_->publish(
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
