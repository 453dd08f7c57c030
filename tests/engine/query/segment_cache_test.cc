// Answers with the cache of segments are those without it, whatever is asked again of the same groups.

#include "engine/query/segment_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "engine/lookup/lookup_registry.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

class LiveSegment final : public storage::ServedSegment {
 public:
  explicit LiveSegment(std::shared_ptr<const storage::Segment> segment) : segment_(std::move(segment)) {}
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return {segment_}; }
  bool is_realtime() const noexcept override { return true; }

 private:
  std::shared_ptr<const storage::Segment> segment_;
};

std::shared_ptr<const storage::Segment> rows(std::int64_t first) {
  auto segment = std::make_shared<MemorySegment>(
      std::vector<std::int64_t>{first, first + 1, first + kHourMs, first + 2 * kHourMs}, Form::kMapped);
  segment->strings("page", {"b", "a", std::nullopt, "c"})
      .lists("tags", {{"x", "y"}, {"x"}, {}, {"y"}})
      .longs("n", {1, 2, std::nullopt, first})
      .doubles("d", {0.1, 0.2, 0.3, 1e17});
  return segment;
}

// Three partitions that never change, and a live one where asked for.
class SegmentCacheTest : public ::testing::Test {
 protected:
  SegmentCacheTest() {
    for (std::uint32_t partition = 0; partition < 3; ++partition)
      serve(catalog_, "t", rows(10 + std::int64_t{partition}), partition);
  }

  void serve_live() {
    storage::TimelineEntry entry;
    entry.id = {"t", parse_interval("1970-01-01/1970-02-01"), "v1", 3};
    entry.segment = std::make_shared<LiveSegment>(rows(99));
    catalog_.update("t", [&](storage::Timeline& timeline) { timeline.add(entry); });
  }

  std::string cached(const std::string& query) {
    QueryLimits limits;
    limits.segment_cache = use_;
    return answer(catalog_, query, 2, limits);
  }

  /// Expects the answer without the cache, twice; gives how many segments were found in it the second time.
  std::uint64_t hits(const std::string& query) {
    const std::string expected = answer(catalog_, query);
    EXPECT_EQ(cached(query), expected);
    const std::uint64_t before = cache_.statistics().hits;
    EXPECT_EQ(cached(query), expected);
    return cache_.statistics().hits - before;
  }

  storage::Catalog catalog_;
  ResultCache cache_{std::size_t{1} << 20};
  SegmentCacheUse use_{.cache = &cache_, .use = true, .populate = true};
};

std::string query(const std::string& type_and_rest, const std::string& intervals = "1970-01-01/P1D",
                  const std::string& context = "{}") {
  return R"({"dataSource":"t","intervals":")" + intervals + R"(","context":)" + context + "," + type_and_rest +
         R"(,"aggregations":[{"type":"count","name":"rows"},{"type":"longSum","name":"n","fieldName":"n"},
           {"type":"doubleSum","name":"d","fieldName":"d"},{"type":"stringLast","name":"last","fieldName":"page"},
           {"type":"cardinality","name":"pages","fields":["page"]},{"type":"thetaSketch","name":"t","fieldName":"tags"},
           {"type":"quantilesDoublesSketch","name":"q","fieldName":"d"}]})";
}

const std::string kTimeseries = R"("queryType":"timeseries","granularity":"hour")";
const std::string kTopN = R"("queryType":"topN","granularity":"all","dimension":"tags","metric":"rows","threshold":5)";
const std::string kGroupBy = R"("queryType":"groupBy","granularity":"all","dimensions":["page","tags"])";

TEST_F(SegmentCacheTest, AnswersAlike) {
  EXPECT_EQ(hits(query(kTimeseries)), 3u);
  EXPECT_EQ(hits(query(kTopN)), 3u);
  EXPECT_EQ(hits(query(kGroupBy)), 3u);
  EXPECT_EQ(hits(query(kGroupBy, "1970-01-01/P1D", R"({"bySegment":true})")), 3u);
  EXPECT_EQ(hits(query(R"("queryType":"timeseries","granularity":"all","filter":{"type":"selector","dimension":"page",)"
                       R"("value":"nobody"})")),
            3u);
}

TEST_F(SegmentCacheTest, ServesWhateverIsMadeOfTheGroups) {
  hits(query(kGroupBy));
  const std::uint64_t before = cache_.statistics().hits;
  const std::string limited = query(
      kGroupBy + R"(,"limitSpec":{"type":"default","limit":2,"columns":["rows"]},"having":{"type":"greaterThan",)"
                 R"("aggregation":"rows","value":0},"postAggregations":[{"type":"constant","name":"c","value":1}])");
  EXPECT_EQ(cached(limited), answer(catalog_, limited));
  EXPECT_EQ(cache_.statistics().hits - before, 3u);
}

