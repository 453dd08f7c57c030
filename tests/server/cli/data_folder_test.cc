#include "server/cli/data_folder.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/server/cli/program.h"

namespace sarsen::server {
namespace {

TEST(DataFolderTest, MakesItsFolders) {
  const TemporaryFolder folder;
  const DataFolder data(folder.path() / "a" / "b");
  EXPECT_TRUE(std::filesystem::is_directory(data.segments()));
  EXPECT_TRUE(std::filesystem::is_directory(data.persist()));
}

TEST(DataFolderTest, BelongsToOneProcessAtATime) {
  const TemporaryFolder folder;
  {
    const DataFolder data(folder.path());
    EXPECT_THROW(DataFolder second(folder.path()), Error);
  }
  EXPECT_NO_THROW(DataFolder again(folder.path()));
}

}  // namespace
}  // namespace sarsen::server
