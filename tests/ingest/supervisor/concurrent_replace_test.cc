// A supervisor appends while tasks replace what it appends to (useConcurrentLocks): at every moment each row is seen
// once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

#include "ingest/fault_point.h"
#include "ingest/metadata/metadata_database.h"
#include "tests/ingest/supervisor/supervisor_fixture.h"

namespace sarsen::ingest {
namespace {

using testing::IsEmpty;

constexpr const char* kConcurrent = R"(,"context":{"useConcurrentLocks":true})";

class ConcurrentReplaceTest : public SupervisorTest {
 protected:
  std::unique_ptr<SupervisedNode> node() {
    return std::make_unique<SupervisedNode>(folder_.path(), stream_, nullptr, 2);
  }
  static std::string compact(const std::string& more = "") {
    return R"({"type":"compact","dataSource":"x","ioConfig":{"type":"compact","inputSpec":{"type":"interval",
        "interval":"1970-01-01/1970-01-02"},"allowNonAlignedInterval":true},"context":{"useConcurrentLocks":true})" +
           more + "}";
  }
  static std::string by_day() { return compact(R"(,"granularitySpec":{"segmentGranularity":"DAY"})"); }

  static TaskStatus ended(SupervisedNode& node, const std::string& id) {
    EXPECT_TRUE(wait_until([&] { return !node.queue().find(id); })) << id;
    return node.tasks().find(id)->status;
  }
  /// Runs the task while the counts are `rows`, and looks at them all the time.
  void replaces(SupervisedNode& node, const std::string& specification, std::int64_t rows) {
    const std::string id = node.queue().add(Json::parse(specification));
    while (node.queue().find(id)) ASSERT_EQ(node.count(), rows);
    const TaskStatus status = ended(node, id);
    EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
    EXPECT_EQ(node.count(), rows);
  }
  /// Segments that are published and served as that.
  static std::ptrdiff_t handed_off(const SupervisedNode& node) {
    const auto timelines = node.catalog().snapshot();
    const auto found = timelines->find("x");
    if (found == timelines->end()) return 0;
    const auto& entries = found->second->entries();
    return std::count_if(entries.begin(), entries.end(),
                         [](const auto& entry) { return !entry.second.segment->is_realtime(); });
  }
  /// Ten of each of three hours.
  void hands_off_thirty_rows(SupervisedNode& node) {
    produce(30, 1);
    node.manager().post(SupervisedNode::spec("", "", kConcurrent));
    ASSERT_TRUE(node.wait_for_count(30));
    node.supervisor()->hand_off({0});
    ASSERT_TRUE(wait_until([&] { return handed_off(node) == 3; }));
  }
  std::size_t rows_of_store(const std::string& rest) const {
    const MetadataDatabase database(folder_.path() / "metadata.sqlite");
    return database.run("SELECT id FROM " + rest).size();
  }
  std::size_t upgraded() const { return rows_of_store("$segments WHERE upgraded_from_segment_id IS NOT NULL"); }
  std::size_t upgraded_pending() const {
    return rows_of_store("$pendingSegments WHERE upgraded_from_segment_id IS NOT NULL");
  }
  void publishes_all(SupervisedNode& node) {
    EXPECT_TRUE(node.wait_for_count(produced_));
    node.manager().set_suspended("x", true);
    EXPECT_TRUE(node.wait_for_offsets({{0, produced_}}));
    EXPECT_TRUE(wait_until([&] { return node.announced() == 0; }));
    EXPECT_EQ(node.count(), produced_);
  }
};

TEST_F(ConcurrentReplaceTest, RowsThatAreNotPublishedAreSeenInTheNewVersion) {
  auto node = this->node();
  hands_off_thirty_rows(*node);
  for (const TaskLock& lock : node->locks().all()) EXPECT_EQ(lock.type, TaskLockType::kAppend);
  for (const auto& segment : node->metadata().used_segments()) EXPECT_EQ(segment.id.version, kAppendVersion);
  produce(30, 1);
  ASSERT_TRUE(node->wait_for_count(60));
  replaces(*node, compact(), 60);
  EXPECT_EQ(upgraded_pending(), 3u) << "of each hour one";
  produce(9, 1);  // which go into what is open
  ASSERT_TRUE(node->wait_for_count(69));
  replaces(*node, compact(), 69);
  EXPECT_EQ(upgraded_pending(), 6u);
  publishes_all(*node);
  EXPECT_EQ(upgraded_pending(), 0u);
  EXPECT_EQ(upgraded(), 6u);
  replaces(*node, compact(), 69);
  node = nullptr;
  EXPECT_EQ(this->node()->count(), 69);
}

