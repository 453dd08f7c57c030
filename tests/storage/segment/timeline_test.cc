#include "storage/segment/timeline.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::storage {
namespace {

TimelineEntry entry(std::int64_t start, std::int64_t end, const std::string& version, std::uint32_t partition = 0,
                    std::uint32_t core_partitions = 0) {
  TimelineEntry entry;
  entry.id = {"demo", {start, end}, version, partition};
  entry.core_partitions = core_partitions;
  return entry;
}

// "10-20 b 0": one line per hit.
std::string lookup(const Timeline& timeline, Interval interval = {0, 1000}) {
  std::string text;
  for (const TimelineHit& hit : timeline.lookup(interval)) {
    text += std::to_string(hit.interval.start_ms) + '-' + std::to_string(hit.interval.end_ms) + ' ' +
            hit.entry->id.version + ' ' + std::to_string(hit.entry->id.partition) + '\n';
  }
  return text;
}

Timeline timeline_of(std::vector<TimelineEntry> entries) {
  Timeline timeline;
  for (TimelineEntry& entry : entries) timeline.add(std::move(entry));
  return timeline;
}

TEST(Timeline, AnswersInOrderOfTimeAndPartition) {
  const Timeline timeline = timeline_of({entry(20, 30, "a"), entry(10, 20, "b", 1), entry(10, 20, "b", 0)});
  EXPECT_EQ(lookup(timeline), "10-20 b 0\n10-20 b 1\n20-30 a 0\n");
  EXPECT_EQ(lookup(timeline, {15, 25}), "15-20 b 0\n15-20 b 1\n20-25 a 0\n");
  EXPECT_EQ(lookup(timeline, {30, 40}), "");
}

TEST(Timeline, LetsTheGreaterVersionHideTheSmaller) {
  EXPECT_EQ(lookup(timeline_of({entry(10, 20, "a"), entry(10, 20, "b")})), "10-20 b 0\n");
  EXPECT_EQ(lookup(timeline_of({entry(0, 100, "a"), entry(20, 40, "b"), entry(60, 80, "b")})),
            "0-20 a 0\n20-40 b 0\n40-60 a 0\n60-80 b 0\n80-100 a 0\n");
  EXPECT_EQ(lookup(timeline_of({entry(20, 40, "a"), entry(0, 100, "b")})), "0-100 b 0\n");
}

TEST(Timeline, KeepsAbuttingPiecesApart) {
  EXPECT_EQ(lookup(timeline_of({entry(0, 30, "a"), entry(0, 10, "b"), entry(10, 20, "b")})),
            "0-10 b 0\n10-20 b 0\n20-30 a 0\n");
}

TEST(Timeline, WaitsForTheCoreSet) {
  Timeline timeline = timeline_of({entry(0, 10, "a"), entry(0, 10, "b", 0, 2)});
  EXPECT_EQ(lookup(timeline), "0-10 a 0\n");
  timeline.add(entry(0, 10, "b", 2, 2));  // appended: no part of the core set
  EXPECT_EQ(lookup(timeline), "0-10 a 0\n");
  timeline.add(entry(0, 10, "b", 1, 2));
  EXPECT_EQ(lookup(timeline), "0-10 b 0\n0-10 b 1\n0-10 b 2\n");
  EXPECT_TRUE(timeline.remove({"demo", {0, 10}, "b", 1}));
  EXPECT_EQ(lookup(timeline), "0-10 a 0\n");
  EXPECT_FALSE(timeline.remove({"demo", {0, 10}, "b", 1}));
}

TEST(Timeline, WaitsForUncountedRangesToMeet) {
  const auto range = [](std::uint32_t partition, Json start, Json end) {
    TimelineEntry piece = entry(0, 10, "b", partition);
    piece.shard_spec = Json::Object{{"type", "single"},
                                    {"dimension", "city"},
                                    {"start", std::move(start)},
                                    {"end", std::move(end)},
                                    {"partitionNum", static_cast<std::int64_t>(partition)}};
    return piece;
  };
  Timeline timeline = timeline_of({entry(0, 10, "a"), range(0, {}, "k"), range(2, "r", {})});
  EXPECT_EQ(lookup(timeline), "0-10 a 0\n");
  timeline.add(range(1, "k", "r"));
  EXPECT_EQ(lookup(timeline), "0-10 b 0\n0-10 b 1\n0-10 b 2\n");
}

TEST(Timeline, RefusesOverlapWithinAVersion) {
  Timeline timeline = timeline_of({entry(0, 10, "a")});
  EXPECT_THROW(timeline.add(entry(5, 15, "a")), Error);
  timeline.add(entry(5, 15, "b"));
  timeline.add(entry(10, 20, "a"));
  EXPECT_EQ(lookup(timeline), "0-5 a 0\n5-15 b 0\n15-20 a 0\n");
}

TEST(Timeline, ReplacesAnEntryOfTheSameId) {
  TimelineEntry live = entry(0, 10, "a");
  TimelineEntry stored = entry(0, 10, "a");
  stored.core_partitions = 1;
  const Timeline timeline = timeline_of({std::move(live), std::move(stored)});
  EXPECT_EQ(timeline.entries().size(), 1u);
  EXPECT_EQ(timeline.entries().begin()->second.core_partitions, 1u);
}

TEST(Timeline, RefusesAnOverlapThatBeginsFarBack) {
  Timeline timeline = timeline_of({entry(0, 1000, "a")});
  for (std::int64_t start = 10; start < 900; start += 10) timeline.add(entry(start, start + 10, "b"));
  EXPECT_THROW(timeline.add(entry(900, 910, "a")), Error);
  EXPECT_THROW(timeline.add(entry(-10, 1, "a", 7)), Error);
  EXPECT_NO_THROW(timeline.add(entry(0, 1000, "a", 1)));
  EXPECT_NO_THROW(timeline.add(entry(1000, 1010, "a")));
}

TEST(Timeline, RefusesOverlapsAtTheEndsOfTime) {
  Timeline timeline = timeline_of({entry(INT64_MIN, INT64_MIN + 10, "a"), entry(-5, INT64_MAX, "a")});
  EXPECT_THROW(timeline.add(entry(INT64_MAX - 1, INT64_MAX, "a")), Error);
  EXPECT_THROW(timeline.add(entry(INT64_MIN, INT64_MIN + 1, "a")), Error);
  EXPECT_NO_THROW(timeline.add(entry(INT64_MIN + 10, -5, "a")));
}

// Whatever the order of adding, each moment belongs to the greatest version that covers it.
TEST(Timeline, AgreesWithAnswersMomentByMoment) {
  std::uint64_t seed = 1;
  const auto random = [&seed](std::uint64_t limit) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>((seed >> 33) % limit);
  };
  for (int round = 0; round < 200; ++round) {
    Timeline timeline;
    for (int i = 0; i < 8; ++i) {
      const std::int64_t start = random(30);
      try {
        timeline.add(entry(start, start + 1 + random(10), std::string(1, static_cast<char>('a' + random(5)))));
      } catch (const Error&) {  // overlaps in its version: not added
      }
    }
    for (std::int64_t moment = 0; moment < 40; ++moment) {
      std::string wanted;
      for (const auto& [id, other] : timeline.entries()) {
        if (id.interval.contains(moment)) wanted = std::max(wanted, id.version);
      }
      std::string got;
      for (const TimelineHit& hit : timeline.lookup({0, 100})) {
        if (hit.interval.contains(moment)) got += hit.entry->id.version;
      }
      ASSERT_EQ(got, wanted) << "round " << round << ", moment " << moment;
    }
  }
}

}  // namespace
}  // namespace sarsen::storage
