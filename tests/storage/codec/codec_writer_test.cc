#include "storage/codec/codec_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

std::string compressed(CodecId codec, std::string_view block) {
  ByteWriter out;
  make_block_compressor(codec)->compress(std::as_bytes(std::span(block)), out);
  return hex(out);
}

TEST(CodecWriterTest, WritesShortLz4BlocksAsLiterals) { EXPECT_EQ(compressed(CodecId::kLz4, "abc"), "30616263"); }

TEST(CodecWriterTest, WritesRepeatsAsLz4Matches) {
  // One literal, a match of 36 at distance 1, and the five literals that end each block.
  EXPECT_EQ(compressed(CodecId::kLz4, std::string(42, 'a')), compact("1F 61 0100 11 50 6161616161"));
}

TEST(CodecWriterTest, ReusingACompressorChangesNothing) {
  const auto compressor = make_block_compressor(CodecId::kLz4);
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
  EXPECT_EQ(compressed(CodecId::kUncompressed, block), hex(std::as_bytes(std::span(block))));
}

TEST(CodecWriterTest, DecodesToWhatWasWritten) {
  std::string text(kBlockBytesMax, 'x');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = static_cast<char>(i * i);
  for (const CodecId id : {CodecId::kLz4, CodecId::kZstd, CodecId::kUncompressed})
    for (const std::size_t size : {std::size_t{1}, std::size_t{5}, std::size_t{1000}, kBlockBytesMax}) {
      const auto block = std::as_bytes(std::span(text)).first(size);
      ByteWriter out;
      make_block_compressor(id)->compress(block, out);
      std::vector<std::byte> decoded(kBlockBytesMax);
      decoded.resize(codec_of(static_cast<std::uint8_t>(id)).decode(out.view(), decoded));
      EXPECT_TRUE(std::ranges::equal(decoded, block)) << size << " bytes, codec " << static_cast<int>(id);
    }
}

TEST(CodecWriterTest, HasNoBlocksForNone) { EXPECT_THROW(make_block_compressor(CodecId::kNone), Error); }

}  // namespace
}  // namespace sarsen::storage
