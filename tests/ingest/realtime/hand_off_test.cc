// Hand-off as a whole: a department over a store, deep storage and cache on disk. No row may be missing or doubled in
// any query at any moment, nor after the process was killed at any step.
#include "ingest/realtime/hand_off.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <thread>

#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/deep_storage/published_segments.h"
#include "ingest/fault_point.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/realtime/fire_department.h"
#include "storage/base/log.h"
#include "tests/ingest/support/fake_source.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/wait_until.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPause{5};
constexpr std::int64_t kHourMs = 3'600'000;

class SilentAnnouncer final : public SegmentAnnouncer {
 public:
  void announce(const storage::SegmentId&) override { ++served; }
  void unannounce(const storage::SegmentId&) override { --served; }
  std::atomic<int> served{0};
};

/// Events counted in each hour, as a query counts them: a snapshot of the timeline, then its parts.
using Counts = std::map<std::int64_t, std::int64_t>;

Counts count_events(const storage::Catalog& catalog) {
  Counts counts;
  const auto timelines = catalog.snapshot();
  const auto timeline = timelines->find("x");
  if (timeline == timelines->end()) return counts;
  for (const storage::TimelineHit& hit : timeline->second->lookup(kEternity))
    for (const auto& part : hit.entry->segment->acquire())
      for (const std::string& row : rows_of(*part)) {  // time|a|c|s
        const std::size_t end = row.rfind('|');
        const std::size_t begin = row.rfind('|', end - 1) + 1;
        counts[std::stoll(row) / kHourMs] += std::stoll(row.substr(begin, end - begin));
      }
  return counts;
}

std::int64_t total(const Counts& counts) {
  std::int64_t sum = 0;
  for (const auto& [hour, count] : counts) sum += count;
  return sum;
}

/// One life of a process over a folder: what is published is served, and a department reads.
class Node {
 public:
  Node(const fs::path& folder, FakeStream& stream, const std::string& tuning, Clock clock = system_clock_ms)
      : metadata_(folder / "metadata.sqlite"),
        deep_storage_(folder / "segments"),
        cache_({{folder / "cache"}}, deep_storage_),
        services_{metadata_, deep_storage_, cache_} {
    serve_published_segments(metadata_, cache_, catalog_);
    department_ = std::make_unique<FireDepartment>(
        spec(tuning), std::make_unique<FakeSource>(stream, 7), catalog_, announcer_,
        FireDepartmentOptions{
            .persist_directory = folder / "persist", .clock = std::move(clock), .hand_off = &services_});
    department_->start();
  }

  static FireDepartmentSpec spec(const std::string& tuning) {
    return parse_realtime_spec(
        Json::parse(R"({"dataSchema":{"dataSource":"x","parser":{"type":"string","parseSpec":{"format":"json",
        "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]}}},
        "metricsSpec":[{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"v"}],
        "granularitySpec":{"type":"uniform","segmentGranularity":"HOUR","queryGranularity":"NONE"}},
        "ioConfig":{"type":"realtime","firehose":{"type":"kafka-0.8","feed":"topic",
        "consumerProps":{"bootstrap.servers":"k:1"}}},
        "tuningConfig":{"type":"realtime",)" +
                    tuning + "}}"))[0];
  }

  const storage::Catalog& catalog() const { return catalog_; }
  SqlMetadataStore& metadata() { return metadata_; }
  FireDepartment& department() { return *department_; }
  int announced() const { return announcer_.served; }

  bool wait_for_published(std::size_t count) {
    return wait_until([&] { return metadata_.segment_ids().size() == count; });
  }

 private:
  SqlMetadataStore metadata_;
  LocalDeepStorage deep_storage_;
  SegmentCache cache_;
  const HandOffServices services_;
  storage::Catalog catalog_;
  SilentAnnouncer announcer_;
  std::unique_ptr<FireDepartment> department_;
};

const std::string kMessageTime =
    R"("maxRowsInMemory":4,"windowPeriod":"PT10M","rejectionPolicy":{"type":"messageTime"})";

