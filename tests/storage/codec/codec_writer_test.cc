#include "storage/codec/codec_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
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

TEST(CodecWriterTest, WritesShortLzfBlocksAsPlainChunks) {
  EXPECT_EQ(compressed(CodecId::kLzf, "abc"), compact("5A56 00 0003 616263"));
  EXPECT_EQ(compressed(CodecId::kLzf, "0123456789abcdef"), compact("5A56 00 0010") + hex("0123456789abcdef"));
}

TEST(CodecWriterTest, WritesRepeatsAsLzfCopies) {
  // One literal, a copy of 39 at distance 1, and two literals.
  EXPECT_EQ(compressed(CodecId::kLzf, std::string(42, 'a')), compact("5A56 01 0008 002A 00 61 E0 1E 00 01 6161"));
}

TEST(CodecWriterTest, CutsAWholeLzfBlockIntoTwoChunks) {
  const std::string text(kBlockBytesMax, 'a');
  const std::string chunks = compressed(CodecId::kLzf, text);
  EXPECT_EQ(chunks.substr(chunks.size() - 12), compact("5A56 00 0001 61"));
}

TEST(CodecWriterTest, ReusingACompressorChangesNothing) {
  std::string text;
  for (int i = 0; text.size() < kBlockBytesMax; ++i) text += std::to_string(i * i);
  text.resize(kBlockBytesMax);
  for (const CodecId codec : {CodecId::kLz4, CodecId::kLzf, CodecId::kZstd}) {
    const auto compressor = make_block_compressor(codec);
    ByteWriter first;
    ByteWriter second;
    compressor->compress(std::as_bytes(std::span(text)), first);
    compressor->compress(std::as_bytes(std::span(text)).subspan(100), second);
    second.clear();
    compressor->compress(std::as_bytes(std::span(text)), second);
    EXPECT_EQ(hex(first), hex(second));
  }
}

TEST(CodecWriterTest, LeavesUncompressedBlocksAlone) {
  const std::string_view block = "aaaaaaaaaaaaaaaa";
  EXPECT_EQ(compressed(CodecId::kUncompressed, block), hex(std::as_bytes(std::span(block))));
}

TEST(CodecWriterTest, DecodesToWhatWasWritten) {
  std::string text(kBlockBytesMax, 'x');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = static_cast<char>(i * i);
  for (const CodecId id : {CodecId::kLzf, CodecId::kLz4, CodecId::kZstd, CodecId::kUncompressed})
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{1000}, kBlockBytesMax}) {
      const auto block = std::as_bytes(std::span(text)).first(size);
      ByteWriter out;
      make_block_compressor(id)->compress(block, out);
      std::vector<std::byte> decoded(kBlockBytesMax);
      decoded.resize(codec_of(static_cast<std::uint8_t>(id)).decode(out.view(), decoded));
      EXPECT_TRUE(std::ranges::equal(decoded, block)) << size << " bytes, codec " << static_cast<int>(id);
    }
}

TEST(CodecWriterTest, DecodesWhatHardlyCompresses) {
  std::mt19937 random(5);
  for (const std::size_t size : {16U, 17U, 35U, 300U, 9000U, 65535U, 65536U}) {
    std::string text(size, ' ');
    for (char& c : text) c = static_cast<char>(random() % 5 == 0 ? random() : 'x');
    for (const CodecId id : {CodecId::kLzf, CodecId::kLz4, CodecId::kZstd}) {
      ByteWriter out;
      make_block_compressor(id)->compress(std::as_bytes(std::span(text)), out);
      std::vector<std::byte> decoded(kBlockBytesMax);
      decoded.resize(codec_of(static_cast<std::uint8_t>(id)).decode(out.view(), decoded));
      EXPECT_TRUE(std::ranges::equal(decoded, std::as_bytes(std::span(text)))) << size;
    }
  }
}

TEST(CodecWriterTest, HasNoBlocksForNone) { EXPECT_THROW(make_block_compressor(CodecId::kNone), Error); }

}  // namespace
}  // namespace sarsen::storage
