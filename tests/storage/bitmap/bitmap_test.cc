#include "storage/bitmap/bitmap.h"

#include <gtest/gtest.h>
#include <roaring/roaring.h>

#include <memory>
#include <random>
#include <vector>

#include "storage/base/error.h"
#include "storage/bitmap/null_rows.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Rows = std::vector<std::uint32_t>;

std::vector<std::byte> bytes_of(std::string_view hex_text) {
  const std::string text = compact(hex_text);
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

Rows rows_of(BitmapEncoding encoding, std::span<const std::byte> bitmap, std::uint32_t row_count) {
  std::vector<std::uint64_t> words((row_count + 63) / 64);
  bitmap_or_into(encoding, bitmap, RowBits(words, row_count));
  Rows rows;
  for (std::uint32_t row = 0; row < row_count; ++row) {
    if ((words[row / 64] >> row % 64 & 1) != 0) rows.push_back(row);
  }
  EXPECT_EQ(bitmap_cardinality(encoding, bitmap), rows.size());
  return rows;
}

Rows concise(std::string_view hex_text, std::uint32_t row_count = 20'000) {
  return rows_of(BitmapEncoding::kConcise, bytes_of(hex_text), row_count);
}

Rows roaring(std::string_view hex_text, std::uint32_t row_count = 1000) {
  return rows_of(BitmapEncoding::kRoaring, bytes_of(hex_text), row_count);
}

Rows range(std::uint32_t begin, std::uint32_t end) {
  Rows rows;
  for (std::uint32_t row = begin; row < end; ++row) rows.push_back(row);
  return rows;
}

TEST(Bitmap, ReadsNoBytesAsTheEmptySet) {
  EXPECT_EQ(concise(""), Rows{});
  EXPECT_EQ(roaring(""), Rows{});
}

TEST(Bitmap, ReadsConciseOfStockDruid) {
  EXPECT_EQ(concise("80000001"), Rows{0});
  EXPECT_EQ(concise("8000000C"), (Rows{2, 3}));
  EXPECT_EQ(concise("0000001F 80008000"), Rows{1007});
  EXPECT_EQ(concise("0000000D 180000CE 80000020"), (Rows{445, 6856}));
  EXPECT_EQ(concise("40000141 8007FFFF"), range(0, 10'001));
}

TEST(Bitmap, ReadsConciseRunsWithAFlippedBit) {
  EXPECT_EQ(concise("02000001"), Rows{0});       // two empty groups, bit 0 of the first flipped
  EXPECT_EQ(concise("42000000"), range(1, 31));  // one full group without its first row
  EXPECT_EQ(concise("02000000 42000001 80000001").size(), 1u + 30 + 31 + 1);
}

TEST(Bitmap, AcceptsEmptyGroupsAtTheEndOfConcise) { EXPECT_EQ(concise("80000001 00000FFF", 40), Rows{0}); }

TEST(Bitmap, ReadsRoaringOfStockDruid) {
  EXPECT_EQ(roaring("3A300000 01000000 0000 0100 10000000 0000 0200"), (Rows{0, 2}));
  EXPECT_EQ(roaring("3B300000 01 0000 0400 0100 0000 0400"), range(0, 5));
}

struct FreeRoaring {
  void operator()(roaring_bitmap_t* bitmap) const noexcept { roaring_bitmap_free(bitmap); }
};

// Sparse, dense, runs and mixtures over several containers, with and without run containers.
TEST(Bitmap, AgreesWithCRoaring) {
  std::mt19937 engine(7);
  const auto random = [&engine] { return static_cast<std::uint32_t>(engine()); };
  constexpr std::uint32_t kRows = 400'000;
  for (int round = 0; round < 60; ++round) {
    const std::unique_ptr<roaring_bitmap_t, FreeRoaring> bitmap(roaring_bitmap_create());
    for (std::uint32_t base = 0; base + 65536 <= kRows; base += 65536) {
      const auto kind = random() % 4;
      const std::uint32_t count = kind == 0 ? 0 : kind == 1 ? 20 : kind == 2 ? 20'000 : 0;
      for (std::uint32_t i = 0; i < count; ++i) roaring_bitmap_add(bitmap.get(), base + random() % 65536);
      const std::uint32_t start = base + random() % 60'000;
      if (kind == 3) roaring_bitmap_add_range(bitmap.get(), start, start + random() % 5'000 + 1);
    }
    if (round % 2 == 0) roaring_bitmap_run_optimize(bitmap.get());
    std::vector<std::byte> bytes(roaring_bitmap_portable_size_in_bytes(bitmap.get()));
    roaring_bitmap_portable_serialize(bitmap.get(), reinterpret_cast<char*>(bytes.data()));
    Rows wanted(roaring_bitmap_get_cardinality(bitmap.get()));
    roaring_bitmap_to_uint32_array(bitmap.get(), wanted.data());
    ASSERT_EQ(rows_of(BitmapEncoding::kRoaring, bytes, kRows), wanted) << "round " << round;
  }
}

TEST(Bitmap, RefusesRowsPastTheEnd) {
  EXPECT_THROW(concise("80000010", 4), Error);
  EXPECT_THROW(concise("40000000", 30), Error);
  EXPECT_EQ(concise("40000000", 31), range(0, 31));
  EXPECT_THROW(roaring("3A300000 01000000 0000 0100 10000000 0000 0200", 2), Error);
  EXPECT_THROW(roaring("3B300000 01 0000 0400 0100 0000 0400", 4), Error);
  EXPECT_THROW(roaring("3B300000 01 0000 0400 0100 FFFF 0400", 70'000), Error);  // a run past its container
}

TEST(Bitmap, RefusesWhatIsNoBitmap) {
  EXPECT_THROW(concise("800000"), Error);
  EXPECT_THROW(roaring("3C300000 01000000"), Error);
  EXPECT_THROW(roaring("3A300000 FFFFFFFF"), Error);
  EXPECT_THROW(roaring("3A300000 01000000 0000 0100 10000000 0000"), Error);
  EXPECT_THROW(roaring("3A30"), Error);
}

TEST(Bitmap, TakesItsEncodingFromTheDescriptor) {
  const auto encoding = [](const char* text) { return bitmap_encoding_of(Json::parse(text)); };
  EXPECT_EQ(encoding(R"({"bitmapSerdeFactory":{"type":"roaring","compressRunOnSerialization":true}})"),
            BitmapEncoding::kRoaring);
  EXPECT_EQ(encoding(R"({"bitmapSerdeFactory":{"type":"concise"}})"), BitmapEncoding::kConcise);
  EXPECT_EQ(encoding(R"({"bitmapSerdeFactory":null})"), BitmapEncoding::kConcise);
  EXPECT_EQ(encoding("{}"), BitmapEncoding::kConcise);
  EXPECT_THROW(encoding(R"({"bitmapSerdeFactory":{"type":"ewah"}})"), Error);
}

TEST(NullRows, GivesTheBitsOfARange) {
  const NullRows nulls(BitmapEncoding::kConcise, bytes_of("0000001F 80008000"), 2000);  // row 1007
  std::vector<std::uint64_t> words(32, 7);
  EXPECT_TRUE(nulls.any());
  EXPECT_FALSE(nulls.read(0, 960, words.data()));
  EXPECT_EQ(words[0], 7u);
  EXPECT_TRUE(nulls.read(960, 48, words.data()));
  EXPECT_EQ(words[0], 1ULL << 47);
  EXPECT_FALSE(nulls.read(960, 47, words.data()));
  EXPECT_FALSE(NullRows(BitmapEncoding::kConcise, {}, 10).any());
}

}  // namespace
}  // namespace sarsen::storage
