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

class GoldenAnswersTest : public testing::TestWithParam<const char*> {
 protected:
  const std::string data_source_ = GetParam();
  const std::string file_ = "native-" + data_source_ + ".jsonl.gz";
  storage::Catalog catalog_;

  void ask(const std::string& kind, bool (*concerns)(const std::string& query_type)) {
    std::vector<GoldenCase> cases = read_golden_cases(kGolden / file_);
    std::erase_if(cases, [&](const GoldenCase& one) { return !concerns(JsonField(one.query)["queryType"].string()); });
    GoldenReplay replay(catalog_, 2);
    replay.ask_all(cases);
    expect_as_before(replay, kind + "/" + file_);
  }
};

TEST_P(GoldenAnswersTest, OfSegmentsThatTheTaskWrites) {
  const TemporaryFolder folder;
  {
    std::ofstream input(folder.path() / "events.json");
    for (const std::string& line : read_gzip_lines(kGolden / "events.json.gz")) input << line << "\n";
  }
  const IndexTask task = IndexTask::parse(read_task(data_source_), folder.path());
  run_index_task(task, {OutputLayout::Kind::kPlain, folder.path() / "segments"});
  ASSERT_EQ(load_golden_segments(folder.path() / "segments", catalog_), 3u);
  ask("ingested", [](const std::string&) { return true; });
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

TEST_P(GoldenAnswersTest, OfRowsInMemory) {
  const Json task = read_task(data_source_);
  const std::string schema = JsonField(task)["spec"]["dataSchema"].json().dump();
  const std::vector<std::string> lines = read_gzip_lines(kGolden / "events.json.gz");
  for (const char* text : {"2024-02-28/P1D", "2024-02-29/P1D", "2024-03-01/P1D"}) {
    const Interval interval = parse_interval(text);
    const auto day = std::make_shared<LiveDay>(schema, interval);
    const std::string date = "\"ts\": \"" + format_iso(interval.start_ms).substr(0, 10);
    for (const std::string& line : lines)
      if (line.find(date) != std::string::npos) day->add(line);
    day->flush();
    catalog_.update(data_source_, [&](storage::Timeline& timeline) {
      timeline.add({{data_source_, interval, "live", 0}, 0, Json(), day});
    });
  }
  // What is said of segments, and the order of rows that nothing orders, are matters of how rows are stored.
  ask("live", [](const std::string& type) { return type != "segmentMetadata" && type != "scan"; });
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenAnswersTest, testing::Values("events", "events_rollup"));

}  // namespace
}  // namespace sarsen::ingest
