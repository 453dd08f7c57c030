#include "ingest/realtime/fire_department.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "engine/aggregator/aggregator.h"
#include "storage/base/log.h"
#include "storage/base/mapped_file.h"
#include "storage/column/spatial_index.h"
#include "tests/ingest/support/fake_source.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kPause{10};

/// Keeps what was announced.
class FakeAnnouncer final : public SegmentAnnouncer {
 public:
  void announce(const storage::SegmentId& id) override {
    const std::lock_guard lock(mutex_);
    announced_.push_back(id.text());
  }
  void unannounce(const storage::SegmentId&) override {}
  std::vector<std::string> announced() {
    const std::lock_guard lock(mutex_);
    return announced_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> announced_;
};

class FireDepartmentTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kWarn); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  /// A spec of data source x: time t, dimension a, metrics count c and sum s of v, with `tuning` added.
  FireDepartmentSpec spec(const std::string& tuning = "\"rejectionPolicy\":{\"type\":\"none\"}",
                          const std::string& dimensions = R"("dimensions":["a"])") {
    return parse_realtime_spec(
        Json::parse(R"({"dataSchema":{"dataSource":"x","parser":{"type":"string","parseSpec":{"format":"json",
        "timestampSpec":{"column":"t"},"dimensionsSpec":{)" +
                    dimensions + R"(}}},
        "metricsSpec":[{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"v"}]},
        "ioConfig":{"type":"realtime","firehose":{"type":"kafka-0.8","feed":"topic","consumerProps":{"bootstrap.servers":"k:1"}}},
        "tuningConfig":{"type":"realtime",)" +
                    tuning + "}}"))[0];
  }

  void start(FireDepartmentSpec department, std::size_t batch_max = 100) {
    department_ = std::make_unique<FireDepartment>(
        std::move(department), std::make_unique<FakeSource>(stream_, batch_max), catalog_, announcer_,
        FireDepartmentOptions{.persist_directory = folder_.path(), .clock = system_clock_ms});
    department_->start();
  }

  void wait_for_rows(std::uint64_t rows) {
    for (int i = 0; i < 1000 && department_->stats().rows() < rows; ++i) std::this_thread::sleep_for(kPause);
    ASSERT_EQ(department_->stats().rows(), rows);
  }

  std::vector<std::shared_ptr<const storage::Segment>> parts() {
    std::vector<std::shared_ptr<const storage::Segment>> all;
    const auto timelines = catalog_.snapshot();
    const auto timeline = timelines->find("x");
    if (timeline == timelines->end()) return all;
    for (const storage::TimelineHit& hit : timeline->second->lookup(kEternity))
      for (auto& part : hit.entry->segment->acquire()) all.push_back(std::move(part));
    return all;
  }

  /// All rows that a query would see, sorted.
  std::vector<std::string> rows() {
    std::vector<std::string> all;
    for (const auto& part : parts())
      for (std::string& row : rows_of(*part)) all.push_back(std::move(row));
    std::sort(all.begin(), all.end());
    return all;
  }

  /// The number of events that a query would count.
  std::uint64_t events() {
    std::uint64_t count = 0;
    for (const std::string& row : rows()) {
      const std::size_t end = row.rfind('|');
      const std::size_t begin = row.rfind('|', end - 1) + 1;
      count += std::stoull(row.substr(begin, end - begin));
    }
    return count;
  }

  /// What a crash would leave now. commit.json comes first: what it names is on disk by then and stays as it is.
  void copy_state(const std::filesystem::path& target) {
    std::filesystem::create_directories(target / "x");
    std::error_code missing;
    std::filesystem::copy_file(folder_.path() / "x" / "commit.json", target / "x" / "commit.json", missing);
    if (!missing) copy_tree(folder_.path() / "x", target / "x");
  }

  /// Files come and go underneath: what has gone is left out.
  static void copy_tree(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code gone;
    for (const auto& entry : std::filesystem::directory_iterator(from, gone)) {
      const auto target = to / entry.path().filename();
      if (entry.is_directory(gone)) {
        std::filesystem::create_directories(target);
        copy_tree(entry.path(), target);
      } else {
        std::filesystem::copy_file(entry.path(), target, std::filesystem::copy_options::skip_existing, gone);
      }
    }
  }

  static std::string event(int i) {
    return R"({"t":)" + std::to_string(i) + R"(,"a":"v)" + std::to_string(i) + R"(","v":)" + std::to_string(i) + "}";
  }

  TemporaryFolder folder_;
  FakeStream stream_;
  storage::Catalog catalog_;
  FakeAnnouncer announcer_;
  std::unique_ptr<FireDepartment> department_;
};

using Rows = std::vector<std::string>;

