#include "storage/codec/codec_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

std::string compressed(Compression compression, std::string_view block) {
  ByteWriter out;
  make_block_compressor(compression)->compress(std::as_bytes(std::span(block)), out);
  return hex(out);
}

TEST(CodecWriterTest, WritesShortLz4BlocksAsLiterals) { EXPECT_EQ(compressed(Compression::kLz4, "abc"), "30616263"); }

TEST(CodecWriterTest, WritesRepeatsAsLz4Matches) {
  // One literal, a match of 36 at distance 1, and the five literals that end each block.
  EXPECT_EQ(compressed(Compression::kLz4, std::string(42, 'a')), compact("1F 61 0100 11 50 6161616161"));
}

TEST(CodecWriterTest, ReusingACompressorChangesNothing) {
  const auto compressor = make_block_compressor(Compression::kLz4);
  std::string text;
  for (int i = 0; text.size() < kBlockBytesMax; ++i) text += std::to_string(i * i);
  text.resize(kBlockBytesMax);
  ByteWriter first;
  ByteWriter second;
  compressor->compress(std::as_bytes(std::span(text)), first);
  compressor->compress(std::as_bytes(std::span(text)).first(100), second);
  second.clear();
  compressor->compress(std::as_bytes(std::span(text)), second);
  EXPECT_EQ(hex(first), hex(second));
}

TEST(CodecWriterTest, LeavesUncompressedBlocksAlone) {
  const std::string_view block = "aaaaaaaaaaaaaaaa";
  EXPECT_EQ(compressed(Compression::kUncompressed, block), hex(std::as_bytes(std::span(block))));
}

TEST(CodecWriterTest, KnowsDruidsIds) {
  EXPECT_EQ(codec_id(Compression::kLz4), 0x01);
  EXPECT_EQ(codec_id(Compression::kUncompressed), 0xFF);
  EXPECT_EQ(codec_id(Compression::kNone), 0xFE);
}

TEST(CodecWriterTest, HasNoBlocksForNone) { EXPECT_THROW(make_block_compressor(Compression::kNone), Error); }

}  // namespace
}  // namespace sarsen::storage
