// Temporary files: what they take, what they refuse.
#include "engine/group/spill_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

std::shared_ptr<SpillSpace> space_of(std::uint64_t bytes) { return std::make_shared<SpillSpace>(SpillSpace{bytes, 0}); }

/// What appending so many bytes is refused with.
Error refusal(SpillFile& file, std::size_t bytes) {
  try {
    file.append(std::vector<std::byte>(bytes));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "not refused";
  return {ErrorCategory::kRuntimeFailure, ""};
}

TEST(SpillFile, GivesBackWhatItWasGiven) {
  const auto space = space_of(1000);
  {
    SpillFile file(::testing::TempDir(), space);
    file.append(std::vector(400, std::byte{1}));
    file.append(std::vector(400, std::byte{2}));
    EXPECT_EQ(space->bytes, 800u);
    std::vector<std::byte> read(2);
    file.read(399, read);
    EXPECT_EQ(read, (std::vector{std::byte{1}, std::byte{2}}));
    EXPECT_THROW(file.read(799, read), Error);
    EXPECT_EQ(refusal(file, 201).category(), ErrorCategory::kResourceLimit);
  }
  EXPECT_EQ(space->bytes, 0u);
}

/// The process's own limit stands in for a full disk: both are met while writing.
TEST(SpillFile, IsRefusedWhereTheDiskTakesNoMore) {
  SpillFile file(::testing::TempDir(), space_of(UINT64_MAX));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit low = before;
  low.rlim_cur = 1 << 20;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  const Error error = refusal(file, 2 << 20);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(error.category(), ErrorCategory::kResourceLimit);
  EXPECT_NE(std::string(error.what()).find("File too large"), std::string::npos) << error.what();
}

TEST(SpillFile, SaysWhereNoFileCanBeMade) {
  try {
    const SpillFile file("/proc/nowhere", space_of(1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kRuntimeFailure);
    EXPECT_NE(std::string(error.what()).find("/proc/nowhere"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace sarsen::engine