TEST_F(FireDepartmentTest, CountsEveryMessageOnce) {
  start(spec(R"("rejectionPolicy":{"type":"messageTime"},"windowPeriod":"PT1S")"));
  stream_.push(R"({"t":10000,"a":"x","v":1})");
  stream_.push(R"({"t":10000,"a":"x","v":"many"})");
  stream_.push(R"({"t":8000,"a":"late","v":1})");
  stream_.push(R"({"t":"soon","a":"x","v":1})");
  stream_.push(R"({"t":)");
  stream_.push(R"({"t":10000,"a":"y","v":2} {"t":10002,"a":"no old parser reads this","v":3})");
  stream_.push(R"({"t":10001,"a":"z","v":3})");
  wait_for_rows(7);
  EXPECT_EQ(department_->stats().processed, 3u);
  EXPECT_EQ(department_->stats().processed_with_error, 1u);
  EXPECT_EQ(department_->stats().thrown_away, 1u);
  EXPECT_EQ(department_->stats().unparseable, 2u);
  EXPECT_EQ(department_->errors().size(), 3u);
  EXPECT_EQ(announcer_.announced(),
            Rows{"x_1970-01-01T00:00:00.000Z_1970-01-02T00:00:00.000Z_1970-01-01T00:00:00.000Z"});
  department_->stop();
  EXPECT_EQ(rows(), (Rows{"10000|x|2|1", "10000|y|1|2", "10001|z|1|3"}));
}

TEST_F(FireDepartmentTest, FindsItsRowsAgainAfterAStop) {
  start(spec());
  for (int i = 0; i < 10; ++i) stream_.push(event(i));
  wait_for_rows(10);
  department_->stop();
  const Rows before = rows();
  department_ = nullptr;
  EXPECT_EQ(rows(), Rows{});
  start(spec());
  EXPECT_EQ(rows(), before);
  stream_.push(event(10));
  wait_for_rows(1);  // reading went on where it had stopped
  department_->stop();
  EXPECT_EQ(events(), 11u);
}

TEST_F(FireDepartmentTest, PersistsAtTheRowLimitAndShowsEachRowOnceThroughout) {
  start(spec(R"("maxRowsInMemory":50,"rejectionPolicy":{"type":"none"})"), 7);
  std::atomic<bool> done{false};
  std::thread reader([&] {
    std::uint64_t seen = 0;
    while (!done) {
      const std::uint64_t now = events();
      ASSERT_GE(now, seen);
      ASSERT_LE(now, 1000u);
      seen = now;
    }
  });
  for (int i = 0; i < 1000; ++i) stream_.push(event(i));
  wait_for_rows(1000);
  department_->stop();
  done = true;
  reader.join();
  EXPECT_EQ(events(), 1000u);
  EXPECT_EQ(parts().size(), 20u);  // the row that reaches the limit is in
  for (const auto& part : parts()) EXPECT_EQ(part->row_count(), 50u);
}

