#include "storage/segment/smoosh.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/storage/segment/memory_files.h"

namespace sarsen::storage {
namespace {

Smoosh smoosh_of(const std::string& meta) {
  return Smoosh(stored_files({{"meta.smoosh", meta}, {"00000.smoosh", "abcdef"}, {"00001.smoosh", "xyz"}}));
}

std::string text_of(const Smoosh& smoosh, std::string_view name) {
  const auto bytes = smoosh.find(name);
  if (!bytes) return "none";
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

TEST(Smoosh, FindsLogicalFilesInTheirChunks) {
  const Smoosh smoosh = smoosh_of("v1,2147483647,2\nfirst,0,0,3\nempty,0,6,6\nother one/x,1,1,3\n");
  EXPECT_EQ(text_of(smoosh, "first"), "abc");
  EXPECT_EQ(text_of(smoosh, "empty"), "");
  EXPECT_EQ(text_of(smoosh, "other one/x"), "yz");
  EXPECT_EQ(text_of(smoosh, "missing"), "none");
}

TEST(Smoosh, LetsTheLastOfTwoLinesWin) { EXPECT_EQ(text_of(smoosh_of("v1,9,1\na,0,0,1\na,0,1,2\n"), "a"), "b"); }

TEST(Smoosh, RefusesLinesThatLie) {
  for (const std::string meta :
       {"", "v2,9,1\n", "v1,9\n", "v1,9,3\n", "v1,9,-1\n", "v1,9,1\na,0,0\n", "v1,9,1\na,0,0,1,2\n",
        "v1,9,1\na,1,0,1\n", "v1,9,1\na,0,0,7\n", "v1,9,1\na,0,3,2\n", "v1,9,1\na,0,-1,2\n", "v1,9,1\na,0,x,2\n",
        "v1,9,1\na,0,0,2147483648\n", "v1,9,1\n\na,0,0,1\n"}) {
    EXPECT_THROW(smoosh_of(meta), Error) << meta;
  }
  EXPECT_THROW(Smoosh(StoredFiles{}), Error);
}

}  // namespace
}  // namespace sarsen::storage
