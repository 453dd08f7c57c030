#include "storage/base/walk_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "tests/storage/base/files_test_fixture.h"

namespace sarsen {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class WalkFolderTest : public FilesTest {
 protected:
  WalkFolderTest() {
    for (const char* folder : {"a/b", "c/d", "e"}) fs::create_directories(root_ / folder);
    for (const char* file : {"a/b/1", "a/2", "c/d/3", "e/4"}) std::ofstream(root_ / file) << "x";
  }

  /// The names of all that is met.
  template <class Visit>
  std::set<std::string> walk(Visit visit) {
    std::set<std::string> names;
    walk_folder(root_, fs::directory_options::none, [&](const fs::directory_entry& entry) {
      names.insert(entry.path().lexically_relative(root_).string());
      return visit(entry);
    });
    return names;
  }

  const fs::path root_ = file("root");
};

TEST_F(WalkFolderTest, MeetsAllThatIsBelow) {
  fs::create_directory_symlink(root_ / "c", root_ / "e/link");
  EXPECT_THAT(walk([](const auto&) { return true; }),
              ElementsAre("a", "a/2", "a/b", "a/b/1", "c", "c/d", "c/d/3", "e", "e/4", "e/link"));
}

TEST_F(WalkFolderTest, LeavesOutWhatIsNotToBeGoneInto) {
  EXPECT_THAT(walk([](const auto& entry) { return entry.path().filename() != "a"; }),
              ElementsAre("a", "c", "c/d", "c/d/3", "e", "e/4"));
}

TEST_F(WalkFolderTest, WhatVanishesMeanwhileIsNotThere) {
  EXPECT_THAT(walk([](const auto& entry) {
                if (entry.path().filename() == "c") fs::remove_all(entry.path());
                return true;
              }),
              ElementsAre("a", "a/2", "a/b", "a/b/1", "c", "e", "e/4"));
}

TEST_F(WalkFolderTest, SaysWhichFolderCannotBeRead) {
  EXPECT_THROW(walk_folder(root_ / "e/4", fs::directory_options::none, [](const auto&) { return true; }),
               fs::filesystem_error);
}

}  // namespace
}  // namespace sarsen
