// LZ4 blocks of values of one width: they decode to what they were, are never much larger than LZ4's own, and where
// values repeat nearly as small as those of its high compression.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "storage/codec/codec_writer.h"

namespace sarsen::storage {
namespace {

using Bytes = std::vector<std::byte>;

ByteWriter compressed(std::span<const std::byte> block, std::size_t width) {
  ByteWriter out;
  make_lz4_value_compressor(width)->compress(block, out);
  return out;
}

std::size_t high_compression(std::span<const std::byte> block) {
  ByteWriter out;
  make_lz4_compressor()->compress(block, out);
  return out.size();
}

/// Returns the compressed size.
std::size_t expect_decodes(std::span<const std::byte> block, std::size_t width) {
  const ByteWriter out = compressed(block, width);
  Bytes decoded(kBlockBytesMax);
  decoded.resize(decode_lz4(out.view(), decoded));
  EXPECT_TRUE(std::ranges::equal(decoded, block)) << block.size() << " bytes, values of " << width;
  return out.size();
}

/// `count` values of `width` bytes, low byte first.
Bytes block_of(std::size_t count, std::size_t width, const std::function<std::uint64_t()>& next) {
  Bytes block(count * width);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t value = next();
    std::memcpy(block.data() + i * width, &value, width);
  }
  return block;
}

class Lz4ValueWriterTest : public testing::Test {
 protected:
  std::uint64_t below(std::uint64_t end) { return random_() % end; }
  double price() { return static_cast<double>(90000 + below(10000000)) / 100; }

  std::mt19937_64 random_{3};
};

TEST_F(Lz4ValueWriterTest, DecodesToWhatWasWritten) {
  for (const std::size_t width : {1U, 2U, 3U, 4U, 8U})
    for (const std::size_t count : {0U, 1U, 2U, 5U, 12U, 13U, 17U, 100U, 4095U, 8192U})
      for (const std::uint64_t values :
           {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{7}, std::uint64_t{250}, UINT64_MAX})
        expect_decodes(block_of(count, width, [&] { return below(values); }), width);
}

TEST_F(Lz4ValueWriterTest, DecodesLongRunsAndMixtures) {
  for (const std::size_t width : {1U, 2U, 8U})
    for (int round = 0; round < 100; ++round) {
      const std::uint64_t values = 1 + below(40);
      std::uint64_t value = 0;
      expect_decodes(block_of(65536 / width, width,
                              [&] {
                                const std::uint64_t chance = below(100);
                                if (chance < 10) value = below(values);
                                return chance == 99 ? random_() : value;
                              }),
                     width);
    }
}

TEST_F(Lz4ValueWriterTest, LeavesValuesInNoOrderAsTheyAre) {
  const Bytes block = block_of(16384, 3, [&] { return random_(); });
  EXPECT_LT(expect_decodes(block, 3), block.size() + block.size() / 200);
}

TEST_F(Lz4ValueWriterTest, IsAboutAsSmallAsHighCompression) {
  const auto expect_small = [](const Bytes& block, std::size_t width, double at_most) {
    EXPECT_LT(expect_decodes(block, width), static_cast<double>(high_compression(block)) * at_most) << width;
  };
  for (const std::uint64_t values : {2U, 3U, 5U, 7U, 12U})
    expect_small(block_of(65536, 1, [&] { return below(values); }), 1, 1.1);
  for (const std::uint64_t values : {2U, 11U, 50U})
    expect_small(block_of(8192, 8, [&] { return below(values); }), 8, 1.15);
  const auto discount = [&] { return std::bit_cast<std::uint64_t>(static_cast<double>(below(11)) / 100); };
  expect_small(block_of(8192, 8, discount), 8, 1.1);
  expect_small(block_of(8192, 8, [&] { return std::bit_cast<std::uint64_t>(price()); }), 8, 1.05);
  expect_small(block_of(32768, 2, [&] { return 500 + below(30); }), 2, 1.2);
}

TEST_F(Lz4ValueWriterTest, TheSameBlockGivesTheSameBytes) {
  const Bytes first = block_of(8192, 8, [&] { return below(20); });
  const Bytes second = block_of(8192, 8, [&] { return below(20); });
  const auto compressor = make_lz4_value_compressor(8);
  ByteWriter all;
  compressor->compress(first, all);
  const std::size_t begin = all.size();
  compressor->compress(second, all);
  EXPECT_TRUE(std::ranges::equal(all.view().subspan(begin), compressed(second, 8).view()));
}

}  // namespace
}  // namespace sarsen::storage
