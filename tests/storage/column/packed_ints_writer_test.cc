#include "storage/column/packed_ints_writer.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Values = std::vector<std::uint32_t>;

TEST(PackedIntsWriterTest, TakesAsManyBytesAsTheLargestValueNeeds) {
  EXPECT_EQ(packed_width(0), 1u);
  EXPECT_EQ(packed_width(0xFF), 1u);
  EXPECT_EQ(packed_width(0x100), 2u);
  EXPECT_EQ(packed_width(0xFFFF), 2u);
  EXPECT_EQ(packed_width(0x10000), 3u);
  EXPECT_EQ(packed_width(0xFFFFFF), 3u);
  EXPECT_EQ(packed_width(0x1000000), 4u);
}

TEST(PackedIntsWriterTest, WritesUncompressedValuesHighByteFirst) {
  ByteWriter out;
  write_vsize_ints({.values = Values{2, 0, 1}, .value_max = 3}, out);
  EXPECT_EQ(hex(out), compact("00 01 00000006 | 02 00 01 | 000000"));
  out.clear();
  write_vsize_ints({.values = Values{0x10203}, .value_max = 0x10204}, out);
  EXPECT_EQ(hex(out), compact("00 03 00000004 | 010203 | 00"));
}

TEST(PackedIntsWriterTest, WritesRowsOfUncompressedValues) {
  ByteWriter out;
  write_vsize_multi_ints({.values = Values{1, 2, 2}, .value_max = 3}, Values{0, 2, 2, 3}, out);
  EXPECT_EQ(hex(out), compact("01 01 00000016 00000003 | 00000002 00000002 00000003 | 01 02 02 | 000000"));
}

TEST(PackedIntsWriterTest, WritesCompressedValuesLowByteFirst) {
  ByteWriter out;
  write_compressed_vsize_ints({.values = Values{0x0102, 0x0304}, .value_max = 0x305}, {CodecId::kUncompressed}, out);
  EXPECT_EQ(hex(out), compact("02 02 00000002 00008000 FF | 01 00 00000010 00000001 00000008 | 00000000 0201 0403"));
}

TEST(PackedIntsWriterTest, AddsTheAddend) {
  ByteWriter out;
  write_compressed_vsize_ints({.values = Values{1, 0, 0}, .addend = 1, .value_max = 3}, {CodecId::kLz4}, out);
  EXPECT_EQ(hex(out), compact("02 01 00000003 00010000 01 | 01 00 00000010 00000001 00000008 | 00000000 30 020101"));
}

TEST(PackedIntsWriterTest, WritesOffsetsAndValuesOfMultipleValues) {
  ByteWriter out;
  write_compressed_multi_ints({.values = Values{1, 2, 2}, .value_max = 3}, Values{0, 2, 2, 3}, {CodecId::kUncompressed},
                              out);
  EXPECT_EQ(hex(out), compact("03 | 02 00000004 00004000 FF | 01 00 0000001C 00000001 00000014 | 00000000"
                              "00000000 02000000 02000000 03000000"
                              "| 02 01 00000003 00010000 FF | 01 00 0000000F 00000001 00000007 | 00000000 010202"));
}

/// The size of each block, as the ends tell.
std::vector<std::uint32_t> block_sizes(const ByteWriter& out, std::size_t header) {
  ByteReader reader(out.view().subspan(header));
  reader.skip(6);
  std::vector<std::uint32_t> sizes(reader.read_be<std::uint32_t>());
  std::uint32_t begin = 0;
  for (std::uint32_t& size : sizes) {
    const auto end = reader.read_be<std::uint32_t>();
    size = end - begin - 4;
    begin = end;
  }
  return sizes;
}

TEST(PackedIntsWriterTest, CutsBlocksAtAPowerOfTwo) {
  const auto sizes = [](std::size_t count, std::uint32_t value_max) {
    ByteWriter out;
    write_compressed_vsize_ints({.values = Values(count), .value_max = value_max}, {CodecId::kUncompressed}, out);
    return block_sizes(out, 11);
  };
  using Sizes = std::vector<std::uint32_t>;
  EXPECT_EQ(sizes(0, 1), Sizes());
  EXPECT_EQ(sizes(65535, 1), Sizes({65535}));
  EXPECT_EQ(sizes(65536, 1), Sizes({65536}));
  EXPECT_EQ(sizes(65537, 1), Sizes({65536, 1}));
  EXPECT_EQ(sizes(32769, 0x100), Sizes({65536, 2}));
  EXPECT_EQ(sizes(16385, 0x10000), Sizes({49152, 3}));
  EXPECT_EQ(sizes(16385, 0x1000000), Sizes({65536, 4}));
}

}  // namespace
}  // namespace sarsen::storage
