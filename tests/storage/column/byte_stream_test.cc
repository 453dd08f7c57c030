#include "storage/column/byte_stream.h"

#include <gtest/gtest.h>

#include "storage/base/error.h"
#include "tests/storage/column/stream_bytes.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

std::string numbered(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * 7919) + ' ';
  return text.substr(0, size);
}

std::unique_ptr<ByteStream> open(const std::string& stored) {
  ByteReader reader(std::as_bytes(std::span(stored)), "stream");
  auto stream = ByteStream::read(reader, {"file", "x", "stream"});
  EXPECT_TRUE(reader.at_end());
  return stream;
}

std::string read(const ByteStream& stream, std::uint64_t begin, std::uint64_t end) {
  ByteStreamCursor cursor(stream);
  const auto bytes = cursor.read(begin, end);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string from_hex(std::string_view hex_text) {
  const std::string digits = compact(hex_text);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    text += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return text;
}

TEST(ByteStream, ReadsWhatDruidWrote) {
  const std::string stored = from_hex("01 01 00010000 00000001 09000000 80 2200000000000000");
  const auto stream = open(stored);
  EXPECT_EQ(hex(read(*stream, 0, 8)), "2200000000000000");
  EXPECT_EQ(stream->encoding(), "lz4, 65536 bytes a block");
}

TEST(ByteStream, ReadsEveryRangeAcrossBlocksOfEachCodec) {
  const std::string text = numbered(100);
  for (const CodecId codec : {CodecId::kLz4, CodecId::kZstd, CodecId::kUncompressed}) {
    const std::string stored = byte_stream(text, 16, codec);
    const auto stream = open(stored);
    ByteStreamCursor cursor(*stream);
    for (std::uint64_t begin = 0; begin <= text.size(); ++begin) {
      for (std::uint64_t end = begin; end <= text.size(); ++end) {
        const auto bytes = cursor.read(begin, end);
        ASSERT_EQ(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                  std::string_view(text).substr(begin, end - begin));
      }
    }
  }
}

TEST(ByteStream, ReadsAValueOfManyLargeBlocks) {
  const std::string text = numbered(5 * kBlockBytesMax + 17);
  const std::string stored = byte_stream(text);
  const auto stream = open(stored);
  EXPECT_EQ(stream->block_count(), 6u);
  EXPECT_TRUE(read(*stream, 3, text.size() - 1) == text.substr(3, text.size() - 4));
}

TEST(ByteStream, EndsWithABlockWithoutBytes) {
  const std::string text = numbered(kBlockBytesMax);
  const std::string stored = byte_stream(text);
  const auto stream = open(stored);
  EXPECT_EQ(stream->block_count(), 2u);
  EXPECT_TRUE(read(*stream, 0, text.size()) == text);
  EXPECT_THROW(read(*stream, text.size(), text.size() + 1), Error);
}

TEST(ByteStream, RefusesRangesPastItsEnd) {
  const std::string stored = byte_stream(numbered(40), 16);
  const auto stream = open(stored);
  EXPECT_THROW(read(*stream, 39, 41), Error);
  EXPECT_THROW(read(*stream, 0, UINT64_MAX), Error);
  EXPECT_THROW(read(*stream, 5, 4), Error);
  EXPECT_EQ(read(*stream, 39, 40).size(), 1u);
}

TEST(ByteStream, RefusesValuesThatWouldFillTheMemory) {
  ByteWriter bytes;  // 5,000 blocks that claim 64 KiB each and have no bytes at all
  bytes.write_be<std::uint8_t>(1);
  bytes.write_be<std::uint8_t>(0xFF);
  bytes.write_be<std::uint32_t>(kBlockBytesMax);
  bytes.write_be<std::uint32_t>(5000);
  bytes.extend(4 * 5000);
  const std::string stored = text_of(bytes);
  const auto stream = open(stored);
  EXPECT_THROW(read(*stream, 0, ByteStreamCursor::kRangeBytesMax), Error);      // too short
  EXPECT_THROW(read(*stream, 0, ByteStreamCursor::kRangeBytesMax + 1), Error);  // too large
}

TEST(ByteStream, RefusesHeadersThatLie) {
  for (const char* text : {
           "02 01 00010000 00000001 09000000 80 2200000000000000",           // version
           "01 07 00010000 00000001 09000000 80 2200000000000000",           // codec
           "01 FE 00010000 00000001 09000000 80 2200000000000000",           // a codec without blocks
           "01 01 00020000 00000001 09000000 80 2200000000000000",           // block too large
           "01 01 00000000 00000001 09000000 80 2200000000000000",           // block of nothing
           "01 01 00000018 00000001 09000000 80 2200000000000000",           // no power of two
           "01 01 00010000 00000000",                                        // no blocks
           "01 01 00010000 FFFFFFFF 09000000 80 2200000000000000",           // more blocks than bytes
           "01 01 00010000 00000001 0A000000 80 2200000000000000",           // past the end
           "01 01 00010000 00000001 FFFFFFFF 80 2200000000000000",           // negative
           "01 01 00010000 00000002 0A000000 09000000 80 2200000000000000",  // falls
       }) {
    EXPECT_THROW(open(from_hex(text)), Error) << text;
  }
}

TEST(ByteStream, NamesThePlaceOfABlockThatCannotBeDecoded) {
  const std::string stored = from_hex("01 01 00010000 00000001 09000000 F0 2200000000000000");
  const auto stream = open(stored);
  try {
    read(*stream, 0, 8);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).rfind("file, column x, stream: ", 0), 0u) << error.what();
  }
}

TEST(ByteStream, RefusesAShortBlockThatIsNotTheLast) {
  const std::string stored = from_hex("01 FF 00000004 00000002 03000000 07000000 010203 04050607");
  const auto stream = open(stored);
  EXPECT_THROW(read(*stream, 0, 2), Error);
  EXPECT_EQ(hex(read(*stream, 4, 8)), "04050607");
}

}  // namespace
}  // namespace sarsen::storage
