// Supervisors as a whole, over a stream that the test holds, and stores on disk. No row may be missing or doubled in
// any query at any moment, nor after the process was killed at any step.
#include "ingest/supervisor/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "ingest/fault_point.h"
#include "ingest/supervisor/tombstone.h"
#include "storage/base/log.h"
#include "tests/ingest/supervisor/supervisor_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

TEST_F(SupervisorTest, ServesRowsWhileTheyAreReadAndPublishesThemAfterTheTaskDuration) {
  produce(30, 2);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec(R"(,"taskCount":2,"taskDuration":"PT0.3S")"));
  ASSERT_TRUE(node.wait_for_count(30));
  ASSERT_TRUE(node.wait_for_offsets({{0, 15}, {1, 15}}));
  produce(10, 2);
  ASSERT_TRUE(node.wait_for_offsets({{0, 20}, {1, 20}}));
  EXPECT_TRUE(node.wait_for_count(40));
  EXPECT_EQ(node.metadata().offsets("x").stream, "topic");
  for (const auto& segment : node.metadata().used_segments())
    EXPECT_EQ(segment.shard_spec.dump(), storage::numbered_shard_spec(segment.id.partition, 0).dump());
}

TEST_F(SupervisorTest, ShowsEachRowOnceThroughManyPublications) {
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.05S")", R"(,"maxRowsInMemory":7)"));
  std::atomic<bool> done{false};
  std::thread reader([&] {
    std::int64_t before = 0;
    while (!done) {
      const std::int64_t now = node.count();
      ASSERT_GE(now, before);
      before = now;
    }
  });
  for (int i = 0; i < 40; ++i) {
    produce(5, 1);
    std::this_thread::sleep_for(SupervisedNode::kPause);
  }
  EXPECT_TRUE(node.wait_for_offsets({{0, 200}}));
  EXPECT_TRUE(wait_until([&] { return node.announced() == 0; }));
  done = true;
  reader.join();
  EXPECT_EQ(node.count(), 200);
}

TEST_F(SupervisorTest, PersistsWhenSegmentsTogetherHaveManyBytes) {
  const std::filesystem::path files = folder_.path() / "supervised";
  const auto persisted = [&] {
    std::size_t count = 0;
    std::error_code gone;  // files are renamed meanwhile
    for (auto at = std::filesystem::recursive_directory_iterator(files, gone); !gone && at != end(at);
         at.increment(gone))
      count += at->path().extension() == ".smoosh" ? 1 : 0;
    return count;
  };
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec("", R"(,"maxBytesInMemory":100000)"));
  produce(1, 1);
  ASSERT_TRUE(node.wait_for_count(1));
  EXPECT_EQ(persisted(), 0u) << "one segment has fewer bytes";
  for (int hour = 3; hour < 15; ++hour) stream_.push(event(hour * kHourMs, hour), 0);
  ASSERT_TRUE(node.wait_for_count(13));
  EXPECT_TRUE(wait_until([&] { return persisted() > 0; }));
}

TEST_F(SupervisorTest, PublishesWhenASegmentHasRowsEnoughAndReadsOn) {
  produce(100, 1);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec("", R"(,"maxRowsPerSegment":10)"));
  EXPECT_TRUE(wait_until([&] { return node.metadata().used_segments().size() >= 9; }));
  EXPECT_TRUE(node.wait_for_count(100));
  const Json task = node.payload().find("activeTasks")->array().at(0);
  EXPECT_EQ(task.find("startingOffsets")->dump(), R"({"0":0})") << "still the first task";
  std::set<std::string> versions;
  for (const auto& segment : node.metadata().used_segments())
    if (segment.id.interval.start_ms == 0) versions.insert(segment.id.version);
  EXPECT_EQ(versions.size(), 1u) << "further partitions of one chunk";
}

TEST_F(SupervisorTest, GoesOnAfterARestartWhereThePublishedRowsEnd) {
  produce(20, 2);
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT1H")"));
    ASSERT_TRUE(node.wait_for_count(20));
    node.supervisor()->hand_off({0});
    ASSERT_TRUE(node.wait_for_offsets({{0, 10}, {1, 10}}));
    produce(6, 2);
    ASSERT_TRUE(node.wait_for_count(26));
  }
  produce(4, 2);
  SupervisedNode node(folder_.path(), stream_);
  EXPECT_EQ(node.manager().ids(), std::vector<std::string>{"x"});
  EXPECT_TRUE(node.wait_for_count(30));
  EXPECT_EQ(node.metadata().offsets("x").next_offsets, (StreamOffsets{{0, 10}, {1, 10}}));
}

