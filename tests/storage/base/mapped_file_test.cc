#include "storage/base/mapped_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "storage/base/error.h"
#include "tests/storage/base/files_test_fixture.h"

namespace sarsen {
namespace {

class MappedFileTest : public FilesTest {};

TEST_F(MappedFileTest, ShowsTheBytes) {
  write("a", "hello");
  EXPECT_EQ(MappedFile(file("a")).text(), "hello");
}

TEST_F(MappedFileTest, MapsAnEmptyFile) {
  write("empty", "");
  EXPECT_EQ(MappedFile(file("empty")).size(), 0u);
}

TEST_F(MappedFileTest, MovesItsMapping) {
  write("a", "hello");
  MappedFile first(file("a"));
  MappedFile second(std::move(first));
  EXPECT_EQ(second.text(), "hello");
  MappedFile third;
  third = std::move(second);
  EXPECT_EQ(third.text(), "hello");
}

TEST_F(MappedFileTest, NamesAFileThatIsNotThere) {
  try {
    MappedFile missing(file("missing"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kNotFound);
    EXPECT_THAT(error.what(), testing::HasSubstr(file("missing").string()));
  }
}

TEST_F(MappedFileTest, RefusesAFolder) {
  try {
    MappedFile folder{folder_};
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kRuntimeFailure);
  }
}

}  // namespace
}  // namespace sarsen
