#include "storage/base/atomic_file.h"

#include <gtest/gtest.h>

#include <utility>

#include "storage/base/error.h"
#include "tests/storage/base/files_test_fixture.h"

namespace sarsen {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public FilesTest {};

TEST_F(AtomicFileTest, WritesAndReplaces) {
  write_file_atomically(file("a"), "one");
  EXPECT_EQ(read("a"), "one");
  write_file_atomically(file("a"), "two two");
  EXPECT_EQ(read("a"), "two two");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(AtomicFileTest, LeavesNothingBehindWhenItFails) {
  fs::create_directory(file("taken"));
  write("taken/x", "x");
  EXPECT_THROW(write_file_atomically(file("taken"), "text"), Error);
  EXPECT_EQ(entries(), 1u);
  EXPECT_THROW(write_file_atomically(file("no/such/folder/a"), "text"), Error);
}

TEST_F(AtomicFileTest, ShowsAFolderOnlyWhenItIsCommitted) {
  const fs::path target = file("deep/er/segment");
  TemporaryDirectory directory(target);
  std::ofstream(directory.path() / "00000.smoosh") << "bytes";
  fs::create_directory(directory.path() / "inner");
  EXPECT_FALSE(fs::exists(target));
  directory.commit();
  EXPECT_EQ(read("deep/er/segment/00000.smoosh"), "bytes");
  EXPECT_TRUE(fs::is_directory(target / "inner"));
}

TEST_F(AtomicFileTest, CommitsAFolderThatNobodyNeedsAfterACrash) {
  const fs::path target = file("segment");
  {
    TemporaryDirectory directory(target);
    std::ofstream(directory.path() / "00000.smoosh") << "bytes";
    directory.commit_unsynced();
  }
  EXPECT_EQ(read("segment/00000.smoosh"), "bytes");
  EXPECT_EQ(entries(), 1u);
  TemporaryDirectory again(target);
  EXPECT_THROW(again.commit_unsynced(), Error);
}

TEST_F(AtomicFileTest, RemovesAFolderThatWasNotCommitted) {
  {
    TemporaryDirectory directory(file("segment"));
    TemporaryDirectory moved(std::move(directory));
    std::ofstream(moved.path() / "half") << "bytes";
    EXPECT_TRUE(moved.path().filename().string().starts_with(kTemporaryPrefix));
  }
  EXPECT_EQ(entries(), 0u);
}

TEST_F(AtomicFileTest, RefusesATargetThatHoldsSomething) {
  fs::create_directory(file("segment"));
  write("segment/old", "old");
  {
    TemporaryDirectory directory(file("segment"));
    EXPECT_THROW(directory.commit(), Error);
  }
  EXPECT_EQ(read("segment/old"), "old");
  EXPECT_EQ(entries(), 1u);
}

}  // namespace
}  // namespace sarsen
