#include "storage/base/file_writer.h"

#include <gtest/gtest.h>

#include "tests/storage/base/files_test_fixture.h"

namespace sarsen {
namespace {

using FileWriterTest = FilesTest;

TEST_F(FileWriterTest, WritesWhatItIsGivenInOrder) {
  FileWriter writer(file("a"));
  writer.write("one ");
  writer.write("two");
  writer.finish();
  EXPECT_EQ(writer.size(), 7u);
  EXPECT_EQ(read("a"), "one two");
}

TEST_F(FileWriterTest, RefusesAFileThatExists) {
  FileWriter(file("a")).finish();
  EXPECT_THROW(FileWriter(file("a")), Error);
}

TEST_F(FileWriterTest, NamesThePathItCannotCreate) {
  try {
    FileWriter writer(file("none/a"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("none/a"), std::string::npos);
  }
}

}  // namespace
}  // namespace sarsen
