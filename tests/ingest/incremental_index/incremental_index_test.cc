#include "ingest/incremental_index/incremental_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "tests/ingest/support/index_fixture.h"

namespace sarsen::ingest {
namespace {

using Rows = std::vector<std::string>;

constexpr std::string_view kHourly = R"({"dataSource":"x","timestampSpec":{"column":"t","format":"millis"},
  "dimensionsSpec":{"dimensions":["a","b"]},
  "metricsSpec":[{"type":"count","name":"count"},{"type":"longSum","name":"sum","fieldName":"x"}],
  "granularitySpec":{"queryGranularity":"HOUR"}})";

TEST(IncrementalIndexTest, RollsUpRowsThatAgreeAfterTruncationAndSorting) {
  IndexFixture fixture(kHourly);
  fixture.add(R"({"t":36300000,"a":"1","b":["y","x"],"x":3})");
  fixture.add(R"({"t":39000000,"a":1,"b":["x","y"],"x":4})");
  fixture.add(R"({"t":39600000,"a":"1","b":"x"})");
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"36000000|1|[x,y]|2|7", "39600000|1|x|1|~"}));
}

TEST(IncrementalIndexTest, TakesNullAndTheEmptyListAndAListOfNullAsOneButNotTheEmptyText) {
  IndexFixture fixture(kHourly);
  for (const char* b : {"null", "[]", "[null]", "\"\""})
    fixture.add(R"({"t":0,"a":"1","x":1,"b":)" + std::string(b) + "}");
  fixture.add(R"({"t":0,"a":"1","x":1})");
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"0|1|~|4|4", "0|1||1|1"}));
}

TEST(IncrementalIndexTest, HandlesSeveralValuesAsTheDimensionSays) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":[
      {"type":"string","name":"a","multiValueHandling":"sorted_set"},{"name":"b","multiValueHandling":"ARRAY"}]}})");
  fixture.add(R"({"t":1,"a":["b","a","b"],"b":["b","a","b"]})");
  fixture.add(R"({"t":1,"a":["a","b"],"b":["a","b","b"]})");
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"1|[a,b]|[b,a,b]", "1|[a,b]|[a,b,b]"}));
}

TEST(IncrementalIndexTest, KeepsEveryRowWithoutRollup) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]},
      "metricsSpec":[{"type":"longSum","name":"x","fieldName":"x"}],"granularitySpec":{"rollup":false}})");
  for (int i = 0; i < 3; ++i) fixture.add(R"({"t":1,"a":"k","x":7})");
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"1|k|7", "1|k|7", "1|k|7"}));
}

TEST(IncrementalIndexTest, StoresNumbersInStringsAsJavaWritesThem) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]}})");
  for (const char* number : {"7", "-7", "-0", "0", "123456789012345678", "1234567890123456789", "7.0", "70e-1"})
    fixture.add(R"({"t":1,"a":)" + std::string(number) + "}");
  fixture.add(R"({"t":1,"a":"-0"})");
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()),
            (Rows{"1|7", "1|-7", "1|0", "1|123456789012345678", "1|1234567890123456789", "1|7.0", "1|-0"}));
}

TEST(IncrementalIndexTest, StoresNumbersAsTheirDimensionsSay) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":[
      {"type":"long","name":"l"},{"type":"float","name":"f"},{"type":"double","name":"d"}]}})");
  EXPECT_EQ(fixture.add(R"({"t":1,"l":"5.0","f":1.5,"d":"2.5"})"), RowOutcome::kProcessed);
  EXPECT_EQ(fixture.add(R"({"t":2,"l":5.9})"), RowOutcome::kProcessed);
  EXPECT_EQ(fixture.add(R"({"t":3,"l":"five","d":[1]})"), RowOutcome::kProcessedWithError);
  EXPECT_EQ(fixture.problems().size(), 2u);
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"1|5|1.5|2.5", "2|5|~|~", "3|~|~|~"}));
}

