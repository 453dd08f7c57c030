#include "server/cli/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/server/cli/program.h"
#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class MergeTest : public testing::Test {
 protected:
  static std::string day(const std::string& name) {
    return (source_folder() / "tests/golden/druid-33.0.0/segments/events_rollup" / name).string();
  }

  ProgramResult merge(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.begin(), {"merge", "--out", out()});
    return run_program(arguments, input);
  }

  std::string out() const { return folder_ / "out"; }

  TemporaryFolder folder_;
};

TEST_F(MergeTest, WritesOneSegmentAndSaysWhatItDid) {
  const ProgramResult result = merge({day("2024-02-28"), day("2024-02-29")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(StartsWith("2 segments: "), HasSubstr(" rows in, "),
                                HasSubstr(" rows out with rollup, "), HasSubstr(" rows/s\n")));
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(run_program({"dump", out(), "--metadata"}).out, HasSubstr("\"rollup\""));
}

TEST_F(MergeTest, ReplacesOnlySegmentsAndOnlyWhenForced) {
  ASSERT_EQ(merge({day("2024-02-28")}).status, 0);
  const ProgramResult refused = merge({day("2024-02-29")});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("give --force"));
  EXPECT_EQ(merge({out(), day("2024-02-29"), "--force"}).status, 0);
  EXPECT_THAT(merge({out(), "--force"}).out, StartsWith("1 segment: "));
  std::size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    entries += entry.path().filename() == "out" ? 1 : 100;
  EXPECT_EQ(entries, 1u);
  std::filesystem::remove_all(out());
  std::filesystem::create_directory(out());
  write_text(std::filesystem::path(out()) / "precious", "no segment");
  EXPECT_THAT(merge({day("2024-02-28"), "--force"}).err, HasSubstr("is no segment"));
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(out()) / "precious"));
}

TEST_F(MergeTest, TakesIntervalGranularityMetricsAndIndexSpec) {
  const std::string metrics = R"([{"type":"count","name":"count"}])";
  const ProgramResult missing = merge({day("2024-02-28"), "--rollup", "--metrics", "-"}, metrics);
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("name it among the metrics"));
  EXPECT_EQ(merge({day("2024-02-28"), "--index-spec", "scan"}).status, 0);
  EXPECT_THAT(merge({day("2024-02-28"), "--force", "--index-spec", "scam"}).err, HasSubstr("--index-spec: preset"));
  const ProgramResult result = merge({day("2024-02-28"), "--force", "--interval", "2024-02-28T10/2024-02-28T12",
                                      "--query-granularity", "day", "--index-spec", R"({"metricCompression":"none"})"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(run_program({"dump", out(), "--metadata"}).out, HasSubstr("\"DAY\""));
  EXPECT_THAT(run_program({"dump", out(), "--rows", "--columns", "__time", "--limit", "1"}).out,
              HasSubstr("1709114400000"));  // not before the interval
}

TEST_F(MergeTest, NamesTheOptionThatIsWrong) {
  EXPECT_THAT(merge({day("2024-02-28"), "--interval", "now"}).err, HasSubstr("--interval: "));
  EXPECT_THAT(merge({day("2024-02-28"), "--query-granularity", "fortnite"}).err, HasSubstr("--query-granularity: "));
  EXPECT_THAT(merge({day("2024-02-28"), "--index-spec", "{"}).err, HasSubstr("--index-spec: "));
  EXPECT_EQ(merge({day("2024-02-28"), "--rollup", "--no-rollup"}).status, 2);
  EXPECT_EQ(merge({}).status, 2);
  EXPECT_THAT(merge({"/no/such/segment"}).err, HasSubstr("/no/such/segment"));
}

}  // namespace
}  // namespace sarsen::server