TEST_F(SegmentCacheTest, KnowsPartsOfSegmentsApart) {
  hits(query(kTimeseries));
  const std::uint64_t before = cache_.statistics().hits;
  const std::string hour = query(kTimeseries, "1970-01-01/PT1H");
  EXPECT_EQ(cached(hour), answer(catalog_, hour));
  EXPECT_EQ(cache_.statistics().hits, before);
  EXPECT_EQ(hits(hour), 3u);
}

TEST_F(SegmentCacheTest, KnowsQueriesApart) {
  hits(query(kTimeseries));
  for (const char* other :
       {R"(,"filter":{"type":"selector","dimension":"page","value":"a"})",
        R"(,"virtualColumns":[{"type":"expression","name":"d","expression":"n * 2","outputType":"DOUBLE"}])"}) {
    const std::string text = query(kTimeseries + other);
    EXPECT_EQ(cached(text), answer(catalog_, text));
    EXPECT_NE(cached(text), cached(query(kTimeseries)));
  }
}

TEST_F(SegmentCacheTest, KnowsDirectionsApart) {
  const std::string descending = query(kTimeseries + R"(,"descending":true)");
  hits(query(kTimeseries));
  EXPECT_EQ(hits(descending), 3u);
  EXPECT_EQ(cached(query(kTimeseries)), answer(catalog_, query(kTimeseries)));
}

TEST_F(SegmentCacheTest, KnowsAQueryAgainInOtherWords) {
  const std::string one = query(kTimeseries + R"(,"filter":{"type":"selector","dimension":"page","value":"a"})");
  const std::string other = query(R"("granularity":"hour","filter":{"value":"a","dimension":"page","type":"selector"},)"
                                  R"("queryType":"timeseries")");
  hits(one);
  const std::uint64_t before = cache_.statistics().hits;
  EXPECT_EQ(cached(other), answer(catalog_, one));
  EXPECT_EQ(cache_.statistics().hits - before, 3u);
}

TEST_F(SegmentCacheTest, LeavesLiveRowsAlone) {
  serve_live();
  EXPECT_EQ(hits(query(kGroupBy)), 3u);
}

TEST_F(SegmentCacheTest, ForgetsASegmentThatWasReplaced) {
  hits(query(kTimeseries));
  serve(catalog_, "t", rows(77), 1);
  EXPECT_EQ(cached(query(kTimeseries)), answer(catalog_, query(kTimeseries)));
}

TEST_F(SegmentCacheTest, ObeysContextAndSettings) {
  EXPECT_EQ(hits(query(kTimeseries, "1970-01-01/P1D", R"({"useCache":false})")), 0u);
  EXPECT_EQ(hits(query(kTimeseries, "1970-01-01/P1D", R"({"useCache":"true"})")), 3u);
  EXPECT_EQ(hits(query(kTopN, "1970-01-01/P1D", R"({"populateCache":false})")), 0u);
  use_.uncacheable = {"groupBy"};
  EXPECT_EQ(hits(query(kGroupBy)), 0u);
  use_.uncacheable = {};
  use_.populate = false;
  EXPECT_EQ(hits(query(kGroupBy)), 0u);
}

TEST_F(SegmentCacheTest, KeepsNothingThatIsTooLarge) {
  use_.entry_bytes_max = 100;
  EXPECT_EQ(hits(query(kGroupBy)), 0u);
  EXPECT_EQ(cache_.statistics().entries, 0u);
}

TEST_F(SegmentCacheTest, LeavesLookupsAndOtherSourcesAlone) {
  const std::string joined =
      R"({"queryType":"timeseries","granularity":"all","intervals":"1970-01-01/P1D","dataSource":{"type":"filter",)"
      R"("base":"t","filter":{"type":"selector","dimension":"page","value":"a"}},)"
      R"("aggregations":[{"type":"count","name":"rows"}]})";
  EXPECT_EQ(hits(joined), 0u);
  lookup_registry().put("nobody", {"v1", std::make_shared<Lookup>(Lookup::Entries{{"a", "A"}}, true)});
  EXPECT_EQ(hits(query(kTimeseries + R"x(,"virtualColumns":[{"type":"expression","name":"v","outputType":"STRING",)x"
                                     R"x("expression":"lookup(page,'nobody')"}])x")),
            0u);
  lookup_registry().remove("nobody");
}

TEST_F(SegmentCacheTest, IsSharedByThreads) {
  const std::string text = query(kGroupBy);
  const std::string expected = answer(catalog_, text);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int repeat = 0; repeat < 20; ++repeat) EXPECT_EQ(cached(text), expected);
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace sarsen::engine