TEST(IncrementalIndexTest, CountsRowsWhoseMetricInputCannotBeRead) {
  IndexFixture fixture(kHourly);
  EXPECT_EQ(fixture.add(R"({"t":0,"a":"1","b":"1","x":"1,234"})"), RowOutcome::kProcessed);
  EXPECT_EQ(fixture.add(R"({"t":0,"a":"1","b":"1","x":"many"})"), RowOutcome::kProcessedWithError);
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"0|1|1|2|1234"}));
}

TEST(IncrementalIndexTest, LeavesOutOfASketchWhatItCannotRead) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]},
      "metricsSpec":[{"type":"count","name":"c"},{"type":"quantilesDoublesSketch","name":"q","fieldName":"x"},
                     {"type":"longSum","name":"s","fieldName":"y"}]})");
  EXPECT_EQ(fixture.add(R"({"t":1,"a":"k","x":1.5,"y":1})"), RowOutcome::kProcessed);
  fixture.index().flush();
  const Rows one = rows_of(*fixture.index().snapshot());
  EXPECT_EQ(fixture.add(R"({"t":1,"a":"k","x":"%%%","y":1})"), RowOutcome::kProcessedWithError);
  EXPECT_EQ(fixture.problems().size(), 1u);
  fixture.index().flush();
  const Rows two = rows_of(*fixture.index().snapshot());
  const auto sketch = [](const std::string& row) {
    return row.substr(6, row.size() - 8);
  };  // behind "1|k|1|", before "|1"
  EXPECT_EQ(two[0].substr(0, 6), "1|k|2|");
  EXPECT_EQ(sketch(two[0]), sketch(one[0]));
  EXPECT_EQ(two[0].substr(two[0].size() - 2), "|2");
}

TEST(IncrementalIndexTest, DiscoversDimensionsInOrderOfArrival) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},
      "metricsSpec":[{"type":"longSum","name":"s","fieldName":"added"}],"dimensionsSpec":{"dimensionExclusions":["no"]}})");
  fixture.add(R"({"t":1,"page":"A","added":5,"no":1,"null":null,"object":{"x":1},"mixed":[{"x":1}]})");
  fixture.add(R"({"t":2,"page":"B","user":["u","v"],"null":1})");
  fixture.index().flush();
  const auto snapshot = fixture.index().snapshot();
  EXPECT_EQ(snapshot->dimensions(), (Rows{"page", "user", "null"}));
  EXPECT_EQ(rows_of(*snapshot), (Rows{"1|A|~|~|5", "2|B|[u,v]|1|~"}));
}

TEST(IncrementalIndexTest, GivesTheSameSnapshotWhileNothingIsAdded) {
  IndexFixture fixture(kHourly);
  fixture.add(R"({"t":0,"a":"1","x":1})");
  fixture.index().flush();
  const auto first = fixture.index().snapshot();
  EXPECT_EQ(fixture.index().snapshot(), first);
  fixture.add(R"({"t":3600000,"a":"2","x":1})");
  fixture.index().flush();
  EXPECT_NE(fixture.index().snapshot(), first);
  EXPECT_EQ(rows_of(*first).size(), 1u);
}

TEST(IncrementalIndexTest, KnowsWhetherRowsCameInOrderOfTime) {
  IndexFixture fixture(kHourly);
  fixture.add(R"({"t":0,"a":"1"} {"t":3600000,"a":"1"} {"t":1,"a":"1"})");
  fixture.index().flush();
  EXPECT_TRUE(fixture.index().snapshot()->sorted_by_time());  // the third one was rolled up into the first
  fixture.add(R"({"t":1,"a":"new"})");
  fixture.index().flush();
  EXPECT_FALSE(fixture.index().snapshot()->sorted_by_time());
  EXPECT_EQ(fixture.index().snapshot()->time_bounds(), (Interval{0, 3600000}));
}

TEST(IncrementalIndexTest, NeverStoresATimeBeforeItsSegment) {
  IndexFixture fixture(
      R"({"dataSource":"x","timestampSpec":{"column":"t"},"granularitySpec":{"queryGranularity":"ALL"}})",
      Interval{1000, 2000});
  fixture.add(R"({"t":1500})");
  fixture.index().flush();
  EXPECT_EQ(rows_of(*fixture.index().snapshot()), (Rows{"1000"}));
}

