// Compaction: what becomes of the rows, and of the segments.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "engine/query/query_engine.h"
#include "storage/base/log.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

class CompactTaskTest : public testing::Test {
 protected:
  CompactTaskTest() { set_log_level(LogLevel::kOff); }
  ~CompactTaskTest() override { set_log_level(LogLevel::kInfo); }

  void index(const std::vector<std::string>& times, const std::string& more = "") {
    const TaskStatus status = node_.ended(node_.add(index_specification(times, more)));
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }

  std::string compact(const std::string& more, const std::string& interval = "2024-01-01/2024-01-03",
                      const std::string& io = "") {
    return node_.add(R"({"type":"compact","dataSource":"pages","ioConfig":{"type":"compact","inputSpec":{"type":)"
                     R"("interval","interval":")" +
                     interval + "\"}" + io + "}" + more + "}");
  }

  TaskStatus compacted(const std::string& more, const std::string& interval = "2024-01-01/2024-01-03",
                       const std::string& io = "") {
    return node_.ended(compact(more, interval, io));
  }

  /// The longs of a column of all visible rows, in order.
  std::vector<std::int64_t> longs(const std::string& name) const {
    std::vector<std::int64_t> all;
    const auto timelines = node_.catalog.snapshot();
    for (const storage::TimelineHit& hit : timelines->at("pages")->lookup(kEternity))
      for (const auto& segment : hit.entry->segment->acquire()) {
        const std::size_t before = all.size();
        all.resize(before + segment->row_count());
        std::vector<std::int64_t> scratch(segment->row_count());
        const std::int64_t* read = segment->column(name)->long_reader()->read(0, segment->row_count(), scratch.data());
        std::copy_n(read, segment->row_count(), all.begin() + static_cast<std::ptrdiff_t>(before));
      }
    return all;
  }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
};

constexpr const char* kAppend = R"(,"appendToExisting":true)";

