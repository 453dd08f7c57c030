#include "storage/segment/smoosh_writer.h"

#include <gtest/gtest.h>

#include "tests/storage/base/files_test_fixture.h"

namespace sarsen::storage {
namespace {

class SmooshWriterTest : public FilesTest {
 protected:
  static void add(SmooshWriter& smoosh, std::string_view name, std::string_view text) {
    smoosh.add(name, std::as_bytes(std::span(text)));
  }
};

TEST_F(SmooshWriterTest, PutsFilesEndToEndAndSortsTheirNames) {
  SmooshWriter smoosh(folder_);
  add(smoosh, "__time", "12345");
  add(smoosh, "b", "");
  add(smoosh, "a", "xyz");
  smoosh.finish();
  EXPECT_EQ(read("00000.smoosh"), "12345xyz");
  EXPECT_EQ(read("meta.smoosh"), "v1,2147483647,1\n__time,0,0,5\na,0,5,8\nb,0,5,5\n");
  EXPECT_EQ(smoosh.size_bytes(), read("00000.smoosh").size() + read("meta.smoosh").size());
}

TEST_F(SmooshWriterTest, SortsNamesByTheirUtf16) {
  SmooshWriter smoosh(folder_);
  add(smoosh, "\uFF01", "1");
  add(smoosh, "\U0001F600", "2");
  smoosh.finish();
  EXPECT_EQ(read("meta.smoosh"), "v1,2147483647,1\n\U0001F600,0,1,2\n\uFF01,0,0,1\n");
}

TEST_F(SmooshWriterTest, BeginsAChunkWhereAFileDoesNotFit) {
  SmooshWriter smoosh(folder_, 10);
  add(smoosh, "a", "123456");
  add(smoosh, "b", "1234");
  add(smoosh, "c", "1");
  add(smoosh, "d", "1234567890");
  smoosh.finish();
  EXPECT_EQ(read("meta.smoosh"), "v1,10,3\na,0,0,6\nb,0,6,10\nc,1,0,1\nd,2,0,10\n");
  EXPECT_EQ(read("00000.smoosh"), "1234561234");
  EXPECT_EQ(read("00001.smoosh"), "1");
  EXPECT_EQ(read("00002.smoosh"), "1234567890");
}

TEST_F(SmooshWriterTest, RefusesWhatTheIndexCannotSay) {
  SmooshWriter smoosh(folder_, 10);
  add(smoosh, "a", "1");
  EXPECT_THROW(add(smoosh, "a", "2"), Error);
  EXPECT_THROW(add(smoosh, "a,b", ""), Error);
  EXPECT_THROW(add(smoosh, "a\nb", ""), Error);
  EXPECT_THROW(add(smoosh, "a\rb", ""), Error);
  try {
    add(smoosh, "large", "12345678901");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
    EXPECT_STREQ(error.what(),
                 "Larger than a chunk file may be, 11 bytes of at most 10; compress it, or write fewer rows into a "
                 "segment: large");
  }
  add(smoosh, "b c\"/\u00E9", "3");
  smoosh.finish();
  EXPECT_EQ(read("meta.smoosh"), "v1,10,1\na,0,0,1\nb c\"/\u00E9,0,1,2\n");
}

}  // namespace
}  // namespace sarsen::storage
