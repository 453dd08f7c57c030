#include "server/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(CommandLineTest, HelpOfEachCommandHasExamplesAndExitStatus) {
  for (const char* command : {"serve", "ingest", "query", "dump", "merge", "produce", "verify", "bench"}) {
    const ProgramResult result = run_program({command, "--help"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, HasSubstr("Examples:\n  ")) << command;
    EXPECT_THAT(result.out, HasSubstr("Exit status: 0 done, 1 failed, 2 wrong usage")) << command;
  }
}

TEST(CommandLineTest, HelpListsTheCommandsAndTheSettings) {
  EXPECT_THAT(run_program({"--help"}).out, HasSubstr("serve"));
  EXPECT_THAT(run_program({"serve", "--help"}).out, HasSubstr("druid.plaintextPort"));
}

TEST(CommandLineTest, ShowsTheVersion) { EXPECT_THAT(run_program({"--version"}).out, StartsWith("sarsen ")); }

TEST(CommandLineTest, WrongUsageEndsWithTwoAndAWordWhy) {
  EXPECT_EQ(run_program({}).status, 2);
  const ProgramResult command = run_program({"serv"});
  EXPECT_EQ(command.status, 2);
  EXPECT_THAT(command.err, HasSubstr("did you mean \"serve\"?"));
  const ProgramResult option = run_program({"serve", "--prot", "1"});
  EXPECT_EQ(option.status, 2);
  EXPECT_THAT(option.err, HasSubstr("did you mean \"--port\"?"));
  EXPECT_EQ(run_program({"dump"}).status, 2);
  EXPECT_EQ(run_program({"ingest", "task.json"}).status, 2);
  EXPECT_EQ(run_program({"ingest", "task.json", "--data", "a", "--out", "b"}).status, 2);
  EXPECT_EQ(run_program({"serve", "--set", "noequals"}).status, 2);
  EXPECT_EQ(run_program({"serve", "--embedded-kafka", "70000"}).status, 2);
}

TEST(CommandLineTest, CommandsOfLaterVersionsSaySo) {
  for (const char* command : {"sql"}) {
    const ProgramResult result = run_program({command});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("not part of this")) << command;
  }
}

TEST(CommandLineTest, FailuresEndWithOneAndLeaveStandardOutputEmpty) {
  const ProgramResult result = run_program({"dump", "/no/such/segment"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("sarsen: "));
  EXPECT_THAT(result.err, HasSubstr("/no/such/segment"));
}

TEST(CommandLineTest, UnknownSettingsAreNamedWithWhatIsNear) {
  const TemporaryFolder folder;
  const ProgramResult result =
      run_program({"serve", "--data", folder / "data", "--set", "druid.processing.numThread=2"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("druid.processing.numThreads"));
}

TEST(CommandLineTest, QuerySaysThatNoServerAnswers) {
  const ProgramResult result = run_program({"query", "-", "--url", "http://127.0.0.1:1"}, "{}");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace sarsen::server
