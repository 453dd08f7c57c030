// Rows of published segments, as a fire department reads them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/batch/index_task.h"
#include "ingest/batch/segment_rows.h"
#include "ingest/firehose/firehose.h"
#include "ingest/realtime/fire_department.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/wait_until.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Rows = std::vector<std::string>;

const std::string kDay = R"({"type":"ingestSegment","dataSource":"one","interval":"2020-01-01/2020-01-02")";
const std::string kBothDays = R"({"type":"ingestSegment","dataSource":"one","interval":"2020-01-01/2020-01-03")";

std::string inline_of(const std::string& lines) {
  return Json(Json::Object{{"type", "inline"}, {"data", lines}}).dump();
}

class SilentAnnouncer final : public SegmentAnnouncer {
 public:
  void announce(const storage::SegmentId&) override {}
  void unannounce(const storage::SegmentId&) override {}
};

/// A data source "one" of two days, with a dimension of several values and a metric that is a sketch.
class SegmentFirehoseTest : public testing::Test {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kWarn);
    write(R"({"t":"2020-01-01T01","a":["x","y"],"v":2,"user":"u1"}
{"t":"2020-01-01T01","a":["x","y"],"v":3,"user":"u2"}
{"t":"2020-01-01T02","a":"z","v":1,"user":"u1"}
{"t":"2020-01-02T01","a":"z","v":10,"user":"u3"})");
  }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  void write(const std::string& lines) {
    const std::string text =
        R"({"type":"index","spec":{"dataSchema":{"dataSource":"one","timestampSpec":{"column":"t"},
        "dimensionsSpec":{"dimensions":["a"]},"metricsSpec":[{"type":"count","name":"c"},
        {"type":"longSum","name":"s","fieldName":"v"},{"type":"hyperUnique","name":"u","fieldName":"user"}],
        "granularitySpec":{"queryGranularity":"HOUR"}},"ioConfig":{"type":"index","inputFormat":{"type":"json"},
        "inputSource":)" +
        inline_of(lines) + "}}}";
    run_index_task(IndexTask::parse(Json::parse(text), "."), {OutputLayout::Kind::kPlain, folder_.path() / "deep"});
  }

  SegmentPlaces places() { return {.root = folder_.path() / "deep", .scratch = folder_.path() / "read"}; }

  static FireDepartmentSpec spec(const std::string& firehose) {
    return parse_realtime_spec(
        Json::parse(R"({"dataSchema":{"dataSource":"two","parser":{"type":"map","parseSpec":{"format":"json",
        "timestampSpec":{"column":"nowhere"},"dimensionsSpec":{"dimensions":["a"]}}},
        "metricsSpec":[{"type":"longSum","name":"c","fieldName":"c"},{"type":"longSum","name":"s","fieldName":"s"},
        {"type":"hyperUnique","name":"u","fieldName":"u"}],
        "granularitySpec":{"type":"uniform","segmentGranularity":"DAY","queryGranularity":"HOUR"}},
        "ioConfig":{"type":"realtime","firehose":)" +
                    firehose + R"(},"tuningConfig":{"type":"realtime","rejectionPolicy":{"type":"none"}}})"))[0];
  }

  /// All rows of the data source that a department makes of it.
  Rows read(const std::string& firehose) {
    const SegmentPlaces where = places();
    FireDepartmentSpec department = spec(firehose);
    auto source = department.firehose->connect({.schema = department.schema, .segments = &where});
    storage::Catalog catalog;
    SilentAnnouncer announcer;
    FireDepartment chief(std::move(department), std::move(source), catalog, announcer,
                         {.persist_directory = folder_.path() / "persist"});
    chief.start();
    EXPECT_TRUE(wait_until([&] { return chief.ended(); }));
    processed_ = chief.stats().processed;
    unparseable_ = chief.stats().unparseable;
    Rows rows;
    const auto timelines = catalog.snapshot();
    const auto timeline = timelines->find("two");
    if (timeline == timelines->end()) return rows;
    for (const storage::TimelineHit& hit : timeline->second->lookup(kEternity))
      for (const auto& part : hit.entry->segment->acquire())
        for (std::string& row : rows_of(*part)) rows.push_back(std::move(row));
    return rows;
  }

  /// The rows of the segments as they were written.
  Rows written(const std::string& day) {
    return rows_of(*storage::open_segment(folder_.path() / "deep" / "one" / day));
  }

  /// One life of a source: the rows that it gives, as "segment:number", up to `count_max`.
  Rows numbers(const std::string& firehose, std::size_t count_max = SIZE_MAX) {
    const SegmentPlaces where = places();
    const FireDepartmentSpec department = spec(firehose);
    const auto source = department.firehose->connect({.schema = department.schema, .segments = &where});
    position_.stream = department.firehose->stream();
    source->start(position_);
    Rows rows;
    for (bool ended = false; !ended;) {
      const Batch batch = source->poll(0);
      for (const Message& message : batch.messages) {
        if (rows.size() == count_max) return rows;
        rows.push_back(std::string(message.topic.substr(4, 10)) + "/" + std::to_string(message.partition) + ":" +
                       std::to_string(message.offset));
        position_.advance({std::string(message.topic), message.partition}, message.offset);
      }
      ended = batch.exhausted;
    }
    return rows;
  }

  static std::string problem_of(const std::string& firehose) {
    try {
      spec(firehose);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  }

  TemporaryFolder folder_;
  Position position_;
  std::uint64_t processed_ = 0;
  std::uint64_t unparseable_ = 0;
};

