#include "storage/bitmap/concise_writer.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "storage/bitmap/bitmap.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Rows = std::vector<std::uint32_t>;

std::string concise(const Rows& rows) {
  ByteWriter out;
  write_concise(rows, out);
  return hex(out);
}

Rows range(std::uint32_t begin, std::uint32_t end) {
  Rows rows;
  for (std::uint32_t row = begin; row < end; ++row) rows.push_back(row);
  return rows;
}

TEST(ConciseWriterTest, WritesTheWordsOfDruid) {
  EXPECT_EQ(concise({0}), compact("80000001"));
  EXPECT_EQ(concise({2, 3}), compact("8000000C"));
  EXPECT_EQ(concise({1007}), compact("0000001F 80008000"));
  EXPECT_EQ(concise({445, 6856}), compact("0000000D 180000CE 80000020"));
  EXPECT_EQ(concise(range(0, 10001)), compact("40000141 8007FFFF"));
}

TEST(ConciseWriterTest, WritesASingleEmptyGroupAsALiteral) {
  EXPECT_EQ(concise({31}), compact("80000000 80000001"));
  EXPECT_EQ(concise({0, 1, 62}), compact("80000003 80000000 80000001"));
}

TEST(ConciseWriterTest, TakesAGroupOfOneRowIntoTheRunAfterIt) {
  EXPECT_EQ(concise({3, 62}), compact("08000001 80000001"));
}

TEST(ConciseWriterTest, TakesAGroupThatLacksOneRowIntoTheFullRunAfterIt) {
  EXPECT_EQ(concise(range(1, 93)), compact("42000002"));
}

TEST(ConciseWriterTest, ReadsBackAnySet) {
  std::mt19937 engine(3);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  for (const std::uint32_t gap : {1u, 2u, 30u, 31u, 32u, 1000u}) {
    Rows rows;
    for (std::uint32_t row = random() % gap; row < 20000; row += 1 + random() % gap)
      for (std::uint32_t run = random() % 7 == 0 ? 100 : 1; run > 0 && row < 20000; --run) rows.push_back(row++);
    ByteWriter out;
    write_concise(rows, out);
    std::vector<std::uint64_t> words(20000 / 64 + 1);
    bitmap_or_into(BitmapEncoding::kConcise, out.view(), RowBits(words, 20000));
    Rows read;
    for (std::uint32_t row = 0; row < 20000; ++row)
      if ((words[row / 64] >> (row % 64) & 1) != 0) read.push_back(row);
    EXPECT_EQ(read, rows) << gap;
  }
}

TEST(ConciseWriterTest, RefusesRowsThatDruidCannotHold) {
  ByteWriter out;
  EXPECT_NO_THROW(write_concise(Rows{kConciseRowMax}, out));
  EXPECT_THROW(write_concise(Rows{kConciseRowMax + 1}, out), Error);
}

}  // namespace
}  // namespace sarsen::storage
