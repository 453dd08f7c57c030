#include "ingest/load_orders/load_orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "ingest/deep_storage/leaving_segment.h"
#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/incremental_index/persist.h"
#include "ingest/load_orders/load_queue.h"
#include "ingest/load_orders/ordered_segment.h"
#include "ingest/zookeeper/gzipped.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/memory_zookeeper.h"
#include "tests/support/wait_until.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using Action = LoadOrder::Action;
using State = LoadOrderStatus::State;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr milliseconds kPatience{60'000};  // a guard against hanging

/// Over a folder: deep storage with segments of one row each, and a historical that lives once or more often.
class LoadOrdersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kOff);
    live();
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  void live(milliseconds drop_delay = milliseconds(0)) {
    orders_ = nullptr;
    catalog_ = std::make_unique<storage::Catalog>();
    cache_ = std::make_unique<SegmentCache>(std::vector<CacheLocation>{{folder_.path() / "cache"}}, deep_storage_);
    orders_ = std::make_unique<LoadOrders>(
        LoadOrdersOptions{.info_directory = folder_.path() / "info", .drop_delay = drop_delay, .threads = 2}, *cache_,
        *catalog_);
    restored_ = orders_->restore();
    orders_->start();
  }

  storage::SegmentDescriptor push(int day) {
    const Interval interval{day * kDayMs, (day + 1) * kDayMs};
    const fs::path files = folder_.path() / "files";
    fs::remove_all(files);
    IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"}})", interval);
    fixture.add(R"({"t":)" + std::to_string(interval.start_ms) + R"(,"d":"v"})");
    fixture.index().flush();
    persist(*fixture.index().snapshot(), files);
    storage::SegmentDescriptor segment;
    segment.id = {"x", interval, "v1", 0};
    segment.shard_spec = storage::numbered_shard_spec(0, 0);
    return deep_storage_.push(files, segment);
  }

  LoadOrderStatus take(Action action, const storage::SegmentDescriptor& segment) {
    const auto told = orders_->take({{action, segment}}, kPatience);
    return told ? told->front() : LoadOrderStatus();
  }

  /// "announced", "leaving" or "gone".
  std::string place_of(const storage::SegmentDescriptor& segment) const {
    const auto timelines = catalog_->snapshot();
    const auto found = timelines->find("x");
    if (found == timelines->end() || !found->second->entries().contains(segment.id)) return "gone";
    return is_leaving(found->second->entries().at(segment.id)) ? "leaving" : "announced";
  }

  bool has_copy() const { return fs::exists(folder_.path() / "cache") && !fs::is_empty(folder_.path() / "cache"); }

  TemporaryFolder folder_;
  LocalDeepStorage deep_storage_{folder_.path() / "deep", false};
  std::unique_ptr<storage::Catalog> catalog_;
  std::unique_ptr<SegmentCache> cache_;
  std::unique_ptr<LoadOrders> orders_;
  std::size_t restored_ = 0;
};

TEST_F(LoadOrdersTest, LoadsAndDropsAsItIsTold) {
  const auto segment = push(1);
  EXPECT_EQ(take(Action::kLoad, segment).state, State::kSuccess);
  EXPECT_EQ(place_of(segment), "announced");
  EXPECT_EQ(take(Action::kLoad, segment).state, State::kSuccess) << "it is here already";
  const auto timelines = catalog_->snapshot();
  const auto& entry = timelines->at("x")->entries().at(segment.id);
  EXPECT_EQ(rows_of(*entry.segment->acquire()[0]).size(), 1u);
  EXPECT_EQ(dynamic_cast<const OrderedSegment&>(*entry.segment).descriptor().load_spec.dump(),
            segment.load_spec.dump());
  EXPECT_EQ(take(Action::kDrop, segment).state, State::kSuccess);
  EXPECT_TRUE(wait_until([&] { return place_of(segment) == "gone" && !has_copy(); }));
  EXPECT_EQ(take(Action::kDrop, segment).state, State::kSuccess) << "it is not here";
  EXPECT_TRUE(fs::is_empty(folder_.path() / "info"));
}

TEST_F(LoadOrdersTest, AnswersForAWhileAndComesBackWhereItIsOrderedAgain) {
  live(std::chrono::hours(1));
  const auto segment = push(1);
  take(Action::kLoad, segment);
  take(Action::kDrop, segment);
  EXPECT_EQ(place_of(segment), "leaving");
  EXPECT_TRUE(has_copy());
  EXPECT_EQ(take(Action::kLoad, segment).state, State::kSuccess);
  EXPECT_EQ(place_of(segment), "announced");
  live();
  EXPECT_EQ(restored_, 1u) << "noted again";
}

