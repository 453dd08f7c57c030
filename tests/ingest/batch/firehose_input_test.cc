#include "ingest/batch/firehose_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/batch/index_task.h"
#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

std::string task_text(const std::string& data_source, const std::string& metrics, const std::string& firehose) {
  return R"({"type":"index","spec":{"dataSchema":{"dataSource":")" + data_source +
         R"(","parser":{"type":"string","parseSpec":{"format":"json","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":[]}}},"metricsSpec":)" +
         metrics + R"(},"ioConfig":{"type":"index","firehose":)" + firehose + "}}}";
}

std::string problem_of(const std::string& firehose) {
  try {
    IndexTask::parse(Json::parse(task_text("x", "[]", firehose)), ".");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(FirehoseInputTest, ReadsLinesAndThenTheSegmentsMadeOfThem) {
  const TemporaryFolder folder;
  const auto run = [&](const std::string& text) {
    run_index_task(IndexTask::parse(Json::parse(text), "."), {OutputLayout::Kind::kPlain, folder.path()});
  };
  run(task_text("one", R"([{"type":"count","name":"c"}])",
                R"({"type":"combining","delegates":[
      {"type":"inline","data":"{\"t\":\"2020-01-01\",\"a\":\"x\"}"},
      {"type":"inline","data":"{\"t\":\"2020-01-01\",\"a\":\"x\"}"}]})"));
  run(task_text("two", R"([{"type":"longSum","name":"c","fieldName":"c"}])",
                R"({"type":"ingestSegment","dataSource":"one","interval":"2020/2021"})"));
  const auto segment = storage::open_segment(folder.path() / "two/2020-01-01");
  EXPECT_EQ(segment->dimensions(), std::vector<std::string>{"a"});
  EXPECT_EQ(rows_of(*segment), std::vector<std::string>{"1577836800000|x|2"});
}

TEST(FirehoseInputTest, NamesTheFieldAtFault) {
  EXPECT_THAT(problem_of(R"({"type":"locall"})"), HasSubstr("did you mean \"local\""));
  EXPECT_THAT(problem_of(R"({"type":"receiver","serviceName":"s"})"),
              HasSubstr("spec.ioConfig.firehose.type: this firehose is not supported in batch tasks"));
  EXPECT_THAT(problem_of(R"({"type":"local","filter":"*"})"), HasSubstr("spec.ioConfig.firehose: "));
  EXPECT_THAT(problem_of(R"({"type":"combining","delegates":[{"type":"inline","data":""},
      {"type":"ingestSegment","dataSource":"a","interval":"2020/2021"}]})"),
              HasSubstr("cannot be combined"));
}

}  // namespace
}  // namespace sarsen::ingest
