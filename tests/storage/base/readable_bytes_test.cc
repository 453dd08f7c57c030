#include "storage/base/readable_bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace sarsen {
namespace {

TEST(ReadableBytes, AreReadAsDruidReadsThem) {
  EXPECT_EQ(parse_readable_bytes("0"), 0u);
  EXPECT_EQ(parse_readable_bytes(" 25 "), 25u);
  EXPECT_EQ(parse_readable_bytes("1K"), 1000u);
  EXPECT_EQ(parse_readable_bytes("1ki"), 1024u);
  EXPECT_EQ(parse_readable_bytes("64MiB"), std::uint64_t{64} << 20);
  EXPECT_EQ(parse_readable_bytes("3g"), 3000000000u);
  EXPECT_EQ(parse_readable_bytes("1PiB"), std::uint64_t{1} << 50);
}

TEST(ReadableBytes, AreNothingElse) {
  for (const std::string text : {"", "-1", "1KB", "1B", "B", "Ki", "KiB", "i", "1.5G", "1iB", "1 x",
                                 "9223372036854775807K", "10000P", "9223372036854775808"})
    EXPECT_EQ(parse_readable_bytes(text), std::nullopt) << text;
}

}  // namespace
}  // namespace sarsen
