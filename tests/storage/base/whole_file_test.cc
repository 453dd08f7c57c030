#include "storage/base/whole_file.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/storage/base/files_test_fixture.h"

namespace sarsen {
namespace {

class WholeFile : public FilesTest {};

TEST_F(WholeFile, ReadsEveryByte) {
  const std::string text = std::string(100'000, 'x') + '\0' + "end";
  write("a", text);
  write("empty", "");
  EXPECT_EQ(read_whole_file(file("a")), text);
  EXPECT_EQ(read_whole_file(file("empty")), "");
}

TEST_F(WholeFile, NamesWhatCannotBeRead) {
  try {
    read_whole_file(file("missing"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kNotFound);
    EXPECT_NE(std::string(error.what()).find("missing"), std::string::npos);
  }
  EXPECT_THROW(read_whole_file(folder_), Error);
}

}  // namespace
}  // namespace sarsen