TEST_F(ConcurrentReplaceTest, ChunksBecomeLargerWhileRowsAreAppended) {
  auto node = this->node();
  hands_off_thirty_rows(*node);
  produce(2, 1);  // two of the hours
  ASSERT_TRUE(node->wait_for_count(32));
  replaces(*node, by_day(), 32);
  produce(28, 1);  // the third, which is part of the day now
  ASSERT_TRUE(node->wait_for_count(60));
  publishes_all(*node);
  replaces(*node, by_day(), 60);
  node = nullptr;
  EXPECT_EQ(this->node()->count(), 60);
}

/// Rows come, sequences are published and tasks change all the time, while one compaction follows the other.
TEST_F(ConcurrentReplaceTest, NoRowIsMissingOrDoubledAtAnyMoment) {
  auto node = this->node();
  node->manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.4S")", R"(,"maxRowsPerSegment":100)", kConcurrent));
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> pushed{0};
  std::thread producer([&] {
    while (!over) {
      pushed += 3;
      produce(3, 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  std::atomic<std::int64_t> looks{0};
  std::string problem;
  std::thread looker([&] {
    for (std::int64_t before = 0; !over; ++looks) {
      const std::int64_t seen = node->count(), most = pushed;
      if ((seen < before || seen > most) && problem.empty())
        problem = std::to_string(seen) + " rows after " + std::to_string(before) + ", of " + std::to_string(most);
      before = seen;
      std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
  });
  EXPECT_TRUE(wait_until([&] { return handed_off(*node) > 0; }));
  for (int i = 0; i < 6; ++i) {
    const TaskStatus status = ended(*node, node->queue().add(Json::parse(compact())));
    EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }
  over = true;
  producer.join();
  looker.join();
  EXPECT_EQ(problem, "") << "in " << looks << " looks";
  publishes_all(*node);
  EXPECT_GT(upgraded(), 0u);
  EXPECT_EQ(upgraded_pending(), 0u);
  EXPECT_EQ(rows_of_store("$upgradeSegments"), 0u);
  node = nullptr;
  EXPECT_EQ(this->node()->count(), produced_);
}

const char* killed_at;
std::atomic<int> passes;

void kill_there(std::string_view point) {
  if (point == killed_at && passes.fetch_sub(1) == 0) ::kill(::getpid(), SIGKILL);
}

/// Wherever the process ends, each row is there once afterwards, and the task that was at work is done.
TEST_F(ConcurrentReplaceTest, SurvivesBeingKilled) {
  for (const auto& [point, times] : std::initializer_list<std::pair<const char*, int>>{{"publish.upgrades", 0},
                                                                                       {"publish.upgrades", 1},
                                                                                       {"publish.upgrades", 2},
                                                                                       {"task.announced", 0},
                                                                                       {"task.pushed", 0},
                                                                                       {"task.published", 0},
                                                                                       {"publish.committed", 0},
                                                                                       {"load.done", 2},
                                                                                       {"swap.done", 2}}) {
    SCOPED_TRACE(std::string(point) + " " + std::to_string(times));
    killed_at = point;
    passes = times;
    produce(30, 1);
    const pid_t child = ::fork();
    if (child == 0) {
      auto node = this->node();
      node->manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.3S")", "", kConcurrent));
      node->wait_for_offsets({{0, produced_}});
      produce(30, 1);
      node->wait_for_count(produced_);
      fault_hook = kill_there;
      for (int i = 0; i < 20; ++i) ended(*node, node->queue().add(Json::parse(compact())));
      ::_exit(1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    produce(30, 1);  // as the child had
    auto node = this->node();
    EXPECT_TRUE(node->wait_for_count(produced_));
    EXPECT_TRUE(wait_until([&] { return node->queue().tasks().empty(); }));
    EXPECT_EQ(node->count(), produced_);
    EXPECT_TRUE(node->wait_for_offsets({{0, produced_}}));
    EXPECT_EQ(node->count(), produced_);
  }
}

}  // namespace
}  // namespace sarsen::ingest
