#include "storage/codec/long_encoding.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "storage/codec/packed_integers.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

// Bit by bit, the most significant first.
std::vector<std::byte> packed(const std::vector<std::uint64_t>& values, std::uint32_t bits) {
  std::vector<std::byte> bytes((values.size() * bits + 7) / 8);
  std::size_t position = 0;
  for (const std::uint64_t value : values) {
    for (std::uint32_t bit = bits; bit-- > 0; ++position) {
      if ((value >> bit & 1) != 0) bytes[position / 8] |= static_cast<std::byte>(0x80 >> position % 8);
    }
  }
  return bytes;
}

TEST(PackedIntegers, DecodesEveryWidthFromEveryPosition) {
  std::mt19937_64 random(3);
  for (const std::uint32_t bits : kPackedBits) {
    std::vector<std::uint64_t> values(67);
    for (std::uint64_t& value : values) value = random() >> (64 - bits);
    values[5] = ~0ULL >> (64 - bits);
    const std::vector<std::byte> bytes = packed(values, bits);
    for (std::size_t first = 0; first < values.size(); ++first) {
      std::vector<std::uint64_t> out(values.size() - first);
      decode_packed(bytes.data(), bits, first, out.size(), out.data());
      ASSERT_EQ(out, std::vector<std::uint64_t>(values.begin() + static_cast<long>(first), values.end())) << bits;
    }
  }
}

TEST(PackedIntegers, ChoosesTheSmallestWidth) {
  EXPECT_EQ(packed_width_of(1), 1u);
  EXPECT_EQ(packed_width_of(2), 1u);
  EXPECT_EQ(packed_width_of(3), 2u);
  EXPECT_EQ(packed_width_of(256), 8u);
  EXPECT_EQ(packed_width_of(257), 12u);
  EXPECT_EQ(packed_width_of(~0ULL), 64u);
  EXPECT_FALSE(is_packed_width(3));
  EXPECT_FALSE(is_packed_width(0));
}

class LongEncodings : public testing::Test {
 protected:
  std::vector<std::int64_t> decode(std::uint8_t id, std::string_view header, std::string_view block,
                                   std::size_t count) {
    const std::vector<std::byte> header_bytes = bytes(header);
    ByteReader reader(header_bytes, "header");
    const auto encoding = read_long_encoding(id, reader);
    EXPECT_TRUE(reader.at_end());
    std::vector<std::int64_t> values(count);
    encoding->decode(bytes(block).data(), 0, count, values.data());
    return values;
  }

  static std::vector<std::byte> bytes(std::string_view hex_text) {
    const std::string text = compact(hex_text);
    std::vector<std::byte> result;
    for (std::size_t i = 0; i < text.size(); i += 2)
      result.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return result;
  }
};

using Longs = std::vector<std::int64_t>;

TEST_F(LongEncodings, DecodesDelta) {
  EXPECT_EQ(decode(0, "01 000000000000000A 00000002", "2C", 4), (Longs{10, 12, 13, 10}));
  EXPECT_EQ(decode(0, "01 7FFFFFFFFFFFFFFF 00000008", "01", 1), Longs{INT64_MIN});  // wraps
}

TEST_F(LongEncodings, DecodesTables) {
  EXPECT_EQ(decode(1, "01 00000002 0000000000000005 0000000000000009", "40", 3), (Longs{5, 9, 5}));
}

TEST_F(LongEncodings, RefusesWhatIsNoEncoding) {
  EXPECT_THROW(decode(2, "01", "", 0), Error);
  EXPECT_THROW(decode(0, "02 000000000000000A 00000002", "", 0), Error);
  EXPECT_THROW(decode(0, "01 000000000000000A 00000003", "", 0), Error);
  EXPECT_THROW(decode(1, "01 00000101", "", 0), Error);
  EXPECT_THROW(decode(1, "01 00000003 0000000000000005", "", 0), Error);
  // Position 3 of a table of three.
  EXPECT_THROW(decode(1, "01 00000003 0000000000000005 0000000000000006 0000000000000007", "C0", 1), Error);
}

}  // namespace
}  // namespace sarsen::storage
