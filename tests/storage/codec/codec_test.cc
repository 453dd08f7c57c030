#include "storage/codec/codec.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "storage/base/error.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

std::vector<std::byte> bytes_of(std::string_view hex_text) {
  const std::string text = compact(hex_text);
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string decoded(CodecId id, std::string_view hex_text, std::size_t room = kBlockBytesMax) {
  std::vector<std::byte> out(room);
  const std::vector<std::byte> block = bytes_of(hex_text);
  out.resize(codec_of(static_cast<std::uint8_t>(id)).decode(block, out));
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

TEST(Codec, KnowsDruidsIds) {
  EXPECT_EQ(codec_of(0x00).name, "lzf");
  EXPECT_EQ(codec_of(0x01).name, "lz4");
  EXPECT_EQ(codec_of(0x02).name, "zstd");
  EXPECT_EQ(codec_of(0xFF).name, "uncompressed");
  EXPECT_THROW(codec_of(0xFE), Error);  // no blocks
  EXPECT_THROW(codec_of(0x03), Error);
}

TEST(Codec, DecodesLz4) {
  EXPECT_EQ(decoded(CodecId::kLz4, "30 61 62 63"), "abc");
  EXPECT_THROW(decoded(CodecId::kLz4, "30 61 62 63", 2), Error);
  EXPECT_THROW(decoded(CodecId::kLz4, "30 61"), Error);
  EXPECT_THROW(decoded(CodecId::kLz4, ""), Error);
}

TEST(Codec, DecodesZstd) {
  EXPECT_EQ(decoded(CodecId::kZstd, "28B52FFD 20 03 190000 616263"), "abc");
  EXPECT_THROW(decoded(CodecId::kZstd, "28B52FFD 20 03 190000 616263", 2), Error);
  EXPECT_THROW(decoded(CodecId::kZstd, "28B52FFD 20"), Error);
}

TEST(Codec, PassesUncompressedBytesOn) {
  EXPECT_EQ(decoded(CodecId::kUncompressed, "616263"), "abc");
  EXPECT_EQ(decoded(CodecId::kUncompressed, ""), "");
  EXPECT_THROW(decoded(CodecId::kUncompressed, "616263", 2), Error);
}

TEST(Codec, DecodesLzfChunks) {
  EXPECT_EQ(decoded(CodecId::kLzf, "5A56 00 0003 616263"), "abc");
  // Two literals, then 5 bytes from 2 back: a copy that overlaps itself.
  EXPECT_EQ(decoded(CodecId::kLzf, "5A56 01 0005 0007 01 6162 60 01"), "abababa");
  // A long copy: 7 + 2 + 3 bytes from 1 back.
  EXPECT_EQ(decoded(CodecId::kLzf, "5A56 01 0005 000D 00 61 E0 03 00"), "aaaaaaaaaaaaa");
  EXPECT_EQ(decoded(CodecId::kLzf, "5A56 00 0001 61  5A56 00 0001 62"), "ab");
  EXPECT_EQ(decoded(CodecId::kLzf, ""), "");
}

TEST(Codec, RefusesLzfThatLies) {
  for (const char* block : {
           "5A57 00 0001 61",                  // signature
           "5A56 02 0001 61",                  // type
           "5A56 00 0002 61",                  // truncated
           "5A56 01 0005 0006 01 6162 60 01",  // one byte more than it says
           "5A56 01 0005 0008 01 6162 60 01",  // one byte less
           "5A56 01 0005 0007 01 6162 60 02",  // from before the chunk
           "5A56 01 0002 0002 01 61",          // literals past the end
           "5A56 01 0002 0003 20 00",          // a copy of nothing
           "5A",
       }) {
    EXPECT_THROW(decoded(CodecId::kLzf, block), Error) << block;
  }
  EXPECT_THROW(decoded(CodecId::kLzf, "5A56 00 0003 616263", 2), Error);
}

}  // namespace
}  // namespace sarsen::storage