TEST_F(FireDepartmentTest, JoinsPlacesAndSortsByDimensionsFirst) {
  start(spec(R"("maxRowsInMemory":3,"rejectionPolicy":{"type":"none"})",
             R"("dimensions":["a"],"spatialDimensions":[{"dimName":"spot","dims":["lat","lon"]}],
             "forceSegmentSortByTime":false)"));
  for (const char* row : {R"({"t":3,"a":"x","lat":1.5,"lon":2,"v":1})", R"({"t":1,"a":"y","lat":-1,"lon":"7","v":2})",
                          R"({"t":2,"a":"x","spot":"1,2","v":3})", R"({"t":4,"a":"w","lat":3,"lon":4,"v":4})"})
    stream_.push(row);
  wait_for_rows(4);
  for (int i = 0; i < 1000 && parts().front()->column("spot")->spatial_index() == nullptr; ++i)
    std::this_thread::sleep_for(kPause);
  ASSERT_EQ(parts().size(), 2u);
  EXPECT_EQ(rows_of(*parts()[0]), (Rows{"2|x|1,2|1|3", "3|x|1.5,2|1|1", "1|y|-1,7|1|2"}));
  ASSERT_NE(parts()[0]->column("spot")->spatial_index(), nullptr);
  EXPECT_EQ(parts()[0]->column("spot")->spatial_index()->statistics().points, 3u);
  department_->stop();  // which persists the rest
  EXPECT_EQ(rows(), (Rows{"1|y|-1,7|1|2", "2|x|1,2|1|3", "3|x|1.5,2|1|1", "4|w|3,4|1|4"}));
  for (const auto& part : parts()) EXPECT_FALSE(part->sorted_by_time());
}

TEST_F(FireDepartmentTest, PersistsByTimeWithoutAnotherRow) {
  start(spec(R"("intermediatePersistPeriod":"PT0S","rejectionPolicy":{"type":"none"})"));
  stream_.push(event(1));
  const auto file = folder_.path() / "x" / "1970-01-01T00:00:00.000Z_1970-01-02T00:00:00.000Z" / "0" / "version.bin";
  for (int i = 0; i < 1000 && !std::filesystem::exists(file); ++i) std::this_thread::sleep_for(kPause);
  EXPECT_TRUE(std::filesystem::exists(file));
}

/// A crash at any moment leaves some state of the folder: a copy of it taken while the department works is such a
/// state.
TEST_F(FireDepartmentTest, CountsEachEventOnceAfterACrashAtAnyMoment) {
  start(spec(R"("maxRowsInMemory":20,"rejectionPolicy":{"type":"none"})"), 9);
  std::vector<std::filesystem::path> copies;
  TemporaryFolder crashed;
  for (int i = 0; i < 400; ++i) {
    stream_.push(event(i), i % 3);
    if (i % 40 == 37) {
      wait_for_rows(static_cast<std::uint64_t>(i) + 1);
      copies.push_back(crashed.path() / std::to_string(copies.size()));
      copy_state(copies.back());
    }
  }
  wait_for_rows(400);
  department_ = nullptr;
  for (const auto& copy : copies) {
    std::filesystem::remove_all(folder_.path() / "x");
    std::filesystem::rename(copy / "x", folder_.path() / "x");
    start(spec());
    for (int i = 0; i < 1000 && events() < 400; ++i) std::this_thread::sleep_for(kPause);
    EXPECT_EQ(events(), 400u);
    department_ = nullptr;
  }
}

TEST_F(FireDepartmentTest, KeepsRowsInAnswersWhileTheDiskRefusesAndCanStillBeStopped) {
  set_log_level(LogLevel::kOff);
  start(spec(R"("maxRowsInMemory":2,"rejectionPolicy":{"type":"none"})"));
  const auto in_the_way = folder_.path() / "x" / "1970-01-01T00:00:00.000Z_1970-01-02T00:00:00.000Z";
  std::ofstream(in_the_way) << "a file where a folder is wanted";
  for (int i = 0; i < 5; ++i) stream_.push(event(i));
  for (int i = 0; i < 1000 && events() < 4; ++i) std::this_thread::sleep_for(kPause);
  EXPECT_GE(events(), 4u);
  department_->stop();
  EXPECT_EQ(events(), department_->stats().processed);
  department_ = nullptr;
  std::filesystem::remove(in_the_way);
  start(spec());
  for (int i = 0; i < 1000 && events() < 5; ++i) std::this_thread::sleep_for(kPause);
  EXPECT_EQ(events(), 5u);
}

TEST_F(FireDepartmentTest, ReadsFromTheFirstOffsetAgainWhenNothingWasPersisted) {
  for (int i = 0; i < 5; ++i) stream_.push(event(i));
  start(spec());
  wait_for_rows(5);
  const auto commit = folder_.path() / "x" / "commit.json";
  for (int i = 0; i < 1000 && !std::filesystem::exists(commit); ++i) std::this_thread::sleep_for(kPause);
  const MappedFile file(commit);
  const Json json = Json::parse(file.text());
  EXPECT_EQ(Position::parse(JsonField(json)["metadata"]), (Position{.stream = "topic", .next_offsets = {{0, 0}}}));
}

TEST_F(FireDepartmentTest, RunsTheTutorial) {
  const MappedFile spec_file(source_folder() / "tools/tutorial/wikipedia.spec");
  FireDepartmentSpec tutorial = parse_realtime_spec(Json::parse(spec_file.text()), {.brokers = "localhost:1"})[0];
  tutorial.tuning.base_persist_directory = folder_.path();
  const MappedFile events_file(source_folder() / "tools/tutorial/events.json");
  std::string_view rest = events_file.text();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
    stream_.push(std::string(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
  }
  start(std::move(tutorial));
  wait_for_rows(5);
  EXPECT_EQ(department_->stats().processed, 5u);
  EXPECT_EQ(announcer_.announced(),
            Rows{"wikipedia_2013-08-31T00:00:00.000Z_2013-09-01T00:00:00.000Z_2013-08-31T00:00:00.000Z"});
  const auto timelines = catalog_.snapshot();
  const auto segment = timelines->at("wikipedia")->entries().begin()->second.segment;
  for (const bool stopped : {false, true}) {
    if (stopped) department_->stop();
    for (int i = 0; i < 1000 && segment->acquire().empty(); ++i) std::this_thread::sleep_for(kPause);
    const auto now = segment->acquire();
    ASSERT_EQ(now.size(), 1u);
    EXPECT_EQ(now[0]->row_count(), 5u);
    EXPECT_EQ(format_iso(now[0]->time_bounds()->start_ms), "2013-08-31T01:02:33.000Z");
    EXPECT_EQ(format_iso(now[0]->time_bounds()->end_ms), "2013-08-31T12:41:27.000Z");
    EXPECT_EQ(now[0]->column("page")->bitmap_index() != nullptr, stopped);
  }
}

TEST_F(FireDepartmentTest, AMetricThatCannotBeComputedEndsTheDepartmentAndNoMore) {
  set_log_level(LogLevel::kOff);
  FireDepartmentSpec divides = spec();
  auto schema = std::make_shared<DataSchema>(*divides.schema);
  const Json quotient = Json::parse(R"({"type":"longSum","name":"q","expression":"10 / v"})");
  schema->metrics.push_back(engine::parse_aggregator(JsonField(quotient)));
  divides.schema = schema;
  start(std::move(divides));
  stream_.push(R"({"t":1,"a":"x","v":0})");
  for (int i = 0; i < 1000 && !department_->ended(); ++i) std::this_thread::sleep_for(kPause);
  EXPECT_TRUE(department_->ended());
  department_->stop();
}

}  // namespace
}  // namespace sarsen::ingest