TEST(IncrementalIndexTest, HidesDictionaryEntriesOfLaterRowsFromAnEarlierSnapshot) {
  IndexFixture fixture(kHourly);
  fixture.add(R"({"t":0,"a":"old"})");
  fixture.index().flush();
  const auto snapshot = fixture.index().snapshot();
  fixture.add(R"({"t":0,"a":"new"})");
  fixture.index().flush();
  const storage::Dictionary& dictionary = *snapshot->column("a")->dictionary();
  EXPECT_EQ(dictionary.size(), 1u);
  EXPECT_EQ(dictionary.find("old"), 0u);
  EXPECT_EQ(dictionary.find("new"), std::nullopt);
  EXPECT_EQ(fixture.index().snapshot()->column("a")->dictionary()->find("new"), 1u);
}

TEST(IncrementalIndexTest, AgreesWithAggregationByHand) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a","b",{"type":"long","name":"n"}]},
      "metricsSpec":[{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"x"},
                     {"type":"doubleMax","name":"m","fieldName":"y"}],"granularitySpec":{"queryGranularity":"minute"}})");
  struct Sums {
    std::int64_t count = 0, sum = 0;
    std::optional<double> max;
  };
  std::map<std::string, Sums> expected;
  std::mt19937 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t time_ms = random() % 600'000;
    const std::string a = "a" + std::to_string(random() % 20);
    const int b = static_cast<int>(random() % 4);
    const bool null = random() % 10 == 0;
    const std::int64_t n = static_cast<std::int64_t>(random() % 3);
    const std::int64_t x = random() % 1000;
    const double y = static_cast<double>(random() % 1000) / 8;
    static const std::array<std::string, 4> kLists = {"null", R"(["q","p"])", R"(["p","q"])", R"("p")"};
    static const std::array<std::string, 4> kShown = {"~", "[p,q]", "[p,q]", "p"};
    std::string row =
        R"({"t":)" + std::to_string(time_ms) + R"(,"a":")" + a + R"(","b":)" + kLists[static_cast<std::size_t>(b)];
    if (!null) row += R"(,"n":)" + std::to_string(n);
    row += R"(,"x":)" + std::to_string(x) + R"(,"y":)" + std::to_string(y) + "}";
    ASSERT_EQ(fixture.add(row), RowOutcome::kProcessed);
    Sums& sums = expected[std::to_string(time_ms / 60'000 * 60'000) + "|" + a + "|" +
                          kShown[static_cast<std::size_t>(b)] + "|" + (null ? "~" : std::to_string(n))];
    ++sums.count;
    sums.sum += x;
    sums.max = std::max(sums.max.value_or(y), y);
  }
  fixture.index().flush();
  Rows expected_rows;
  for (const auto& [key, sums] : expected) {
    std::ostringstream text;
    text << key << "|" << sums.count << "|" << sums.sum << "|" << *sums.max;
    expected_rows.push_back(text.str());
  }
  Rows rows = rows_of(*fixture.index().snapshot());
  std::sort(rows.begin(), rows.end());
  std::sort(expected_rows.begin(), expected_rows.end());
  EXPECT_EQ(rows, expected_rows);
}

/// Rows with the times first, first + 1 and so on, each 1 to its sum.
void add_ones(IndexFixture& fixture, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t row = first; row < first + count; ++row)
    fixture.add(R"({"t":)" + std::to_string(row) + R"(,"x":1})");
  fixture.index().flush();
}

