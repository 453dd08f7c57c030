// Compaction of segments whose dimensions are of several types or orders, and metrics that are made anew of rows.
// Expectations are what Druid 33 makes of the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/ingest/tasks/task_node.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kDiscovered = R"({"useSchemaDiscovery":true})";

class CompactTypesTest : public testing::Test {
 protected:
  CompactTypesTest() { set_log_level(LogLevel::kOff); }
  ~CompactTypesTest() override { set_log_level(LogLevel::kInfo); }

  void run(const std::string& task) {
    const TaskStatus status = node_.ended(node_.add(task));
    ASSERT_EQ(status.status_code, TaskState::kSuccess) << status.error_message;
  }

  /// Rows of one day; `day` is 1 or 2.
  void index(int day, const std::string& dimensions, const std::vector<std::string>& rows) {
    std::string lines;
    for (const std::string& row : rows)
      lines += R"({"t":)" + std::to_string((day - 1) * 86'400'000) + "," + row + "}\n";
    run(R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"pages","timestampSpec":{"column":"t",
        "format":"millis"},"dimensionsSpec":)" +
        dimensions +
        R"(,"granularitySpec":{"segmentGranularity":"DAY","rollup":false}},
        "ioConfig":{"type":"index_parallel","inputSource":{"type":"inline","data":)" +
        Json(lines).dump() + R"(},"inputFormat":{"type":"json"}},"tuningConfig":{"type":"index_parallel"}}})");
  }

  /// All days to one month.
  void compact(const std::string& more, const std::string& rollup = "false") {
    run(R"({"type":"compact","dataSource":"pages","ioConfig":{"type":"compact","inputSpec":{"type":"interval",
        "interval":"1970-01-01/1970-02-01"}},"granularitySpec":{"segmentGranularity":"MONTH","queryGranularity":"MONTH",
        "rollup":)" +
        rollup + "}" + more + "}");
  }

  std::shared_ptr<const storage::Segment> only_segment() const {
    const auto timelines = node_.catalog.snapshot();
    const auto hits = timelines->at("pages")->lookup(kEternity);
    EXPECT_EQ(hits.size(), 1U);
    return hits.front().entry->segment->acquire().front();
  }
  std::vector<std::string> rows() const { return rows_of(*only_segment()); }

  TemporaryFolder folder_;
  TaskNode node_{folder_.path()};
};

TEST_F(CompactTypesTest, DimensionsComeInTheOrderOfTheLatestSegment) {
  index(1, kDiscovered, {R"("b":"x","a":"1")", R"("b":"w","a":"2")"});
  index(2, kDiscovered, {R"("c":"z","a":"3","b":"x")"});
  compact("");
  EXPECT_THAT(only_segment()->dimensions(), ElementsAre("c", "a", "b"));
  EXPECT_THAT(rows(), ElementsAre("0|~|1|x", "0|~|2|w", "0|z|3|x"));
}

TEST_F(CompactTypesTest, MixedScalarsBecomeTheTypeThatTheyAreCalled) {
  const std::vector<std::string> mixed = {R"("a":"x","n":1)", R"("a":5,"n":2.5)", R"("a":[1],"n":3)"};
  index(1, kDiscovered, {mixed[0], mixed[1]});
  compact("");
  EXPECT_THAT(rows(), ElementsAre("0|5|2.5", "0|x|1"));
  EXPECT_EQ(only_segment()->column("a")->type(), storage::ValueType::kString);
  EXPECT_EQ(only_segment()->column("n")->type(), storage::ValueType::kDouble);
  EXPECT_NE(only_segment()->column("a")->value_dictionary(), nullptr) << "still auto";
}

TEST_F(CompactTypesTest, ValuesBesideArraysStayWhatTheyAre) {
  index(1, kDiscovered, {R"("a":"x")", R"("a":["y","z"])", R"("a":["x"])"});
  for (const char* more : {"", R"(,"tuningConfig":{"type":"index_parallel","forceGuaranteedRollup":true,
                                  "partitionsSpec":{"type":"hashed","numShards":1}})"}) {
    compact(more);
    EXPECT_THAT(rows(), testing::UnorderedElementsAre(R"(0|"x")", R"(0|["y","z"])", R"(0|["x"])")) << more;
    EXPECT_EQ(only_segment()->column("a")->logical_type(), "ARRAY<STRING>");
  }
}

