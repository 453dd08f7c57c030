// Firehoses as a fire department reads them: rows of each, wrappers around any, and starts in the middle.

#include "ingest/firehose/firehose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>

#include "ingest/realtime/realtime_spec.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

std::string spec_of(const std::string& firehose, const std::string& parse_spec) {
  return R"({"dataSchema":{"dataSource":"x","parser":{"type":"string","parseSpec":{)" + parse_spec +
         R"(,"timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]}}},"metricsSpec":[]},
         "ioConfig":{"type":"realtime","firehose":)" +
         firehose + "}}";
}

FireDepartmentSpec parse(const std::string& firehose, const std::string& parse_spec = R"("format":"json")") {
  return parse_realtime_spec(Json::parse(spec_of(firehose, parse_spec)))[0];
}

std::string problem_of(const std::string& firehose) {
  try {
    parse(firehose);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

std::string inline_of(const std::string& lines) {
  return Json(Json::Object{{"type", "inline"}, {"data", lines}}).dump();
}

/// One life of a source, which ends at its end or after some messages.
class Reading {
 public:
  explicit Reading(FireDepartmentSpec spec) : spec_(std::move(spec)) {
    position_.stream = spec_.firehose->stream();
    open();
  }

  void open() {
    source_ = spec_.firehose->connect({.schema = spec_.schema, .clock = [this] { return now_ms.load(); }});
    source_->start(position_);
  }

  /// Messages up to the end, or until there are `count_max`; those that are replayed in brackets.
  Texts read(std::size_t count_max = SIZE_MAX) {
    Texts texts;
    for (int polls = 0; polls < 100 && texts.size() < count_max; ++polls) {
      const Batch batch = source_->poll(0);
      for (const Message& message : batch.messages) {
        if (texts.size() == count_max) break;
        const std::string text(*message.bytes);
        texts.push_back(message.replayed ? "[" + text + "]" : text);
        if (message.replayed) continue;
        position_.advance({std::string(message.topic), message.partition}, message.offset);
      }
      exhausted = batch.exhausted;
      if (exhausted) break;
    }
    return texts;
  }

  Source& source() { return *source_; }
  const Position& position() const { return position_; }

  std::atomic<std::int64_t> now_ms = 0;
  bool exhausted = false;

 private:
  const FireDepartmentSpec spec_;
  Position position_;
  std::unique_ptr<Source> source_;
};

TEST(FirehoseTest, ReadsFilesToTheirEndAndGoesOnWhereItWas) {
  set_log_level(LogLevel::kWarn);
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.csv") << "t,a\n1,x\n2,y\n";
  std::ofstream(folder.path() / "b.csv") << "t,a\n3,z\n";
  std::ofstream(folder.path() / "c.txt") << "not this one\n";
  const std::string firehose = R"({"type":"local","baseDir":")" + folder.path().string() + R"(","filter":"*.csv"})";
  Reading reading(parse(firehose, R"("format":"csv","hasHeaderRow":true,"columns":null)"));
  EXPECT_THAT(reading.read(2), ElementsAre("t,a", "1,x"));
  reading.open();
  EXPECT_THAT(reading.read(), ElementsAre("[t,a]", "2,y", "t,a", "3,z")) << "the header is read again";
  EXPECT_TRUE(reading.exhausted);
  reading.open();
  EXPECT_THAT(reading.read(), ElementsAre("[t,a]", "[t,a]"));
  EXPECT_TRUE(reading.exhausted);
}

TEST(FirehoseTest, CombinesOneAfterTheOther) {
  const std::string firehose = R"({"type":"combining","delegates":[)" + inline_of("1\n2\n") + "," + inline_of("") +
                               "," + inline_of("3\n4") + "]}";
  Reading reading(parse(firehose));
  EXPECT_THAT(reading.read(3), ElementsAre("1", "2", "3"));
  EXPECT_EQ(reading.position().next_offsets.size(), 2u);
  EXPECT_EQ(Position::parse(JsonField(reading.position().to_json())), reading.position());
  reading.open();
  EXPECT_THAT(reading.read(), ElementsAre("4"));
  EXPECT_TRUE(reading.exhausted);
}

TEST(FirehoseTest, ShutsOffAtItsTime) {
  const std::string delegate = inline_of("1\n2\n3\n");
  Reading reading(parse(R"({"type":"timed","shutoffTime":"1970-01-01T00:00:05Z","delegate":)" + delegate + "}"));
  reading.now_ms = 5000;
  EXPECT_THAT(reading.read(), IsEmpty());
  EXPECT_TRUE(reading.exhausted);
}

TEST(FirehoseTest, WrapsAnyOtherWithLimits) {
  FireDepartmentSpec spec = parse(R"({"type":"clipped","interval":"1970-01-01/1970-01-02","delegate":
      {"type":"fixedCount","count":2,"delegate":)" +
                                  inline_of("1\n2\n3\n") + "}}");
  const auto source = spec.firehose->connect({.schema = spec.schema});
  source->start({});
  Batch batch = source->poll(0);
  EXPECT_EQ(batch.messages.size(), 3u);
  ASSERT_EQ(batch.limits.size(), 2u);
  ASSERT_NE(batch.limits[0].rows_left, nullptr);
  EXPECT_EQ(*batch.limits[0].rows_left, 2);
  EXPECT_EQ(batch.limits[1].interval, (Interval{0, 86'400'000}));
  *batch.limits[0].rows_left = 0;
  batch = source->poll(0);
  EXPECT_TRUE(batch.exhausted);
  EXPECT_TRUE(batch.messages.empty());
}

TEST(FirehoseTest, GoesOnOnlyWhereItIsTheSame) {
  EXPECT_NE(parse(inline_of("1")).firehose->stream(), parse(inline_of("2")).firehose->stream());
  EXPECT_EQ(parse(inline_of("1")).firehose->stream(), parse(inline_of("1")).firehose->stream());
}

TEST(FirehoseTest, NamesWhatIsWrong) {
  const std::string timed = R"({"type":"timed","shutoffTime":"soon","delegate":)" + inline_of("") + "}";
  EXPECT_THAT(problem_of(timed), HasSubstr("ioConfig.firehose.shutoffTime: "));
  EXPECT_THAT(problem_of(R"({"type":"clipped","interval":"2020/2021"})"), HasSubstr("ioConfig.firehose.delegate: "));
  EXPECT_THAT(problem_of(R"({"type":"combining","delegates":[]})"), HasSubstr("ioConfig.firehose.delegates: "));
  EXPECT_THAT(problem_of(R"({"type":"combining","delegates":[{"type":"recever"}]})"),
              HasSubstr("delegates[0].type: unknown firehose: recever (did you mean \"receiver\"?)"));
  EXPECT_THAT(problem_of(R"({"type":"receiver"})"), HasSubstr("ioConfig.firehose.serviceName"));
  EXPECT_THAT(problem_of(R"({"type":"local","baseDir":"/nowhere","filter":"*"})"), HasSubstr("firehose.baseDir"));
  EXPECT_THAT(problem_of(R"({"type":"irc"})"), HasSubstr("not part of this version"));
}

TEST(FirehoseTest, WantsObjectsForAReceiver) {
  try {
    parse(R"({"type":"receiver","serviceName":"s"})", R"("format":"csv","columns":["t"])");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("dataSchema.parser.parseSpec.format: events are pushed as JSON"));
  }
}

}  // namespace
}  // namespace sarsen::ingest