TEST_F(SupervisorTest, KeepsTheEndOfTheStreamWhereItBeganAcrossARestart) {
  produce(10, 1);
  const auto spec = SupervisedNode::spec(R"(,"useEarliestOffset":false)");
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(spec);
    ASSERT_TRUE(wait_until([&] { return node.state() == "RUNNING"; }));
    produce(3, 1);
    ASSERT_TRUE(node.wait_for_count(3));
  }
  SupervisedNode node(folder_.path(), stream_);
  EXPECT_TRUE(node.wait_for_count(3));
}

TEST_F(SupervisorTest, PublishesWhenSuspendedAndReadsOnWhenResumed) {
  produce(12, 1);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec());
  ASSERT_TRUE(node.wait_for_count(12));
  ASSERT_NE(node.manager().set_suspended("x", true), nullptr);
  EXPECT_EQ(node.manager().set_suspended("x", true), nullptr);
  ASSERT_TRUE(node.wait_for_offsets({{0, 12}}));
  ASSERT_TRUE(wait_until([&] { return node.state() == "SUSPENDED"; }));
  produce(5, 1);
  EXPECT_TRUE(node.payload().find("activeTasks")->array().empty());
  ASSERT_NE(node.manager().set_suspended("x", false), nullptr);
  EXPECT_TRUE(node.wait_for_count(17));
}

TEST_F(SupervisorTest, PublishesWhenTerminatedAndIsNotThereAfterARestart) {
  produce(12, 1);
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(SupervisedNode::spec());
    ASSERT_TRUE(node.wait_for_count(12));
    EXPECT_TRUE(node.manager().terminate("x"));
    EXPECT_FALSE(node.manager().terminate("x"));
    EXPECT_TRUE(node.wait_for_offsets({{0, 12}}));
    EXPECT_TRUE(is_tombstone(node.manager().history().front().spec));
  }
  SupervisedNode node(folder_.path(), stream_);
  EXPECT_TRUE(node.manager().ids().empty());
  EXPECT_EQ(node.count(), 12);
}

TEST_F(SupervisorTest, TakesNewPartitionsFromTheirBeginning) {
  produce(10, 1);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec(R"(,"useEarliestOffset":false,"taskCount":2)"));
  ASSERT_TRUE(wait_until([&] { return node.state() == "RUNNING"; }));
  for (int i = 0; i < 8; ++i) stream_.push(event(i, i), 1);
  EXPECT_TRUE(node.wait_for_count(8));
  EXPECT_TRUE(wait_until([&] { return node.payload().find("partitions")->integer() == 2; }));
}

TEST_F(SupervisorTest, SaysThatTheStreamIsAwayAndReadsWhenItIsThere) {
  stream_.set_down(true);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec());
  ASSERT_TRUE(wait_until([&] { return node.state() == "UNABLE_TO_CONNECT_TO_STREAM"; }));
  const Json payload = node.payload();
  EXPECT_EQ(payload.find("state")->string(), "UNHEALTHY_SUPERVISOR");
  EXPECT_FALSE(payload.find("healthy")->boolean());
  EXPECT_THAT(payload.find("recentErrors")->dump(), HasSubstr("the broker is away"));
  produce(5, 1);
  stream_.set_down(false);
  EXPECT_TRUE(node.wait_for_count(5));
  EXPECT_TRUE(wait_until([&] { return node.state() == "RUNNING"; }));
  stream_.set_down(true);
  EXPECT_TRUE(wait_until([&] { return node.state() == "LOST_CONTACT_WITH_STREAM"; }));
}

TEST_F(SupervisorTest, SaysWhichOffsetIsGoneAndWaitsForAReset) {
  produce(10, 1);
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.1S")"));
    ASSERT_TRUE(node.wait_for_offsets({{0, 10}}));
  }
  produce(10, 1);
  stream_.trim(0, 15);
  SupervisedNode node(folder_.path(), stream_);
  ASSERT_TRUE(wait_until([&] {
    return node.payload().find("recentErrors")->dump().find("Previous sequenceNumber [10] is no longer available") !=
           std::string::npos;
  }));
  EXPECT_EQ(node.count(), 10);
  node.supervisor()->reset_offsets({.stream = "topic", .next_offsets = {{0, 15}}});
  EXPECT_TRUE(node.wait_for_count(15));
  EXPECT_TRUE(node.wait_for_offsets({{0, 20}}));
}

