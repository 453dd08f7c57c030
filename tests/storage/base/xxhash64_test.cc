#include "storage/base/xxhash64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace sarsen {
namespace {

TEST(XxHash64, IsTheOneThatIsPublished) {
  const auto hash = [](std::string_view text, std::uint64_t seed) {
    return xxhash64(std::as_bytes(std::span(text)), seed);
  };
  EXPECT_EQ(hash("", 0), 0xEF46DB3751D8E999);
  EXPECT_EQ(hash("a", 0), 0xD24EC4F1A98C6E5B);
  EXPECT_EQ(hash("abc", 0), 0x44BC2CF5AD770999);
  EXPECT_EQ(hash("Nobody inspects the spammish repetition", 0), 0xFBCEA83C8A378BF1);
}

}  // namespace
}  // namespace sarsen
