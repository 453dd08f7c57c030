#include "storage/codec/long_encoding_writer.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "storage/codec/long_encoding.h"
#include "storage/codec/packed_integers.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Longs = std::vector<std::int64_t>;

std::string header(const LongEncoder& encoder) {
  ByteWriter out;
  encoder.write_header(out);
  return hex(out);
}

std::vector<std::byte> block(const LongEncoder& encoder, const Longs& values) {
  std::vector<std::byte> bytes(encoder.block_bytes(values.size()));
  encoder.encode(values, bytes.data());
  return bytes;
}

void expect_reads_back(const Longs& values, std::string_view name) {
  const auto encoder = choose_long_encoding(values);
  ASSERT_NE(encoder, nullptr) << name;
  ByteWriter out;
  encoder->write_header(out);
  ByteReader reader(out.view(), "header");
  const auto encoding = read_long_encoding(encoder->id(), reader);
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(encoding->name(), name);
  EXPECT_EQ(encoding->bits_per_value(), encoder->bits_per_value());
  Longs read(values.size());
  encoding->decode(block(*encoder, values).data(), 0, read.size(), read.data());
  EXPECT_EQ(read, values) << name;
}

/// So many values that a table cannot hold them, from `base` to `base` + `distance`.
Longs many(std::int64_t base, std::uint64_t distance) {
  std::mt19937_64 random(7);
  Longs values{base, static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + distance)};
  while (values.size() < 2000)
    values.push_back(static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + random() % distance));
  return values;
}

TEST(LongEncodingWriterTest, WritesATableInTheOrderOfFirstAppearance) {
  const auto encoder = choose_long_encoding(Longs{5, 9, 5});
  EXPECT_EQ(encoder->id(), 1);
  EXPECT_EQ(header(*encoder), compact("01 00000002 0000000000000005 0000000000000009"));
  EXPECT_EQ(hex(block(*encoder, {5, 9, 5})), compact("40 00000000"));
}

TEST(LongEncodingWriterTest, WritesDistancesFromTheSmallestValue) {
  const auto encoder = make_delta_encoder(Longs{10, 12, 13, 10});
  EXPECT_EQ(encoder->id(), 0);
  EXPECT_EQ(header(*encoder), compact("01 000000000000000A 00000002"));
  EXPECT_EQ(hex(block(*encoder, {10, 12, 13, 10})), compact("2C 00000000"));
}

TEST(LongEncodingWriterTest, TakesATableForUpTo256Values) {
  Longs values;
  for (std::int64_t i = 0; i < 256; ++i) values.push_back(i * i * i);
  expect_reads_back(values, "table of 256 values");
  values.push_back(-1);
  expect_reads_back(values, "delta of 24 bits");
}

TEST(LongEncodingWriterTest, ReadsBackTablesOfEveryWidth) {
  for (const std::int64_t size : {1, 2, 3, 4, 5, 16, 17, 256}) {
    Longs values;
    for (std::int64_t i = 0; i < 1003; ++i) values.push_back(INT64_MIN + i % size);
    expect_reads_back(values, "table of " + std::to_string(size) + " values");
  }
}

TEST(LongEncodingWriterTest, ReadsBackDistancesOfEveryWidth) {
  for (const std::uint32_t bits : {12u, 16u, 20u, 24u, 32u, 40u, 48u, 56u}) {
    const std::string name = "delta of " + std::to_string(bits) + " bits";
    expect_reads_back(many(-1000, (1ULL << bits) - 1), name);
    expect_reads_back(many(INT64_MIN, (1ULL << bits) - 2), name);
  }
  expect_reads_back(many(3, 1ULL << 56), "delta of 64 bits");
  expect_reads_back(many(0, INT64_MAX - 1), "delta of 64 bits");
}

TEST(LongEncodingWriterTest, LeavesValuesTooFarApartAsTheyAre) {
  EXPECT_EQ(choose_long_encoding(many(0, INT64_MAX)), nullptr);
  EXPECT_EQ(choose_long_encoding(many(-5, INT64_MAX)), nullptr);
}

TEST(LongEncodingWriterTest, PutsAPowerOfTwoOfValuesIntoABlock) {
  const std::vector<std::pair<std::uint32_t, std::size_t>> expected{{12, 32768}, {16, 16384}, {20, 16384}, {24, 16384},
                                                                    {32, 8192},  {40, 8192},  {48, 8192},  {56, 8192}};
  for (const auto& [bits, count] : expected)
    EXPECT_EQ(choose_long_encoding(many(0, (1ULL << bits) - 1))->values_per_block(), count) << bits;
  EXPECT_EQ(choose_long_encoding(Longs{1})->values_per_block(), 262144u);
  EXPECT_EQ(choose_long_encoding(many(0, 1ULL << 60))->values_per_block(), 4096u);
}

TEST(LongEncodingWriterTest, FlagsTheCodec) {
  EXPECT_EQ(codec_byte_with_encoding(CodecId::kLzf), 0x82);
  EXPECT_EQ(codec_byte_with_encoding(CodecId::kLz4), 0x83);
  EXPECT_EQ(codec_byte_with_encoding(CodecId::kZstd), 0x84);
  EXPECT_EQ(codec_byte_with_encoding(CodecId::kUncompressed), 0x81);
  EXPECT_EQ(codec_byte_with_encoding(CodecId::kNone), 0x80);
}

}  // namespace
}  // namespace sarsen::storage
