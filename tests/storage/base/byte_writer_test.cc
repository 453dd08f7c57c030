#include "storage/base/byte_writer.h"

#include <gtest/gtest.h>

#include "tests/storage/hex.h"

namespace sarsen {
namespace {

TEST(ByteWriterTest, WritesTheHighByteFirst) {
  ByteWriter out;
  out.write_be<std::uint8_t>(1);
  out.write_be<std::uint16_t>(0x0203);
  out.write_be<std::uint32_t>(0x04050607);
  out.write_be<std::int64_t>(-2);
  EXPECT_EQ(hex(out), compact("01 0203 04050607 FFFFFFFFFFFFFFFE"));
}

TEST(ByteWriterTest, WritesTheLowByteFirst) {
  ByteWriter out;
  out.write_le<std::uint32_t>(0x04050607);
  out.write_le(-2.25);
  out.write_le(0.5f);
  EXPECT_EQ(hex(out), compact("07060504 00000000000002C0 0000003F"));
}

TEST(ByteWriterTest, PatchesAndTruncates) {
  ByteWriter out;
  out.write("abcdef");
  out.patch_be<std::uint16_t>(1, 0x4243);
  out.truncate(4);
  EXPECT_EQ(hex(out), "61424364");
  EXPECT_EQ(out.size(), 4u);
}

}  // namespace
}  // namespace sarsen