TEST_F(SupervisorTest, GivesAnOffsetUpThatIsTooOldWhereItMay) {
  produce(10, 1);
  const auto spec = SupervisedNode::spec(R"(,"taskDuration":"PT0.1S")", R"(,"resetOffsetAutomatically":true)");
  {
    SupervisedNode node(folder_.path(), stream_);
    node.manager().post(spec);
    ASSERT_TRUE(node.wait_for_offsets({{0, 10}}));
  }
  produce(10, 1);
  stream_.trim(0, 15);
  SupervisedNode node(folder_.path(), stream_);
  EXPECT_TRUE(node.wait_for_count(15));
}

TEST_F(SupervisorTest, ReadsAllAgainAfterAReset) {
  produce(10, 1);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec());
  ASSERT_TRUE(node.wait_for_count(10));
  node.supervisor()->hand_off({0});
  ASSERT_TRUE(node.wait_for_offsets({{0, 10}}));
  node.supervisor()->reset();
  EXPECT_TRUE(node.wait_for_count(20)) << "as Druid: what is published stays, and is read once more";
}

TEST_F(SupervisorTest, FailsAfterTooManyBadRowsAndSaysSo) {
  produce(3, 1);
  stream_.push("no json");
  stream_.push("nor this");
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec("", R"(,"maxParseExceptions":1,"maxSavedParseExceptions":5)"));
  EXPECT_TRUE(wait_until([&] { return node.state() == "UNHEALTHY_TASKS"; }));
  EXPECT_THAT(node.payload().find("recentErrors")->dump(), HasSubstr("Max parse exceptions[1] exceeded"));
  const auto tasks = node.manager().tasks();
  EXPECT_TRUE(std::any_of(tasks.begin(), tasks.end(),
                          [](const TaskStatus& task) { return task.status_code == TaskState::kFailed; }));
}

TEST_F(SupervisorTest, CountsAndKeepsBadRows) {
  produce(3, 1);
  stream_.push("no json");
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec("", R"(,"maxSavedParseExceptions":5)"));
  ASSERT_TRUE(wait_until([&] { return node.supervisor()->parse_errors().array().size() == 1; }));
  EXPECT_EQ(node.supervisor()->parse_errors().array()[0].find("input")->string(), "no json");
  EXPECT_THAT(node.supervisor()->stats().dump(), HasSubstr(R"("unparseable":1)"));
}

TEST_F(SupervisorTest, ThrowsLateAndEarlyRowsAway) {
  const std::int64_t now_ms = system_clock_ms();
  stream_.push(event(now_ms - 2 * kHourMs, 0));
  stream_.push(event(now_ms, 1));
  stream_.push(event(now_ms + 3 * kHourMs, 2));
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(
      SupervisedNode::spec(R"(,"lateMessageRejectionPeriod":"PT1H","earlyMessageRejectionPeriod":"PT1H")"));
  ASSERT_TRUE(
      wait_until([&] { return node.supervisor()->stats().dump().find(R"("thrownAway":2)") != std::string::npos; }));
  EXPECT_EQ(node.count(), 1);
}

TEST_F(SupervisorTest, CommitsOffsetsWhereNoRowIsTaken) {
  stream_.push(event(0, 0));
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(
      SupervisedNode::spec(R"(,"lateMessageRejectionStartDateTime":"2020-01-01","taskDuration":"PT0.1S")"));
  EXPECT_TRUE(node.wait_for_offsets({{0, 1}}));
  EXPECT_TRUE(node.metadata().segment_ids().empty());
}

TEST_F(SupervisorTest, RefusesAnotherStreamUnderTheSameName) {
  SupervisedNode node(folder_.path(), stream_);
  stream_.add_partition(0);
  EXPECT_TRUE(node.manager().post(SupervisedNode::spec()));
  EXPECT_FALSE(node.manager().post(SupervisedNode::spec(), true));
  Json::Object io;
  const Json other = Json::parse(R"({"type":"kafka","dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{},"granularitySpec":{}},"ioConfig":{"topic":"other","inputFormat":{"type":"json"},
      "consumerProperties":{"bootstrap.servers":"k:1"}}})");
  EXPECT_THROW(node.manager().post(SupervisorSpec::parse(other)), Error);
}