TEST_F(CompactTaskTest, SegmentsOfADayBecomeOneOfANewerVersion) {
  index({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"});
  index({"2024-01-01T02:00:00Z"}, kAppend);
  index({"2024-01-01T00:30:00Z"}, kAppend);
  const std::vector<std::string> before = node_.visible("pages");
  ASSERT_THAT(before, SizeIs(4));
  const std::string id = compact("");
  const TaskStatus status = node_.ended(id);
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  const std::vector<std::string> after = node_.visible("pages");
  ASSERT_THAT(after, SizeIs(2));
  EXPECT_NE(after[1], before[3]);
  EXPECT_EQ(node_.visible_rows("pages"), 4U);
  EXPECT_THAT(node_.metadata.unused_segments("pages", kEternity), SizeIs(4));
  EXPECT_EQ(longs("__time"), (std::vector<std::int64_t>{1704069000000, 1704070800000, 1704074400000, 1704157200000}));
  const Json report = node_.queue.report(id).value_or(Json());
  const std::vector<std::int64_t> rows = {3, 1};
  for (std::size_t day = 0; day < 2; ++day) {
    const std::string key = "ingestionStatsAndErrors_" + std::to_string(day);
    const JsonField payload = JsonField(report)[key]["payload"];
    EXPECT_EQ(payload["rowStats"]["buildSegments"]["processed"].integer(), rows[day]);
    EXPECT_EQ(payload["segmentsRead"].integer(), rows[day]);
    EXPECT_EQ(payload["segmentsPublished"].integer(), 1);
  }
  EXPECT_TRUE(node_.metadata.used_segments().front().last_compaction_state.is_object());
}

/// As where other servers are the historicals, or rules load nothing.
TEST_F(CompactTaskTest, SegmentsThatAreNotServedHereAreReadFromDeepStorage) {
  for (const std::string context :
       {R"(,"context":{"taskLockTimeout":1000})", R"(,"context":{"taskLockTimeout":1000,"useConcurrentLocks":true})"}) {
    index({"2024-01-01T01:00:00Z", "2024-01-01T03:00:00Z", "2024-01-02T01:00:00Z"});
    index({"2024-01-01T02:00:00Z"}, kAppend);
    const auto used = node_.metadata.used_segments();
    ASSERT_THAT(used, SizeIs(3));
    for (const auto& segment : used)
      if (segment.id.partition == 0) node_.served.drop({segment.id});
    ASSERT_LT(node_.visible_rows("pages"), 4u);
    const std::string id = compact(context);
    const TaskStatus status = node_.ended(id);
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
    EXPECT_EQ(node_.visible_rows("pages"), 4u);
    EXPECT_EQ(longs("__time"), (std::vector<std::int64_t>{1704070800000, 1704074400000, 1704078000000, 1704157200000}));
    EXPECT_THAT(node_.metadata.used_segments(), SizeIs(2));
  }
}

TEST_F(CompactTaskTest, NothingIsReplacedWhereAnInputCannotBeFetched) {
  index({"2024-01-01T01:00:00Z"});
  index({"2024-01-01T02:00:00Z"}, kAppend);
  const auto lost = node_.metadata.used_segments().front();
  node_.served.drop({lost.id});
  node_.deep_storage.remove(lost);
  const TaskStatus status = compacted("");
  EXPECT_EQ(status.status_code, TaskState::kFailed);
  EXPECT_THAT(node_.metadata.used_segments(), SizeIs(2));
}

TEST_F(CompactTaskTest, AnotherSegmentGranularityTakesInAllThatItTouches) {
  index({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z", "2024-01-20T01:00:00Z"});
  const std::string month = R"(,"granularitySpec":{"segmentGranularity":"MONTH"})";
  EXPECT_THROW(compact(month), Error);
  const TaskStatus status = compacted(month, "2024-01-01/2024-01-03", R"(,"allowNonAlignedInterval":true)");
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_THAT(node_.visible("pages"), SizeIs(1));
  EXPECT_EQ(node_.visible_rows("pages"), 3U);
  ASSERT_EQ(compacted(R"(,"granularitySpec":{"segmentGranularity":"HOUR"})", "2024-01-02/2024-01-03").status_code,
            TaskState::kSuccess);
  EXPECT_THAT(node_.visible("pages"), SizeIs(3)) << "the month goes as a whole";
  EXPECT_THAT(node_.metadata.used_segments(), SizeIs(3));
  EXPECT_EQ(node_.visible_rows("pages"), 3U);
}

TEST_F(CompactTaskTest, RowsAreRolledUp) {
  index({"2024-01-01T01:00:00Z", "2024-01-01T01:30:00Z", "2024-01-01T02:00:00Z"});
  const TaskStatus status = compacted(R"(,"granularitySpec":{"queryGranularity":"HOUR","rollup":true})");
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_EQ(longs("n"), (std::vector<std::int64_t>{2, 1}));
}

TEST_F(CompactTaskTest, MetricsThatAreThereAreKeptWhereTheTaskSaysSo) {
  index({"2024-01-01T01:00:00Z", "2024-01-01T01:30:00Z", "2024-01-01T02:00:00Z"});
  const std::string rolled = R"(,"granularitySpec":{"queryGranularity":"HOUR","rollup":true},
      "metricsSpec":[{"type":"count","name":"n"}])";
  ASSERT_EQ(compacted(rolled).status_code, TaskState::kSuccess);
  EXPECT_EQ(longs("n"), (std::vector<std::int64_t>{2, 1}));
  const std::string kept =
      R"(,"tuningConfig":{"appendableIndexSpec":{"type":"onheap","preserveExistingMetrics":true}})";
  ASSERT_EQ(compacted(rolled + kept).status_code, TaskState::kSuccess);
  EXPECT_EQ(longs("n"), (std::vector<std::int64_t>{2, 1}));
  ASSERT_EQ(compacted(rolled).status_code, TaskState::kSuccess);
  EXPECT_EQ(longs("n"), (std::vector<std::int64_t>{1, 1})) << "else rows are counted, as in Druid";
}

TEST_F(CompactTaskTest, MetricsAreMadeOfDimensions) {
  const std::string rows = R"({\"t\":\"2024-01-01T01:00Z\",\"page\":\"a\",\"user\":\"x\",\"added\":3}\n)"
                           R"({\"t\":\"2024-01-01T01:10Z\",\"page\":\"a\",\"user\":\"y\",\"added\":4}\n)"
                           R"({\"t\":\"2024-01-01T01:20Z\",\"page\":\"b\",\"user\":\"y\",\"added\":5}\n)";
  node_.ended(node_.add(R"({"type":"index","spec":{"dataSchema":{"dataSource":"pages","timestampSpec":{"column":"t",
      "format":"iso"},"dimensionsSpec":{"dimensions":["user","page",{"type":"long","name":"added"}]},"metricsSpec":[],
      "granularitySpec":{"segmentGranularity":"DAY","rollup":false}},"ioConfig":{"type":"index","inputSource":
      {"type":"inline","data":")" +
                        rows + R"("},"inputFormat":{"type":"json"}}}})"));
  const TaskStatus status = compacted(R"(,"granularitySpec":{"queryGranularity":"HOUR","rollup":true},
      "dimensionsSpec":{"dimensions":["page"]},"metricsSpec":[{"type":"count","name":"rows"},
      {"type":"longSum","name":"added","fieldName":"added"},{"type":"doubleMax","name":"most","fieldName":"added"}])");
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_EQ(longs("rows"), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(longs("added"), (std::vector<std::int64_t>{7, 5}));
  const auto segment = node_.catalog.snapshot()->at("pages")->entries().begin()->second.segment->acquire().front();
  EXPECT_EQ(segment->dimensions(), std::vector<std::string>{"page"});
  EXPECT_EQ(segment->column("most")->type(), storage::ValueType::kDouble);
  const TaskStatus sketched = compacted(R"(,"metricsSpec":[{"type":"hyperUnique","name":"u","fieldName":"page"}])");
  ASSERT_EQ(sketched.status_code, TaskState::kSuccess) << sketched.error_message;
  const auto made = node_.catalog.snapshot()->at("pages")->entries().begin()->second.segment->acquire().front();
  EXPECT_EQ(made->column("u")->complex_type(), "hyperUnique");
}

TEST_F(CompactTaskTest, RowsAreFilteredAndWhatIsLeftEmptyStaysUnlessDropped) {
  index({"2024-01-01T01:00:00Z", "2024-01-02T01:00:00Z"});
  const std::string none = R"(,"transformSpec":{"filter":{"type":"selector","dimension":"page","value":"b"}})";
  EXPECT_EQ(compacted(none).status_code, TaskState::kSuccess);
  EXPECT_EQ(node_.visible_rows("pages"), 2U);
  const TaskStatus status = compacted(none, "2024-01-01/2024-01-03", R"(,"dropExisting":true)");
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_EQ(node_.visible_rows("pages"), 0U);
  EXPECT_THAT(node_.metadata.used_segments(), SizeIs(0));
}

TEST_F(CompactTaskTest, LargeOnesAreCut) {
  std::vector<std::string> times;
  for (int i = 10; i < 35; ++i) times.push_back("2024-01-01T01:00:" + std::to_string(i) + "Z");
  index(times);
  const TaskStatus status = compacted(
      R"(,"tuningConfig":{"type":"index_parallel","partitionsSpec":{"type":"dynamic","maxRowsPerSegment":10}},
      "context":{"storeCompactionState":true})");
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  EXPECT_THAT(node_.visible("pages"), SizeIs(3));
  EXPECT_EQ(node_.visible_rows("pages"), 25U);
  EXPECT_TRUE(std::ranges::is_sorted(longs("__time")));
  EXPECT_EQ(node_.metadata.used_segments().front().core_partitions, 3U);
  const Json state = node_.metadata.used_segments().front().last_compaction_state;
  EXPECT_EQ(JsonField(state)["partitionsSpec"]["maxRowsPerSegment"].integer(), 10);
}

/// The sizes are those of a stock Druid 33.
TEST_F(CompactTaskTest, SegmentsEndWhereTheirRowsAreTooManyTogether) {
  std::vector<std::string> times;
  for (const std::string day : {"01", "02", "03"})
    for (const std::string hour : {"00", "01", "02", "03"}) times.push_back("2024-01-" + day + "T" + hour + ":00:00Z");
  const auto sizes = [&](const std::string& partitions, const std::string& more) {
    index(times);
    const TaskStatus status = compacted(
        R"(,"tuningConfig":{"type":"index_parallel","partitionsSpec":{"type":"dynamic",)" + partitions + "}}" + more,
        "2024-01-01/2024-01-04");
    EXPECT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
    std::vector<std::uint32_t> rows;
    const auto timelines = node_.catalog.snapshot();
    for (const storage::TimelineHit& hit : timelines->at("pages")->lookup(kEternity))
      for (const auto& segment : hit.entry->segment->acquire()) rows.push_back(segment->row_count());
    return rows;
  };
  const std::string days = R"(,"granularitySpec":{"segmentGranularity":"DAY"})";
  EXPECT_THAT(sizes(R"("maxTotalRows":6)", days), testing::ElementsAre(4, 2, 2, 4));
  EXPECT_THAT(sizes(R"("maxTotalRows":3)", ""), testing::ElementsAre(3, 1, 3, 1, 3, 1)) << "each chunk for itself";
  EXPECT_THAT(sizes(R"("maxTotalRows":6,"maxRowsPerSegment":3)", days), testing::ElementsAre(3, 1, 3, 1, 3, 1));
  EXPECT_THAT(sizes(R"("maxRowsPerSegment":100)", days), testing::ElementsAre(4, 4, 4));
}

TEST_F(CompactTaskTest, NamedSegmentsMustBeAllThatIsThere) {
  index({"2024-01-01T01:00:00Z"});
  index({"2024-01-01T02:00:00Z"}, kAppend);
  const std::vector<std::string> ids = node_.visible("pages");
  const auto of = [](const std::string& list) {
    return R"({"type":"compact","dataSource":"pages","ioConfig":{"type":"compact","inputSpec":{"type":"segments",)"
           R"("segments":[)" +
           list + "]}}}";
  };
  const TaskStatus refused = node_.ended(node_.add(of("\"" + ids[0] + "\"")));
  EXPECT_THAT(refused.error_message, HasSubstr("Specified segments in the spec are different"));
  const TaskStatus done = node_.ended(node_.add(of("\"" + ids[0] + "\",\"" + ids[1] + "\"")));
  EXPECT_EQ(done.status_code, TaskState::kSuccess) << done.error_message;
}

TEST_F(CompactTaskTest, WhereThereIsNothingItFails) {
  EXPECT_THAT(compacted("").error_message, HasSubstr("no data source"));
  index({"2025-01-01T01:00:00Z"});
  EXPECT_THAT(compacted("").error_message, HasSubstr("Can't find segments"));
  EXPECT_THROW(compact(R"(,"tuningConfig":{"type":"index_parallel","partitionsSpec":{"type":"hashed"}})"), Error);
}

TEST_F(CompactTaskTest, SaysWhichFieldIsNoInterval) {
  try {
    node_.add(R"({"type":"compact","dataSource":"pages","ioConfig":{"type":"compact","inputSpec":{"type":"interval",
        "interval":"yesterday"}}})");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("ioConfig.inputSpec.interval"), HasSubstr("yesterday")));
  }
}