std::string event(std::int64_t time_ms, int key) {
  return R"({"t":)" + std::to_string(time_ms) + R"(,"a":"v)" + std::to_string(key) + R"(","v":1})";
}

/// `per_hour` events in each of `hours` hours, in order of time; every third is rolled up with its neighbour.
void produce(FakeStream& stream, int hours, int per_hour, int from = 0) {
  for (int hour = from; hour < from + hours; ++hour)
    for (int i = 0; i < per_hour; ++i)
      stream.push(event(hour * kHourMs + (i - i % 3) * 1000, i % 3 == 0 ? i : i - i % 3));
}

std::size_t sink_directories(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder / "persist" / "x")) count += entry.is_directory() ? 1 : 0;
  return count;
}

class HandOffTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kError); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  TemporaryFolder folder_;
  FakeStream stream_;
};

TEST_F(HandOffTest, ShowsEachRowOnceThroughFiftyHandOffs) {
  constexpr int kHours = 51;
  constexpr int kPerHour = 20;
  Node node(folder_.path(), stream_, kMessageTime);
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> queries{0};
  std::thread reader([&] {
    Counts before;
    while (!done) {
      const Counts now = count_events(node.catalog());
      for (const auto& [hour, count] : before) ASSERT_GE(now.contains(hour) ? now.at(hour) : 0, count) << hour;
      for (const auto& [hour, count] : now) ASSERT_LE(count, kPerHour) << hour;
      before = now;
      ++queries;
    }
  });
  for (int hour = 0; hour < kHours; ++hour) {
    produce(stream_, 1, kPerHour, hour);
    std::this_thread::sleep_for(kPause);
  }
  stream_.push(event(kHours * kHourMs + 600'000, 0));  // closes the hour before
  EXPECT_TRUE(node.wait_for_published(kHours));
  EXPECT_TRUE(wait_until([&] { return sink_directories(folder_.path()) == 1; }));
  done = true;
  reader.join();
  EXPECT_GT(queries, 0u);
  EXPECT_EQ(total(count_events(node.catalog())), kHours * kPerHour + 1);
  EXPECT_EQ(node.announced(), 1);
  EXPECT_EQ(node.department().stats().processed, kHours * kPerHour + 1u);
}

TEST_F(HandOffTest, MergesTheHydrantsAndPublishesThemWithTheOffsets) {
  produce(stream_, 2, 20);
  stream_.push(event(2 * kHourMs + 600'000, 0));
  {
    Node node(folder_.path(), stream_, kMessageTime);
    ASSERT_TRUE(node.wait_for_published(2));
    EXPECT_EQ(node.metadata().offsets("x").stream, "topic");
    const auto segments = node.metadata().used_segments();
    EXPECT_EQ(segments[0].id.text(), "x_1970-01-01T00:00:00.000Z_1970-01-01T01:00:00.000Z_1970-01-01T00:00:00.000Z");
    EXPECT_EQ(segments[0].dimensions, std::vector<std::string>{"a"});
    EXPECT_EQ(segments[0].metrics, (std::vector<std::string>{"c", "s"}));
    EXPECT_EQ(segments[0].shard_spec.dump(), R"({"type":"none"})");
    ASSERT_TRUE(wait_until([&] { return sink_directories(folder_.path()) == 1; }));
    const auto timelines = node.catalog().snapshot();
    const auto parts = timelines->at("x")->lookup({0, kHourMs})[0].entry->segment->acquire();
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0]->row_count(), 7u);  // 20 events, three by three
    EXPECT_FALSE(timelines->at("x")->lookup({0, kHourMs})[0].entry->segment->is_realtime());
  }
  Node again(folder_.path(), stream_, kMessageTime);
  EXPECT_EQ(total(count_events(again.catalog())), 41);
}

TEST_F(HandOffTest, WaitsForTheClockWithServerTime) {
  std::atomic<std::int64_t> now_ms{10'000};
  Node node(folder_.path(), stream_, R"("windowPeriod":"PT1H","rejectionPolicy":{"type":"serverTime"})",
            [&] { return now_ms.load(); });
  stream_.push(event(20'000, 1));
  ASSERT_TRUE(wait_until([&] { return node.department().stats().processed == 1; }));
  now_ms = 2 * kHourMs - 1;
  stream_.push(event(2 * kHourMs, 2));
  ASSERT_TRUE(wait_until([&] { return node.department().stats().processed == 2; }));
  EXPECT_TRUE(node.metadata().segment_ids().empty());
  now_ms = 2 * kHourMs;
  EXPECT_TRUE(node.wait_for_published(1));
}

TEST_F(HandOffTest, NeverHandsOffWhereEveryRowIsTaken) {
  produce(stream_, 5, 3);
  Node node(folder_.path(), stream_, R"("rejectionPolicy":{"type":"none"})");
  ASSERT_TRUE(wait_until([&] { return node.department().stats().processed == 15; }));
  node.department().stop();
  EXPECT_TRUE(node.metadata().segment_ids().empty());
  EXPECT_EQ(total(count_events(node.catalog())), 15);
}

TEST_F(HandOffTest, ThrowsRowsAwayThatComeAfterTheirSegmentAlsoAfterARestart) {
  produce(stream_, 1, 5);
  stream_.push(event(2 * kHourMs, 0));
  {
    Node node(folder_.path(), stream_, kMessageTime);
    ASSERT_TRUE(node.wait_for_published(1));
  }
  stream_.push(event(1'000, 77));  // the policy has forgotten what it saw
  Node again(folder_.path(), stream_, kMessageTime);
  ASSERT_TRUE(wait_until([&] { return again.department().stats().thrown_away == 1; }));
  EXPECT_EQ(total(count_events(again.catalog())), 6);
}

// --- killed at each step

const char* fault_name = nullptr;
std::atomic<int> fault_passes{0};

void kill_at_fault(std::string_view point) {
  if (point == fault_name && fault_passes.fetch_sub(1) == 0) ::kill(::getpid(), SIGKILL);
}

class HandOffKillTest : public HandOffTest, public testing::WithParamInterface<const char*> {
 protected:
  /// A process that lives until it comes to the point for the `passes`-th time. False where it never did.
  bool live_until_killed(int passes, std::size_t segments) {
    const pid_t child = ::fork();
    if (child == 0) {
      fault_name = GetParam();
      fault_passes = passes;
      fault_hook = kill_at_fault;
      Node node(folder_.path(), stream_, kMessageTime);
      node.wait_for_published(segments);
      wait_until([&] { return sink_directories(folder_.path()) == 1; });
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
};

TEST_P(HandOffKillTest, NeitherLosesNorDoublesARow) {
  constexpr int kHours = 6;
  constexpr int kPerHour = 20;
  produce(stream_, kHours, kPerHour);
  stream_.push(event(kHours * kHourMs + 600'000, 0));
  int kills = 0;
  for (int passes = 0; passes < 4; ++passes) kills += live_until_killed(passes, kHours) ? 1 : 0;
  EXPECT_GE(kills, 2);
  Node node(folder_.path(), stream_, kMessageTime);
  EXPECT_TRUE(node.wait_for_published(kHours));
  EXPECT_TRUE(wait_until([&] { return sink_directories(folder_.path()) == 1; }));
  EXPECT_TRUE(wait_until([&] { return total(count_events(node.catalog())) >= kHours * kPerHour + 1; }));
  const Counts counts = count_events(node.catalog());
  for (int hour = 0; hour < kHours; ++hour) EXPECT_EQ(counts.at(hour), kPerHour) << hour;
  EXPECT_EQ(total(counts), kHours * kPerHour + 1);
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, HandOffKillTest,
                         testing::Values("persist.begin", "persist.written", "persist.committed", "merge.begin",
                                         "merge.written", "push.written", "push.done", "publish.begin",
                                         "publish.offsets", "publish.segments", "publish.committed", "load.done",
                                         "swap.done", "cleanup.committed"),
                         [](const auto& point) {
                           std::string name = point.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace sarsen::ingest
