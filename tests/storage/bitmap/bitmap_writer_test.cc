#include "storage/bitmap/bitmap_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

std::string roaring(const std::vector<std::uint32_t>& rows) {
  ByteWriter out;
  write_bitmap(BitmapEncoding::kRoaring, rows, out);
  return hex(out);
}

TEST(BitmapWriterTest, WritesTheEmptySetAsNothing) { EXPECT_EQ(roaring({}), ""); }

TEST(BitmapWriterTest, WritesFewRowsAsAnArray) {
  EXPECT_EQ(roaring({0, 2}), compact("3A300000 01000000 | 0000 0100 | 10000000 | 0000 0200"));
}

TEST(BitmapWriterTest, WritesRunsWhereTheyAreSmaller) {
  EXPECT_EQ(roaring({0, 1, 2, 3, 4}), compact("3B30 0000 | 01 | 0000 0400 | 0100 0000 0400"));
}

TEST(BitmapWriterTest, WritesOneContainerForEach65536Rows) {
  EXPECT_EQ(roaring({65535, 65536, 0x7FFFFFFE}),
            compact("3A300000 03000000 | 0000 0000 0100 0000 FF7F 0000 | 20000000 22000000 24000000 | FFFF 0000 FEFF"));
}

TEST(BitmapWriterTest, WritesManyScatteredRowsAsBits) {
  std::vector<std::uint32_t> rows(5000);
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = 2 * i;
  EXPECT_EQ(roaring(rows).size(), 2u * (8 + 4 + 4 + 8192));
}

TEST(BitmapWriterTest, NamesTheEncodingInJson) {
  EXPECT_EQ(bitmap_json(BitmapEncoding::kRoaring), R"({"type":"roaring"})");
  EXPECT_EQ(bitmap_json(BitmapEncoding::kConcise), R"({"type":"concise"})");
}

TEST(BitmapWriterTest, WritesNoRunsWhereTheyAreNotWanted) {
  std::vector<std::uint32_t> rows(70000);
  for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  ByteWriter out;
  write_bitmap(BitmapEncoding::kRoaring, rows, out, RoaringForm::kWithoutRuns);
  EXPECT_EQ(hex(out).substr(0, 48), compact("3A300000 02000000 | 0000 FFFF 0100 6F11 | 18000000 18200000"));
  EXPECT_EQ(out.size(), 24u + 8192 + 8192);
  std::vector<std::uint64_t> words(70000 / 64 + 1);
  bitmap_or_into(BitmapEncoding::kRoaring, out.view(), RowBits(words, 70000));
  EXPECT_EQ(words.front(), ~std::uint64_t{0});
  EXPECT_EQ(bitmap_cardinality(BitmapEncoding::kRoaring, out.view()), 70000u);
}

TEST(BitmapWriterTest, WritesConcise) {
  ByteWriter out;
  write_bitmap(BitmapEncoding::kConcise, {}, out);
  EXPECT_EQ(out.size(), 0u);
  write_bitmap(BitmapEncoding::kConcise, std::vector<std::uint32_t>{2, 3}, out);
  EXPECT_EQ(hex(out), "8000000C");
}

}  // namespace
}  // namespace sarsen::storage
