#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "storage/base/json.h"
#include "tests/server/cli/program.h"
#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kGolden = source_folder() / "tests" / "golden" / "segments";

TEST(VerifyTest, FindsGoldenSegmentsWhole) {
  const ProgramResult result = run_program({"verify", kGolden});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("whole"));
  EXPECT_THAT(result.out, HasSubstr("0 damaged"));
  EXPECT_EQ(run_program({"verify", kGolden, "--quiet"}).out, "");
}

TEST(VerifyTest, SaysTheSameWithAnyNumberOfThreads) {
  const std::string one = run_program({"verify", kGolden, "--threads", "1"}).out;
  EXPECT_EQ(run_program({"verify", kGolden, "--threads", "4"}).out, one);
}

TEST(VerifyTest, NamesFilePartAndOffsetOfDamage) {
  const TemporaryFolder folder;
  for (const auto& entry : fs::directory_iterator(kGolden / "druid-0.7.0-spatial"))
    fs::copy_file(entry.path(), folder.path() / entry.path().filename());
  std::fstream chunk(folder.path() / "00000.smoosh", std::ios::binary | std::ios::in | std::ios::out);
  std::string bytes{std::istreambuf_iterator<char>(chunk), {}};
  const std::size_t at = bytes.find("brcn") != std::string::npos ? bytes.find("brcn") : bytes.find("br");
  ASSERT_NE(at, std::string::npos);
  chunk.clear();
  chunk.seekp(static_cast<std::streamoff>(at));
  chunk.put('z');
  chunk.close();
  const ProgramResult result = run_program({"verify", folder.path(), "--json"});
  EXPECT_EQ(result.status, 1);
  const Json json = Json::parse(result.out);
  EXPECT_TRUE(json.find("damaged")->boolean());
  const Json& finding = json.find("findings")->array().front();
  EXPECT_EQ(finding.find("column")->string(), "country");
  EXPECT_EQ(finding.find("part")->string(), "dictionary");
  EXPECT_EQ(finding.find("file")->string(), "00000.smoosh");
  EXPECT_LE(finding.find("offset")->integer(), static_cast<std::int64_t>(at));
  EXPECT_THAT(run_program({"verify", folder.path()}).out, HasSubstr("DAMAGED"));
}

TEST(VerifyTest, ReportsWhatCannotBeOpened) {
  const TemporaryFolder folder;
  write_text(folder / "version.bin", std::string("\0\0\0\x08", 4));
  const ProgramResult result = run_program({"verify", folder.path()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, HasSubstr("version 8"));
  EXPECT_EQ(run_program({"verify", "/no/such/segment"}).status, 1);
  EXPECT_EQ(run_program({"verify"}).status, 2);
}

void expect_whole(const Json& report) {
  for (const Json& finding : report.find("findings")->array())
    EXPECT_EQ(finding.find("severity")->string(), "note") << report.find("segment")->string() << ": " << finding.dump();
}

TEST(VerifyTest, FindsSegmentsOfAllVersionsWhole) {
  const fs::path root = shared_folder() / "data" / "druid-segments";
  if (!fs::is_directory(root)) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (!entry.is_directory() || entry.path().filename() == "v9SegmentPersistDir") continue;
    std::istringstream lines(run_program({"verify", entry.path(), "--json"}).out);
    for (std::string line; std::getline(lines, line); ++count) expect_whole(Json::parse(line));
  }
  EXPECT_GE(count, 112u);
  const ProgramResult damaged = run_program({"verify", root / "v9SegmentPersistDir" / "segmentWithDamagedFile"});
  EXPECT_EQ(damaged.status, 1) << damaged.out;
}

}  // namespace
}  // namespace sarsen::server
