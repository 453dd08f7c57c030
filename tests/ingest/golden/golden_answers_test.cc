// The recorded queries, asked of segments that are made here from the same input: by the recorded batch task, and of
// rows that are still in memory.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "ingest/batch/index_task.h"
#include "storage/base/whole_file.h"
#include "storage/segment/segment_finder.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/checkout.h"
#include "tests/support/golden_ratchet.h"
#include "tests/support/golden_replay.h"
#include "tests/support/gzip_lines.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = source_folder() / "tests/golden/druid-33.0.0";

Json read_task(const std::string& data_source) {
  return Json::parse(read_whole_file(kGolden / (data_source + ".task.json")));
}

Json with_member(const Json& object, const std::string& name, Json value) {
  Json::Object members;
  for (const auto& [key, member] : object.object())
    if (key != name) members.emplace_back(key, member);
  members.emplace_back(name, std::move(value));
  return members;
}

/// The task, of which the rows of segments are sorted by two dimensions before the time.
Json sorted_by_dimensions(const Json& task) {
  const JsonField spec = JsonField(task)["spec"];
  const Json dimensions_spec = spec["dataSchema"]["dimensionsSpec"].json();
  Json::Array dimensions = dimensions_spec.find("dimensions")->array();
  dimensions.insert(dimensions.begin() + 2, Json::Object{{"type", "long"}, {"name", "__time"}});
  const Json sorted =
      with_member(with_member(dimensions_spec, "dimensions", std::move(dimensions)), "forceSegmentSortByTime", false);
  const Json schema = with_member(spec["dataSchema"].json(), "dimensionsSpec", sorted);
  return with_member(task, "spec", with_member(spec.json(), "dataSchema", schema));
}

/// Serves the segments that the task writes.
void ingest(const Json& json, const fs::path& folder, storage::Catalog& catalog) {
  fs::create_directories(folder);
  {
    std::ofstream input(folder / "events.json");
    for (const std::string& line : read_gzip_lines(kGolden / "events.json.gz")) input << line << "\n";
  }
  const IndexTask task = IndexTask::parse(json, folder);
  run_index_task(task, {OutputLayout::Kind::kPlain, folder / "segments"});
  ASSERT_EQ(load_golden_segments(folder / "segments", catalog), 3u);
}

// Rows of one day, none of them written.
class LiveDay final : public storage::ServedSegment {
 public:
  LiveDay(const std::string& schema, const Interval& day) : rows_(schema, day) {}

  void add(const std::string& line) { rows_.add(line); }
  void flush() { rows_.index().flush(); }
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return {rows_.index().snapshot()}; }
  bool is_realtime() const noexcept override { return true; }

 private:
  mutable IndexFixture rows_;
};

/// Serves the same rows before they are written.
void serve_live(const std::string& data_source, storage::Catalog& catalog) {
  const Json task = read_task(data_source);
  const std::string schema = JsonField(task)["spec"]["dataSchema"].json().dump();
  const std::vector<std::string> lines = read_gzip_lines(kGolden / "events.json.gz");
  for (const char* text : {"2024-02-28/P1D", "2024-02-29/P1D", "2024-03-01/P1D"}) {
    const Interval interval = parse_interval(text);
    const auto day = std::make_shared<LiveDay>(schema, interval);
    const std::string date = "\"ts\": \"" + format_iso(interval.start_ms).substr(0, 10);
    for (const std::string& line : lines)
      if (line.find(date) != std::string::npos) day->add(line);
    day->flush();
    catalog.update(data_source, [&](storage::Timeline& timeline) {
      timeline.add({{data_source, interval, "live", 0}, 0, Json(), day});
    });
  }
}

// What is said of segments, and the order of rows that nothing orders, are matters of how rows are stored.
bool concerns_live_rows(const GoldenCase& one) {
  const std::string type = JsonField(one.query)["queryType"].string_or("");
  return type != "segmentMetadata" && type != "scan";
}

void ask(const storage::Catalog& catalog, const fs::path& file, const std::string& kind,
         bool (*concerns)(const GoldenCase& one)) {
  std::vector<GoldenCase> cases = read_golden_cases(file);
  std::erase_if(cases, [&](const GoldenCase& one) { return !concerns(one); });
  GoldenReplay replay(catalog, 2);
  replay.ask_all(cases);
  expect_as_before(replay, kind + "/" + file.filename().string());
}

class GoldenAnswersTest : public testing::TestWithParam<const char*> {
 protected:
  const std::string data_source_ = GetParam();
  const fs::path file_ = kGolden / ("native-" + data_source_ + ".jsonl.gz");
  storage::Catalog catalog_;
};

TEST_P(GoldenAnswersTest, OfSegmentsThatTheTaskWrites) {
  const TemporaryFolder folder;
  ingest(read_task(data_source_), folder.path(), catalog_);
  ask(catalog_, file_, "ingested", [](const GoldenCase&) { return true; });
}

/// What Druid says of segments that are sorted by time holds of the same rows in another order.
TEST_P(GoldenAnswersTest, OfSegmentsThatAreNotSortedByTime) {
  const TemporaryFolder folder;
  ingest(sorted_by_dimensions(read_task(data_source_)), folder.path(), catalog_);
  const auto timelines = catalog_.snapshot();
  for (const auto& [id, entry] : timelines->at(data_source_)->entries())
    ASSERT_FALSE(entry.segment->acquire().front()->sorted_by_time());
  ask(catalog_, file_, "not-by-time", concerns_live_rows);
}

TEST_P(GoldenAnswersTest, OfRowsInMemory) {
  serve_live(data_source_, catalog_);
  ask(catalog_, file_, "live", concerns_live_rows);
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenAnswersTest, testing::Values("events", "events_rollup"));

/// Component by component, of the two data sources that are made here.
class GoldenComponentsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(file_)) GTEST_SKIP() << "no recordings of components in " << file_.parent_path();
  }

  static bool is_of_events(const GoldenCase& one) { return one.query.dump().find("wiki") == std::string::npos; }

  const fs::path file_ = shared_folder() / "data/golden/native-components.jsonl.gz";
  const GoldenLookups lookups_{file_.parent_path() / "native-components.lookups.json"};
  storage::Catalog catalog_;
};

TEST_F(GoldenComponentsTest, OfSegmentsThatTheTaskWrites) {
  const TemporaryFolder folder;
  for (const char* data_source : {"events", "events_rollup"})
    ingest(read_task(data_source), folder.path() / data_source, catalog_);
  ask(catalog_, file_, "ingested", is_of_events);
}

TEST_F(GoldenComponentsTest, OfRowsInMemory) {
  for (const char* data_source : {"events", "events_rollup"}) serve_live(data_source, catalog_);
  ask(catalog_, file_, "live", [](const GoldenCase& one) { return is_of_events(one) && concerns_live_rows(one); });
}

}  // namespace
}  // namespace sarsen::ingest