/// Rows of several segments, compacted, and the same rows indexed at once.
class PartitionedCompactTest : public CompactTaskTest {
 protected:
  void index_rows(const std::string& source, int first, int count, const std::string& tuning, bool append = false) {
    std::string rows;
    for (int i = first; i < first + count; ++i) {
      const std::string number = std::to_string(i);
      rows += R"({"t":"2024-01-01T0)" + std::to_string(i % 3) + R"(:10Z","page":"p)" + std::to_string(i % 17) +
              R"(","user":)" + (i % 5 == 0 ? "null" : "\"u" + std::to_string(i % 7) + "\"") + R"(,"tags":["b","a)" +
              std::to_string(i % 2) + R"("],"code":)" + std::to_string(i % 4) + "}\n";
    }
    const TaskStatus status = node_.ended(node_.add(
        R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":")" + source +
        R"(","timestampSpec":{"column":"t","format":"iso"},"dimensionsSpec":{"dimensions":["page","user","tags",
        {"type":"long","name":"code"}]},"metricsSpec":[{"type":"count","name":"n"},{"type":"hyperUnique","name":"h",
        "fieldName":"user"}],"granularitySpec":{"segmentGranularity":"DAY","queryGranularity":"HOUR","rollup":true}},
        "ioConfig":{"type":"index_parallel","inputSource":{"type":"inline","data":)" +
        Json(rows).dump() + R"(},"inputFormat":{"type":"json"},"appendToExisting":)" + (append ? "true" : "false") +
        R"(},"tuningConfig":{"type":"index_parallel")" + tuning + "}}}"));
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }

  /// Of each visible segment its shard spec, and its rows by a query.
  std::vector<std::string> contents(const std::string& source) {
    std::vector<std::string> all;
    std::map<std::string, Json> specs;
    for (const storage::SegmentDescriptor& segment : node_.metadata.used_segments())
      specs[segment.id.text()] = segment.shard_spec;
    const auto timelines = node_.catalog.snapshot();
    for (const storage::TimelineHit& hit : timelines->at(source)->lookup(kEternity)) {
      all.push_back(specs.at(hit.entry->id.text()).dump());
      for (const auto& segment : hit.entry->segment->acquire())
        for (const std::string& row : rows_of(*segment)) all.push_back(row);
    }
    return all;
  }

  void expect_same_as_indexed(const std::string& partitions) {
    const std::string tuning = R"(,"forceGuaranteedRollup":true,"partitionsSpec":)" + partitions;
    index_rows("at_once", 0, 200, tuning);
    index_rows("pages", 0, 120, "");
    index_rows("pages", 120, 80, "", true);
    const TaskStatus status = compacted(R"(,"tuningConfig":{"type":"index_parallel")" + tuning + "}");
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
    EXPECT_EQ(contents("pages"), contents("at_once")) << partitions;
    EXPECT_GT(node_.visible("pages").size(), 1U);
  }
};