TEST_F(SupervisorTest, WhoIsNotTheOverlordAnyMoreTakesNoSpecification) {
  stream_.add_partition(0);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().stop();
  EXPECT_THROW(node.manager().post(SupervisedNode::spec()), Error);
  EXPECT_TRUE(node.manager().ids().empty());
  EXPECT_TRUE(node.store().versions().empty());
  node.manager().start();
  EXPECT_TRUE(node.manager().post(SupervisedNode::spec()));
}

TEST_F(SupervisorTest, StopsThoughNothingCanBePersisted) {
  static std::atomic<int> tries;
  tries = 0;
  fault_hook = [](std::string_view point) {
    if (point != "persist.begin") return;
    ++tries;
    throw Error(ErrorCategory::kRuntimeFailure, "the disk is full");
  };
  produce(100, 1);
  SupervisedNode node(folder_.path(), stream_);
  node.manager().post(SupervisedNode::spec("", R"(,"maxRowsInMemory":7)"));
  ASSERT_TRUE(wait_until([] { return tries > 1; }));  // and the reader waits for the first persist
  std::atomic<bool> stopped{false};
  std::thread stopping([&] {
    node.manager().stop();
    stopped = true;
  });
  EXPECT_TRUE(wait_until([&] { return stopped.load(); }));
  fault_hook = nullptr;
  stopping.join();
}

// --- killed at each step

const char* fault_name = nullptr;
std::atomic<int> fault_passes{0};

void kill_at_fault(std::string_view point) {
  if (point == fault_name && fault_passes.fetch_sub(1) == 0) ::kill(::getpid(), SIGKILL);
}

class SupervisorKillTest : public SupervisorTest, public testing::WithParamInterface<const char*> {
 protected:
  static constexpr const char* kIo = R"(,"taskCount":2,"taskDuration":"PT0.2S")";
  static constexpr const char* kTuning = R"(,"maxRowsInMemory":9,"maxRowsPerSegment":20)";

  /// A process that lives until it comes to the point for the `passes`-th time. False where it never did.
  bool live_until_killed(int passes, const StreamOffsets& end) {
    const pid_t child = ::fork();
    if (child == 0) {
      fault_name = GetParam();
      fault_passes = passes;
      fault_hook = kill_at_fault;
      SupervisedNode node(folder_.path(), stream_);
      if (node.manager().ids().empty()) node.manager().post(SupervisedNode::spec(kIo, kTuning));
      node.wait_for_offsets(end);
      wait_until([&] { return node.announced() == 0; });
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
};

TEST_P(SupervisorKillTest, NeitherLosesNorDoublesARow) {
  int kills = 0;
  StreamOffsets end;
  for (int passes = 0; passes < 4; ++passes) {
    produce(60, 2);
    end = {{0, produced_ / 2}, {1, produced_ / 2}};
    kills += live_until_killed(passes, end) ? 1 : 0;
  }
  EXPECT_GE(kills, 2);
  SupervisedNode node(folder_.path(), stream_);
  if (node.manager().ids().empty()) node.manager().post(SupervisedNode::spec(kIo, kTuning));
  EXPECT_TRUE(node.wait_for_offsets(end));
  EXPECT_TRUE(wait_until([&] { return node.announced() == 0; }));
  EXPECT_EQ(node.count(), produced_);
  node.manager().set_suspended("x", true);
  EXPECT_TRUE(wait_until([&] { return node.tasks().pending_ids().empty(); }));
  std::size_t stored = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path() / "segments"))
    stored += entry.path().filename() == "index" ? 1 : 0;
  EXPECT_EQ(stored, node.metadata().segment_ids().size()) << "what was pushed and not published is gone";
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, SupervisorKillTest,
                         testing::Values("persist.begin", "persist.written", "persist.committed", "merge.begin",
                                         "merge.written", "push.written", "push.done", "publish.begin",
                                         "publish.offsets", "publish.segments", "publish.committed", "load.done",
                                         "swap.done"),
                         [](const auto& point) {
                           std::string name = point.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace sarsen::ingest
