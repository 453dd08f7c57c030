#include "storage/base/byte_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sarsen {
namespace {

constexpr std::array<std::byte, 9> kBytes = {std::byte{0x01}, std::byte{0x02}, std::byte{0x03},
                                             std::byte{0x04}, std::byte{0xC0}, std::byte{0x49},
                                             std::byte{0x0F}, std::byte{0xDB}, std::byte{0xFF}};

TEST(ByteReader, ReadsBothByteOrders) {
  ByteReader reader(kBytes);
  EXPECT_EQ(reader.read_be<std::uint32_t>(), 0x01020304u);
  EXPECT_FLOAT_EQ(reader.read_be<float>(), -3.14159274f);
  EXPECT_EQ(reader.read_byte(), 0xFF);
  EXPECT_TRUE(reader.at_end());
  reader.seek(0);
  EXPECT_EQ(reader.read_le<std::uint16_t>(), 0x0201u);
  EXPECT_EQ(reader.position(), 2u);
  EXPECT_EQ(reader.read_le<std::int8_t>(), 3);
  EXPECT_EQ(reader.remaining(), 6u);
}

TEST(ByteReader, ReadsUnalignedEightBytes) {
  ByteReader reader(kBytes);
  reader.skip(1);
  EXPECT_EQ(reader.read_be<std::uint64_t>(), 0x020304C0490FDBFFu);
}

TEST(ByteReader, GivesPartsAsViews) {
  ByteReader reader(kBytes, "outer");
  ByteReader inner = reader.reader(2, "inner");
  EXPECT_EQ(inner.remaining(), 2u);
  EXPECT_EQ(reader.position(), 2u);
  EXPECT_EQ(reader.text(2), "\x03\x04");
  EXPECT_EQ(reader.rest().size(), 5u);
}

TEST(ByteReader, RefusesToReadPastTheEndAndNamesThePart) {
  ByteReader reader(kBytes, "offset table");
  reader.skip(8);
  try {
    reader.read_be<std::uint16_t>();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kRuntimeFailure);
    EXPECT_STREQ(error.what(), "truncated: offset table");
  }
  EXPECT_EQ(reader.position(), 8u);
  EXPECT_THROW(reader.bytes(2), Error);
  EXPECT_THROW(reader.skip(SIZE_MAX), Error);
  EXPECT_THROW(reader.seek(10), Error);
  EXPECT_NO_THROW(reader.seek(9));
  EXPECT_THROW(reader.check(false, "bad count"), Error);
}

TEST(ByteReader, IsEmptyByDefault) {
  ByteReader reader;
  EXPECT_TRUE(reader.at_end());
  EXPECT_THROW(reader.read_byte(), Error);
}

}  // namespace
}  // namespace sarsen
