// Segments of stock Druid, cut into parts and merged again: the files must be those that Druid wrote.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <random>
#include <sstream>

#include "ingest/merge/merge_segments.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/merge/picked_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using Segments = std::vector<std::shared_ptr<const storage::Segment>>;

std::string content(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<fs::path> segments_below(const fs::path& root) {
  std::vector<fs::path> segments;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().filename() == "version.bin") segments.push_back(entry.path().parent_path());
  std::sort(segments.begin(), segments.end());
  return segments;
}

class GoldenMergeTest : public testing::Test {
 protected:
  fs::path next() { return folder_.path() / std::to_string(++written_); }

  std::shared_ptr<const storage::Segment> write(const Segments& segments, const MergeOptions& options = {}) {
    const fs::path path = next();
    merge_segments(segments, options, path);
    return storage::open_segment(path);
  }

  void expect_druids_bytes(const Segments& parts, const fs::path& druid, MergeOptions options = {}) {
    options.index_spec = storage::IndexSpec::druid();
    const fs::path merged = next();
    merge_segments(parts, options, merged);
    for (const char* name : {"version.bin", "factory.json", "meta.smoosh", "00000.smoosh"}) {
      const std::string expected = content(druid / name);
      const std::string actual = content(merged / name);
      const auto difference = std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
      EXPECT_TRUE(expected == actual) << (druid / name) << ": " << expected.size() << " and " << actual.size()
                                      << " bytes, differ at " << difference.first - expected.begin();
    }
  }

  /// Parts in memory, parts that were written, and one part out of order.
  void expect_parts_make_the_whole(const fs::path& druid) {
    const auto whole = storage::open_segment(druid);
    expect_druids_bytes({whole}, druid);
    Segments parts = deal_rows(whole, 3, 1);
    expect_druids_bytes(parts, druid);
    for (auto& part : parts) part = write({part});
    expect_druids_bytes(parts, druid);
  }

  const TemporaryFolder folder_;
  int written_ = 0;
};

TEST_F(GoldenMergeTest, PartsOfASegmentMakeItAgain) {
  const std::vector<fs::path> segments = segments_below(source_folder() / "tests/golden/druid-33.0.0/segments");
  ASSERT_GE(segments.size(), 6u);
  for (const fs::path& segment : segments) expect_parts_make_the_whole(segment);
}

TEST_F(GoldenMergeTest, PartsOfALargeSegmentMakeItAgain) {
  const fs::path root = shared_folder() / "data/golden/segments/wikiticker";
  if (!fs::exists(root)) GTEST_SKIP() << "no recorded segments of wikiticker at " << root;
  for (const fs::path& segment : segments_below(root)) expect_parts_make_the_whole(segment);
}

TEST_F(GoldenMergeTest, PartsOfTheFixturesMakeThemAgain) {
  const fs::path root = shared_folder() / "data/druid-segments/33.0.0";
  if (!fs::exists(root)) GTEST_SKIP() << "no fixtures at " << root;
  for (const char* name : {"basic", "sketches", "time-not-first"}) expect_parts_make_the_whole(root / name);
}

TEST_F(GoldenMergeTest, RowsInAnyOrderAreSorted) {
  const fs::path druid = source_folder() / "tests/golden/druid-33.0.0/segments/events_rollup/2024-02-28";
  const auto whole = storage::open_segment(druid);
  std::vector<std::uint32_t> rows(whole->row_count());
  std::iota(rows.begin(), rows.end(), 0u);
  std::shuffle(rows.begin(), rows.end(), std::mt19937(7));
  expect_druids_bytes({pick_rows(whole, rows)}, druid);
}

TEST_F(GoldenMergeTest, DaysBecomeOneSegmentAndAreCutOutOfItAgain) {
  const fs::path root = source_folder() / "tests/golden/druid-33.0.0/segments/events_rollup";
  Segments days;
  for (const fs::path& day : segments_below(root)) days.push_back(storage::open_segment(day));
  ASSERT_EQ(days.size(), 3u);
  const auto all = write(days);
  EXPECT_EQ(all->row_count(), days[0]->row_count() + days[1]->row_count() + days[2]->row_count());
  EXPECT_EQ(all->data_interval(), (Interval{days[0]->data_interval().start_ms, days[2]->data_interval().end_ms}));
  for (const auto& day : segments_below(root))
    expect_druids_bytes({all}, day, {.interval = storage::open_segment(day)->data_interval()});
}

TEST_F(GoldenMergeTest, VersionsOfDruidMergeIntoOne) {
  const fs::path root = shared_folder() / "data/druid-segments";
  if (!fs::exists(root)) GTEST_SKIP() << "no fixtures at " << root;
  // Druid before 0.11 stored doubles as floats.
  for (const auto& versions :
       {std::vector{"0.8.3", "0.9.2", "0.10.1"}, std::vector{"0.16.0", "0.23.0", "27.0.0", "33.0.0", "37.0.0"}}) {
    Segments segments;
    std::uint32_t rows = 0;
    for (const char* version : versions) {
      segments.push_back(storage::open_segment(root / version / "basic"));
      rows += segments.back()->row_count();
    }
    const std::vector<std::string> direct = rows_of(*write(segments, {.rollup = false}));
    EXPECT_EQ(direct.size(), rows);
    for (auto& segment : segments) segment = write({segment});  // to the format of Druid 33
    EXPECT_EQ(rows_of(*write(segments, {.rollup = false})), direct);
  }
}

TEST_F(GoldenMergeTest, ConvertedSegmentsHaveTheRowsTheyHad) {
  const fs::path root = shared_folder() / "data/druid-segments";
  if (!fs::exists(root)) GTEST_SKIP() << "no fixtures at " << root;
  for (const char* name :
       {"0.7.0/basic", "0.8.3/big-numbers-lzf", "0.9.2/big-dict", "0.9.2/longs-auto-none", "0.12.3/types",
        "0.16.0/spec-nobitmap", "0.20.0/spec-concise-none-auto", "25.0.0/sketches", "28.0.1/spec-front4-v1",
        "31.0.2/time-not-first", "37.0.0/spec-zstd", "legacy-test-segment"}) {
    fs::path path = root / name;
    if (fs::exists(path / "index.zip")) path /= "index.zip";
    const auto segment = storage::open_segment(path);
    EXPECT_EQ(rows_of(*write({segment})), rows_of(*segment)) << name;
  }
}

}  // namespace
}  // namespace sarsen::ingest
