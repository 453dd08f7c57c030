// A supervisor beside historicals, and a coordinator that tells over HTTP which segments they have: what a broker sees,
// which asks one server for each announced segment, is each row once at every moment, and after a restart.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "ingest/deep_storage/leaving_segment.h"
#include "ingest/hand_off/coordinator_hand_off.h"
#include "storage/base/percent_encoding.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/supervisor/supervisor_fixture.h"
#include "tests/ingest/support/small_http_server.h"

namespace sarsen::ingest {
namespace {

using storage::SegmentDescriptor;
using storage::SegmentId;

std::int64_t events_of(const storage::Segment& segment) {
  std::int64_t events = 0;
  for (const std::string& row : rows_of(segment)) {  // time|a|c|s
    const std::size_t end = row.rfind('|');
    const std::size_t begin = row.rfind('|', end - 1) + 1;
    events += std::stoll(row.substr(begin, end - begin));
  }
  return events;
}

/// The other servers of a cluster: they load when the test says so, and their coordinator knows it.
class Cluster {
 public:
  /// From deep storage.
  void load(const SegmentDescriptor& segment, const DeepStorage& deep_storage) {
    const TemporaryFolder files;
    deep_storage.pull(segment, files.path());
    const std::int64_t events = events_of(*storage::open_segment(files.path()));
    const std::lock_guard lock(mutex_);
    loaded_[segment.id] = events;
  }
  /// Events by segment.
  std::map<SegmentId, std::int64_t> loaded() const {
    const std::lock_guard lock(mutex_);
    return loaded_;
  }
  int questions() const { return questions_; }

  std::unique_ptr<ServedElsewhere> coordinator() const {
    return std::make_unique<CoordinatorHandOff>([this] { return std::optional(server_.url()); });
  }

 private:
  std::string answer(const std::string& head) {
    ++questions_;
    for (const auto& [id, events] : loaded())
      if (head.starts_with("GET /druid/coordinator/v1/datasources/x/handoffComplete?interval=" +
                           percent_encoded(format_iso(id.interval)) + "&partitionNumber=" +
                           std::to_string(id.partition) + "&version=" + percent_encoded(id.version) + " "))
        return http_answer("200 OK", "true");
    return http_answer("200 OK", "false");
  }

  mutable std::mutex mutex_;
  std::map<SegmentId, std::int64_t> loaded_;
  std::atomic<int> questions_{0};
  const SmallHttpServer server_{[this](const std::string& head) { return answer(head); }};
};

class SupervisorHandOffTest : public SupervisorTest {
 protected:
  /// Each segment once: from a historical that has it, else from here.
  static std::int64_t broker_count(const SupervisedNode& node, const std::map<SegmentId, std::int64_t>& loaded) {
    std::int64_t events = 0;
    for (const auto& [id, count] : loaded) events += count;
    const auto timelines = node.catalog().snapshot();
    if (const auto found = timelines->find("x"); found != timelines->end())
      for (const auto& [id, entry] : found->second->entries())
        if (!is_leaving(entry) && !loaded.contains(id))
          for (const auto& part : entry.segment->acquire()) events += events_of(*part);
    return events;
  }

  static std::size_t served(const SupervisedNode& node) {
    std::size_t count = 0;
    const auto timelines = node.catalog().snapshot();
    for (const auto& [source, timeline] : *timelines) count += timeline->entries().size();
    return count;
  }

  std::size_t files_in(const char* name) const {
    if (!std::filesystem::exists(folder_.path() / name)) return 0;
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path() / name), {}));
  }

  Cluster cluster_;
};

TEST_F(SupervisorHandOffTest, ShowsABrokerEachRowOnceWhileHistoricalsLoad) {
  SupervisedNode node(folder_.path(), stream_, cluster_.coordinator());
  produce(120, 2);
  node.manager().post(SupervisedNode::spec(R"(,"taskCount":2,"taskDuration":"PT0.2S")", R"(,"maxRowsPerSegment":20)"));
  ASSERT_TRUE(node.wait_for_count(120));
  std::atomic<bool> done{false};
  std::atomic<int> looks{0};
  std::thread broker([&] {
    for (; !done; ++looks) {
      // What is announced there is looked at first, as it may be served there before and after.
      const auto loaded = cluster_.loaded();
      const std::int64_t count = broker_count(node, loaded);
      if (loaded != cluster_.loaded()) continue;
      ASSERT_EQ(count, 120);
    }
  });
  EXPECT_TRUE(node.wait_for_offsets({{0, 60}, {1, 60}}));
  EXPECT_TRUE(wait_until([&] { return node.announced() == 0; })) << "all are served from their published files";
  const auto published = node.metadata().used_segments();
  EXPECT_GE(published.size(), 6u);
  const int asked = cluster_.questions();
  EXPECT_TRUE(wait_until([&] { return cluster_.questions() > asked + 20; }));
  EXPECT_EQ(served(node), published.size()) << "nobody else has them";
  for (const SegmentDescriptor& segment : published) {
    cluster_.load(segment, node.deep_storage());
    const int before = looks;
    EXPECT_TRUE(wait_until([&] { return looks > before + 1; }));
  }
  EXPECT_TRUE(wait_until([&] { return served(node) == 0; }));
  EXPECT_TRUE(wait_until([&] { return files_in("handoff") == 0; }));
  EXPECT_EQ(files_in("cache"), 0u) << "dropped";
  done = true;
  broker.join();
  produce(20, 2);  // into the chunks that were handed off
  EXPECT_TRUE(wait_until([&] { return broker_count(node, cluster_.loaded()) == 140; }));
  EXPECT_TRUE(node.wait_for_offsets({{0, 70}, {1, 70}}));
  EXPECT_EQ(broker_count(node, cluster_.loaded()), 140);
}

TEST_F(SupervisorHandOffTest, ServesAfterARestartWhatNobodyElseDoes) {
  produce(60, 1);
  std::size_t left = 0;  // three, or more where a task ended before it had read all
  {
    SupervisedNode node(folder_.path(), stream_, cluster_.coordinator());
    node.manager().post(SupervisedNode::spec(R"(,"taskDuration":"PT0.2S")"));
    ASSERT_TRUE(node.wait_for_offsets({{0, 60}}));
    ASSERT_TRUE(wait_until([&] { return node.announced() == 0; }));
    const auto published = node.metadata().used_segments();
    left = published.size() - 1;
    cluster_.load(published.front(), node.deep_storage());
    ASSERT_TRUE(wait_until([&] { return served(node) == left; }));
  }
  SupervisedNode node(folder_.path(), stream_, cluster_.coordinator());
  EXPECT_EQ(served(node), left) << "at once";
  EXPECT_EQ(broker_count(node, cluster_.loaded()), 60);
  for (const SegmentDescriptor& segment : node.metadata().used_segments()) cluster_.load(segment, node.deep_storage());
  EXPECT_TRUE(wait_until([&] { return served(node) == 0; }));
  EXPECT_EQ(broker_count(node, cluster_.loaded()), 60);
}

}  // namespace
}  // namespace sarsen::ingest