TEST(IncrementalIndexTest, CopiesAgainOnlyBlocksOfMetricsThatHaveChanged) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]},
      "metricsSpec":[{"type":"longSum","name":"s","fieldName":"x"}]})");
  constexpr std::uint32_t kRows = BlockChanges::kBlockRows;
  std::int64_t scratch = 0;
  const auto read = [&](const LiveSegment& segment, std::uint32_t row) {
    return segment.column("s")->long_reader()->read(row, 1, &scratch);
  };
  add_ones(fixture, 0, kRows * 2 + 10);
  const auto before = fixture.index().snapshot();
  const std::int64_t* const blocks[] = {read(*before, 0), read(*before, kRows), read(*before, kRows * 2)};
  add_ones(fixture, kRows + 3, 1);
  add_ones(fixture, kRows * 2 + 10, 10);
  const auto after = fixture.index().snapshot();
  EXPECT_EQ(read(*after, 0), blocks[0]);
  EXPECT_NE(read(*after, kRows), blocks[1]);
  EXPECT_NE(read(*after, kRows * 2), blocks[2]);
  EXPECT_EQ(*read(*before, kRows + 3), 1);
  EXPECT_EQ(*read(*after, kRows + 3), 2);
  EXPECT_EQ(*read(*after, kRows * 2 + 19), 1);
}

TEST(IncrementalIndexTest, ReadsMetricsAcrossBlocks) {
  IndexFixture fixture(R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]},
      "metricsSpec":[{"type":"longMax","name":"m","fieldName":"t"},{"type":"longSum","name":"s","fieldName":"x"}]})");
  constexpr std::uint32_t kRows = BlockChanges::kBlockRows;
  for (std::uint32_t row = 0; row < kRows + 100; ++row)
    fixture.add(R"({"t":)" + std::to_string(row) + (row % 3 == 0 ? R"(,"x":1})" : "}"));
  fixture.index().flush();
  const auto segment = fixture.index().snapshot();
  std::array<std::int64_t, 150> scratch;
  const std::int64_t* values = segment->column("m")->long_reader()->read(kRows - 64, scratch.size(), scratch.data());
  for (std::uint32_t i = 0; i < scratch.size(); ++i) EXPECT_EQ(values[i], kRows - 64 + i);
  std::array<std::uint64_t, 3> nulls;
  ASSERT_TRUE(segment->column("s")->long_reader()->read_nulls(kRows - 64, scratch.size(), nulls.data()));
  for (std::uint32_t i = 0; i < nulls.size() * 64; ++i) {
    const bool null = i < scratch.size() && (kRows - 64 + i) % 3 != 0;
    EXPECT_EQ((nulls[i / 64] >> i % 64 & 1) != 0, null) << i;
  }
}

TEST(IncrementalIndexTest, CanBeReadWhileItGrows) {
  IndexFixture fixture(
      R"({"dataSource":"x","timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a",{"type":"long","name":"n"}]},
      "metricsSpec":[{"type":"count","name":"c"}]})");
  constexpr std::uint32_t kRowCount = 20'000;
  std::atomic<bool> done{false};
  const auto read = [&] {
    std::uint32_t seen = 0;
    while (!done.load()) {
      const auto snapshot = fixture.index().snapshot();
      ASSERT_GE(snapshot->row_count(), seen);
      seen = snapshot->row_count();
      const Rows rows = rows_of(*snapshot);
      for (std::uint32_t row = 0; row < seen; row += 97) {
        const std::string number = std::to_string(row);
        const std::string a = row % 5 == 0 ? "[v" + number + ",w]" : "v" + number;
        ASSERT_EQ(rows[row], number + "|" + a + "|" + (row % 3 == 0 ? "~" : number) + "|1");
      }
      if (seen != 0) {
        ASSERT_EQ(snapshot->column("a")->dictionary()->find("v0"), 0u);
      }
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (std::uint32_t row = 0; row < kRowCount; ++row) {
    const std::string number = std::to_string(row);
    fixture.add(R"({"t":)" + number + R"(,"a":)" +
                (row % 5 == 0 ? "[\"v" + number + "\",\"w\"]" : "\"v" + number + "\"") +
                (row % 3 == 0 ? "" : ",\"n\":" + number) + "}");
    if (row % 500 == 0) fixture.index().flush();
  }
  fixture.index().flush();
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(fixture.index().snapshot()->row_count(), kRowCount);
}

}  // namespace
}  // namespace sarsen::ingest