TEST_F(PartitionedCompactTest, HashedPartitionsAreThoseOfAnIndexTask) {
  expect_same_as_indexed(R"({"type":"hashed","numShards":3})");
}

TEST_F(PartitionedCompactTest, HashedPartitionsOfSomeDimensionsAreToo) {
  expect_same_as_indexed(R"({"type":"hashed","targetRowsPerSegment":30,"partitionDimensions":["page"]})");
}

TEST_F(PartitionedCompactTest, RangesAreThoseOfAnIndexTask) {
  expect_same_as_indexed(R"({"type":"range","partitionDimensions":["page","user"],"targetRowsPerSegment":40})");
}

TEST_F(PartitionedCompactTest, DimensionsGetOtherTypes) {
  index_rows("pages", 0, 40, "");
  const std::string dimensions = R"(,"dimensionsSpec":{"dimensions":[{"type":"long","name":"page"},"user","tags",
      {"type":"string","name":"code"}]})";
  const std::string id = compact(dimensions);
  const TaskStatus status = node_.ended(id);
  ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  index_rows("pages", 40, 40, "", true);  // of the types from before
  const TaskStatus again = compacted(dimensions);
  ASSERT_EQ(again.status_code, TaskState::kSuccess) << again.error_message;
  const auto segment = node_.catalog.snapshot()->at("pages")->entries().begin()->second.segment->acquire().front();
  EXPECT_EQ(segment->column("code")->type(), storage::ValueType::kString);
  EXPECT_EQ(segment->column("page")->type(), storage::ValueType::kLong);
  const std::vector<std::int64_t> counts = longs("n");
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), 80);
  const Json report = node_.queue.report(id).value_or(Json());
  const JsonField stats = JsonField(report)["ingestionStatsAndErrors_0"]["payload"]["rowStats"]["buildSegments"];
  EXPECT_GT(stats["processedWithError"].integer(), 0) << "p3 is no number";
}

}  // namespace
}  // namespace sarsen::ingest