TEST_F(LoadOrdersTest, SurvivesARestart) {
  live(std::chrono::hours(1));  // nothing is deleted meanwhile
  const auto segment = push(1);
  take(Action::kLoad, segment);
  take(Action::kLoad, push(2));
  take(Action::kDrop, segment);
  fs::remove_all(folder_.path() / "cache");
  live();
  EXPECT_EQ(restored_, 1u);
  EXPECT_EQ(place_of(segment), "gone");
  EXPECT_EQ(place_of(push(2)), "announced");
}

TEST_F(LoadOrdersTest, LeavesNothingWhereLoadingFails) {
  auto segment = push(1);
  segment.load_spec = Json::parse(R"({"type":"hdfs","path":"hdfs://x"})");
  const LoadOrderStatus status = take(Action::kLoad, segment);
  EXPECT_EQ(status.state, State::kFailed);
  EXPECT_THAT(status.failure, HasSubstr("hdfs"));
  EXPECT_EQ(place_of(segment), "gone");
  EXPECT_TRUE(fs::is_empty(folder_.path() / "info"));
  EXPECT_EQ(take(Action::kLoad, push(1)).state, State::kSuccess) << "tried again";
}

TEST_F(LoadOrdersTest, ToldTogetherTellsWhichAreFinished) {
  std::vector<LoadOrder> orders;
  for (int day = 0; day < 6; ++day) orders.push_back({Action::kLoad, push(day)});
  std::size_t done = 0;
  while (!orders.empty()) {
    const auto told = orders_->take(orders, kPatience);
    ASSERT_TRUE(told);
    std::vector<LoadOrder> unfinished;
    for (std::size_t i = 0; i < orders.size(); ++i)
      if ((*told)[i].state == State::kPending) unfinished.push_back(orders[i]);
    ASSERT_LT(unfinished.size(), orders.size());
    done += orders.size() - unfinished.size();
    orders = unfinished;
  }
  EXPECT_EQ(done, 6u);
}

TEST_F(LoadOrdersTest, ParsesWhatACoordinatorSends) {
  Json::Object json{{"action", "drop"}};
  const Json segment = push(3).to_json();
  json.insert(json.end(), segment.object().begin(), segment.object().end());
  const LoadOrder order = LoadOrder::parse(json);
  EXPECT_EQ(order.action, Action::kDrop);
  EXPECT_EQ(order.segment.id.interval.start_ms, 3 * kDayMs);
  EXPECT_THROW(LoadOrder::parse(Json::parse(R"({"action":"schema"})")), Error);
  EXPECT_THROW(LoadOrder::parse(Json::parse(R"({"action":"load"})")), Error);
}

TEST_F(LoadOrdersTest, TakesOrdersOfZooKeeper) {
  MemoryZooKeeper zookeeper;
  const auto client = zookeeper.connect();
  client->session(1'000);
  LoadQueue queue(*client, "/d/loadQueue/h:1", *orders_);
  queue.look();  // nothing there yet
  const auto order = [](const char* action, const storage::SegmentDescriptor& segment) {
    Json::Object json{{"action", action}};
    const Json fields = segment.to_json();
    json.insert(json.end(), fields.object().begin(), fields.object().end());
    return Json(json).dump();
  };
  auto lost = push(3);
  lost.load_spec = Json::parse(R"({"type":"local","path":"/nowhere"})");
  const auto segment = push(1);
  zookeeper.put("/d/loadQueue/h:1/a", gzipped(order("load", segment)));
  zookeeper.put("/d/loadQueue/h:1/b", order("load", lost));
  zookeeper.put("/d/loadQueue/h:1/c", "no order");
  zookeeper.put("/d/loadQueue/h:1/d", R"({"action":"noop"})");
  queue.start();
  EXPECT_TRUE(wait_until([&] { return zookeeper.below("/d/loadQueue/h:1").empty(); })) << "done, or impossible";
  EXPECT_EQ(place_of(segment), "announced");
  EXPECT_EQ(place_of(lost), "gone");
  zookeeper.put("/d/loadQueue/h:1/a", order("drop", segment));
  EXPECT_TRUE(wait_until([&] { return place_of(segment) == "gone"; }));
  EXPECT_TRUE(wait_until([&] { return zookeeper.below("/d/loadQueue/h:1").empty(); }));
}

}  // namespace
}  // namespace sarsen::ingest
