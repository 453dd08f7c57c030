// A realtime node beside historicals: what a broker sees, which asks one server for each announced segment, is each row
// once at every moment, and after a restart.
#include "ingest/hand_off/hand_off_watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "ingest/deep_storage/leaving_segment.h"
#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/realtime/fire_department.h"
#include "ingest/zookeeper/announcement_json.h"
#include "ingest/zookeeper/catalog_announcer.h"
#include "storage/base/log.h"
#include "tests/ingest/support/fake_source.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/wait_until.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using storage::SegmentId;

constexpr std::int64_t kHourMs = 3'600'000;
constexpr int kPerHour = 20;

/// The other servers of a cluster, which load when the test says so.
class Historicals {
 public:
  void load(const SegmentId& id) {
    const std::lock_guard lock(mutex_);
    loaded_.insert(id);
  }
  std::set<SegmentId> loaded() const {
    const std::lock_guard lock(mutex_);
    return loaded_;
  }

 private:
  mutable std::mutex mutex_;
  std::set<SegmentId> loaded_;
};

class AskHistoricals final : public ServedElsewhere {
 public:
  explicit AskHistoricals(const Historicals& historicals) : historicals_(historicals) {}
  std::set<SegmentId> served(const std::vector<SegmentId>& segments) override {
    std::set<SegmentId> found;
    for (const SegmentId& id : segments)
      if (historicals_.loaded().contains(id)) found.insert(id);
    return found;
  }

 private:
  const Historicals& historicals_;
};

std::int64_t events_of(const storage::ServedSegment& segment) {
  std::int64_t events = 0;
  for (const auto& part : segment.acquire())
    for (const std::string& row : rows_of(*part)) {  // time|a|c|s
      const std::size_t end = row.rfind('|');
      const std::size_t begin = row.rfind('|', end - 1) + 1;
      events += std::stoll(row.substr(begin, end - begin));
    }
  return events;
}

class SilentAnnouncer final : public SegmentAnnouncer {
 public:
  void announce(const SegmentId&) override {}
  void unannounce(const SegmentId&) override {}
};

/// One life of a realtime node.
class Node {
 public:
  Node(const fs::path& folder, FakeStream& stream, const Historicals& historicals, milliseconds drop_delay)
      : metadata_(folder / "metadata.sqlite"),
        deep_storage_(folder / "segments"),
        cache_({{folder / "cache"}}, deep_storage_),
        watch_({.folder = folder / "handoff", .poll = milliseconds(5), .drop_delay = drop_delay},
               std::make_unique<AskHistoricals>(historicals), metadata_, cache_, catalog_),
        services_{metadata_, deep_storage_, cache_, &watch_},
        restored_(watch_.restore()),
        department_(spec(), std::make_unique<FakeSource>(stream, 7), catalog_, announcer_,
                    FireDepartmentOptions{.persist_directory = folder / "persist", .hand_off = &services_}) {
    department_.start();
    watch_.start();
  }

  static FireDepartmentSpec spec() {
    return parse_realtime_spec(
        Json::parse(R"([{"dataSchema":{"dataSource":"x","parser":{"type":"string","parseSpec":{"format":"json",
        "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]}}},
        "metricsSpec":[{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"v"}],
        "granularitySpec":{"type":"uniform","segmentGranularity":"HOUR","queryGranularity":"NONE"}},
        "ioConfig":{"type":"realtime","firehose":{"type":"kafka-0.8","feed":"topic",
        "consumerProps":{"bootstrap.servers":"k:1"}}},
        "tuningConfig":{"type":"realtime","maxRowsInMemory":4,"windowPeriod":"PT10M",
        "rejectionPolicy":{"type":"messageTime"}}}])"))[0];
  }

  /// Each segment once: from a historical that has it, else from here.
  std::int64_t broker_count(const std::set<SegmentId>& loaded) const {
    std::int64_t events = static_cast<std::int64_t>(loaded.size()) * kPerHour;
    const auto timelines = catalog_.snapshot();
    if (const auto found = timelines->find("x"); found != timelines->end())
      for (const auto& [id, entry] : found->second->entries())
        if (!is_leaving(entry) && !loaded.contains(id)) events += events_of(*entry.segment);
    return events;
  }

  std::size_t served(bool leaving) const {
    std::size_t count = 0;
    const auto timelines = catalog_.snapshot();
    for (const auto& [source, timeline] : *timelines)
      for (const auto& [id, entry] : timeline->entries()) count += is_leaving(entry) == leaving ? 1 : 0;
    return count;
  }

  SqlMetadataStore& metadata() { return metadata_; }
  FireDepartment& department() { return department_; }
  std::size_t restored() const { return restored_; }
  const storage::Catalog& catalog() const { return catalog_; }

 private:
  SqlMetadataStore metadata_;
  LocalDeepStorage deep_storage_;
  SegmentCache cache_;
  storage::Catalog catalog_;
  HandOffWatch watch_;
  const HandOffServices services_;
  const std::size_t restored_;
  SilentAnnouncer announcer_;
  FireDepartment department_;
};

class HandOffWatchTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kError); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  void produce(int from, int hours) {
    for (int hour = from; hour < from + hours; ++hour)
      for (int i = 0; i < kPerHour; ++i) push(hour * kHourMs + i * 1'000);
  }
  void push(std::int64_t time_ms) { stream_.push(R"({"t":)" + std::to_string(time_ms) + R"(,"a":"v","v":1})"); }
  static SegmentId hour(int number) {
    return {.data_source = "x",
            .interval = {number * kHourMs, (number + 1) * kHourMs},
            .version = format_iso(number * kHourMs)};
  }
  std::size_t files_in(const char* name) const {
    if (!fs::exists(folder_.path() / name)) return 0;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path() / name), {}));
  }

  TemporaryFolder folder_;
  FakeStream stream_;
  Historicals historicals_;
};

TEST_F(HandOffWatchTest, ShowsABrokerEachRowOnceWhileHistoricalsLoad) {
  constexpr int kHours = 12;
  Node node(folder_.path(), stream_, historicals_, milliseconds(20));
  produce(0, kHours);
  push(kHours * kHourMs + 600'000);
  ASSERT_TRUE(wait_until([&] { return node.department().stats().processed == kHours * kPerHour + 1u; }));
  std::atomic<bool> done{false};
  std::thread broker([&] {
    while (!done) {
      // What is announced there is looked at first, as it may be served there before and after.
      const auto loaded = historicals_.loaded();
      const std::int64_t count = node.broker_count(loaded);
      if (loaded != historicals_.loaded()) continue;
      ASSERT_EQ(count, kHours * kPerHour + 1);
    }
  });
  for (int number = 0; number < kHours; ++number) {
    EXPECT_TRUE(wait_until([&] { return node.metadata().find(hour(number)).has_value(); }));
    historicals_.load(hour(number));
  }
  EXPECT_TRUE(wait_until([&] { return node.served(false) == 1 && node.served(true) == 0; }));
  done = true;
  broker.join();
  EXPECT_TRUE(wait_until([&] { return files_in("handoff") == 0; }));
  EXPECT_EQ(files_in("cache"), 0u) << "dropped";
}

TEST_F(HandOffWatchTest, KeepsAnsweringForAWhileAfterItIsAnnouncedNoMore) {
  Node node(folder_.path(), stream_, historicals_, std::chrono::hours(1));
  produce(0, 1);
  push(2 * kHourMs);
  ASSERT_TRUE(wait_until([&] { return node.metadata().find(hour(0)).has_value(); }));
  historicals_.load(hour(0));
  EXPECT_TRUE(wait_until([&] { return node.served(true) == 1; }));
  std::map<std::string, std::string> nodes;
  CatalogAnnouncer announcer(node.catalog(),
                             SegmentNodes(
                                 {.folder = "/s", .new_name = [] { return "0"; }},
                                 [&](const std::string& path, const std::string& data) { nodes[path] = data; },
                                 [&](const std::string& path) { nodes.erase(path); }),
                             served_segment_json);
  announcer.look();
  ASSERT_EQ(nodes.size(), 1u);
  EXPECT_EQ(nodes.begin()->second.find("1970-01-01T00:00:00.000Z/"), std::string::npos);
  EXPECT_NE(nodes.begin()->second.find("1970-01-01T02:00:00.000Z/"), std::string::npos);
}

TEST_F(HandOffWatchTest, ServesAfterARestartWhatNobodyElseDoes) {
  produce(0, 2);
  push(3 * kHourMs);
  {
    Node node(folder_.path(), stream_, historicals_, milliseconds(0));
    ASSERT_TRUE(wait_until([&] { return node.metadata().find(hour(1)).has_value(); }));
    historicals_.load(hour(0));
    ASSERT_TRUE(wait_until([&] { return node.served(false) == 2 && node.served(true) == 0; }));
  }
  Node again(folder_.path(), stream_, historicals_, milliseconds(0));
  EXPECT_EQ(again.restored(), 1u);
  EXPECT_TRUE(wait_until([&] { return again.broker_count(historicals_.loaded()) == 2 * kPerHour + 1; }));
  historicals_.load(hour(1));
  EXPECT_TRUE(wait_until([&] { return again.served(false) == 1 && again.served(true) == 0; }));
}

TEST_F(HandOffWatchTest, ForgetsWhatWasNeverPublishedOrIsOutOfUse) {
  const SegmentInfoFiles files(folder_.path() / "handoff");
  files.put({.id = hour(7),
             .load_spec = Json::Object{},
             .dimensions = {},
             .metrics = {},
             .shard_spec = Json::parse(R"({"type":"none"})"),
             .last_compaction_state = {}});
  fs::create_directories(folder_.path() / "handoff");
  const Node node(folder_.path(), stream_, historicals_, milliseconds(0));
  EXPECT_EQ(node.restored(), 0u);
  EXPECT_EQ(files_in("handoff"), 0u);
}

}  // namespace
}  // namespace sarsen::ingest