TEST_F(SegmentFirehoseTest, MakesTheSameRowsOfAnInterval) {
  EXPECT_EQ(read(kDay + "}"), written("2020-01-01"));
  EXPECT_EQ(processed_, 2u);
  EXPECT_EQ(unparseable_, 0u);
}

TEST_F(SegmentFirehoseTest, ReadsTheDimensionsAndMetricsThatAreAskedFor) {
  const Rows rows = read(kDay + R"(,"dimensions":[],"metrics":["s"]})");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0], HasSubstr("|~|~|5|")) << "neither a nor c was read";
}

TEST_F(SegmentFirehoseTest, AppliesItsFilter) {
  const Rows rows = read(kBothDays + R"(,"filter":{"type":"selector","dimension":"a","value":"y"}})");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0], HasSubstr("[x,y]|2|5|"));
}

TEST_F(SegmentFirehoseTest, GoesOnBehindTheRowsThatWereTaken) {
  EXPECT_THAT(numbers(kBothDays + "}", 1), ElementsAre("2020-01-01/0:0"));
  EXPECT_THAT(numbers(kBothDays + "}"), ElementsAre("2020-01-01/0:1", "2020-01-02/0:0"));
  EXPECT_THAT(numbers(kBothDays + "}"), IsEmpty());
  EXPECT_EQ(Position::parse(JsonField(position_.to_json())), position_);
}

TEST_F(SegmentFirehoseTest, TellsIntervalsOfOneSegmentApart) {
  const std::string id = numbers(kDay + "}").empty() ? "" : position_.next_offsets.begin()->first.topic;
  position_ = {};
  const std::string windows = R"({"type":"ingestSegment","dataSource":"one","segments":[{"segmentId":")" + id +
                              R"(","intervals":["2020-01-01T02/PT1H","2020-01-01T01/PT1H"]}]})";
  EXPECT_THAT(numbers(windows, 1), ElementsAre("2020-01-01/0:1"));
  EXPECT_THAT(numbers(windows), ElementsAre("2020-01-01/1:0"));
}

TEST_F(SegmentFirehoseTest, GivesNothingOfADataSourceThatIsNotThere) {
  EXPECT_THAT(read(R"({"type":"ingestSegment","dataSource":"none","interval":"2020/2021"})"), IsEmpty());
}

TEST_F(SegmentFirehoseTest, IsCombinedWithItsLikeAlone) {
  const std::string second = R"({"type":"ingestSegment","dataSource":"one","interval":"2020-01-02/2020-01-03"})";
  const std::string both = R"({"type":"combining","delegates":[)" + kDay + "}," + second + "]}";
  Rows all = written("2020-01-01");
  for (const std::string& row : written("2020-01-02")) all.push_back(row);
  EXPECT_EQ(read(both), all);
  EXPECT_THAT(problem_of(R"({"type":"combining","delegates":[)" + kDay + "}," + inline_of("") + "]}"),
              HasSubstr("ioConfig.firehose.delegates: segments and other inputs cannot be combined"));
}

TEST_F(SegmentFirehoseTest, IsWrappedAsAnyOther) {
  EXPECT_EQ(read(R"({"type":"fixedCount","count":1,"delegate":)" + kBothDays + "}}").size(), 1u);
}

TEST_F(SegmentFirehoseTest, NamesWhatIsWrong) {
  EXPECT_THAT(problem_of(R"({"type":"ingestSegment","interval":"2020/2021"})"), HasSubstr("firehose.dataSource"));
  EXPECT_THAT(problem_of(R"({"type":"ingestSegment","dataSource":"one"})"),
              HasSubstr("ioConfig.firehose: Specify exactly one of 'interval' and 'segments'"));
  EXPECT_THAT(problem_of(kDay + R"(,"filter":{"type":"selector"}})"), HasSubstr("firehose.filter"));
  const FireDepartmentSpec department = spec(kDay + "}");
  EXPECT_THROW(department.firehose->connect({.schema = department.schema}), Error) << "no store";
}

}  // namespace
}  // namespace sarsen::ingest