TEST_F(CompactTypesTest, AColumnIsOfTheTypeOfItsLatestSegment) {
  index(1, R"({"dimensions":["x"]})", {R"("x":"5")", R"("x":"six")"});
  index(2, R"({"dimensions":[{"type":"long","name":"x"}]})", {R"("x":7)"});
  compact("");
  EXPECT_EQ(only_segment()->column("x")->type(), storage::ValueType::kLong);
  EXPECT_THAT(rows(), ElementsAre("0|~", "0|5", "0|7"));
}

TEST_F(CompactTypesTest, AutoColumnsBecomeOthersAndOthersAuto) {
  index(1, R"({"dimensions":[{"type":"auto","name":"a"},"s"]})", {R"("a":"x","s":["q","r"])"});
  compact(R"(,"dimensionsSpec":{"dimensions":["a",{"type":"auto","name":"s"}]})");
  EXPECT_EQ(only_segment()->column("a")->value_dictionary(), nullptr);
  EXPECT_EQ(only_segment()->column("s")->logical_type(), "ARRAY<STRING>");
  EXPECT_THAT(rows(), ElementsAre(R"(0|x|["q","r"])"));
}

TEST_F(CompactTypesTest, OneValueIsAValueWhereDimensionsAreDiscovered) {
  index(1, R"({"dimensions":["m"]})", {R"("m":["y","z"])", R"("m":"x")", R"("m":null)", R"("m":[])"});
  compact(std::string(R"(,"dimensionsSpec":)") + kDiscovered);
  EXPECT_THAT(rows(), ElementsAre("0|~", "0|~", R"(0|"x")", R"(0|["y","z"])"));
}

TEST_F(CompactTypesTest, CastsStay) {
  index(1, R"({"dimensions":[{"type":"auto","name":"a","castToType":"ARRAY<LONG>"}]})", {R"("a":1)", R"("a":[2,3])"});
  EXPECT_TRUE(only_segment()->column("a")->enforces_type());
  compact("");
  EXPECT_TRUE(only_segment()->column("a")->enforces_type());
  EXPECT_THAT(node_.metadata.used_segments().front().last_compaction_state.dump(),
              HasSubstr(R"("castToType":"ARRAY<LONG>")"));
  EXPECT_THAT(rows(), ElementsAre("0|[1]", "0|[2,3]"));
}

TEST_F(CompactTypesTest, MetricsAreMadeOfWhateverRowsHold) {
  index(1, R"({"dimensions":["k","text",{"type":"auto","name":"mixed"},{"type":"long","name":"l"}]})",
        {R"("k":"a","text":"5","mixed":1,"l":1)", R"("k":"a","text":"no","mixed":2.5,"l":2)",
         R"("k":"b","text":"7","mixed":"3","l":3)"});
  compact(R"(,"dimensionsSpec":{"dimensions":["k"]},"metricsSpec":[{"type":"count","name":"n"},
              {"type":"longSum","name":"t","fieldName":"text"},{"type":"doubleSum","name":"m","fieldName":"mixed"},
              {"type":"longSum","name":"e","expression":"l * 10"},
              {"type":"filtered","filter":{"type":"selector","dimension":"text","value":"7"},
               "aggregator":{"type":"longSum","name":"f","fieldName":"l"}}])",
          "true");
  EXPECT_THAT(rows(), ElementsAre("0|a|30|~|3.5|2|5", "0|b|30|3|3|1|7"));
}

TEST_F(CompactTypesTest, RefusesMetricsThatNoSegmentHas) {
  const std::string task = R"({"type":"compact","dataSource":"pages","ioConfig":{"type":"compact","inputSpec":{
      "type":"interval","interval":"1970-01-01/1970-02-01"}},"metricsSpec":[{"type":"doubleMean","name":"m",
      "fieldName":"x"}]})";
  EXPECT_THAT([&] { node_.add(task); },
              testing::ThrowsMessage<Error>(HasSubstr("the aggregator \"doubleMean\" is for queries only")));
}

}  // namespace
}  // namespace sarsen::ingest
