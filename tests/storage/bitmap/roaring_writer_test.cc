#include "storage/bitmap/roaring_writer.h"

#include <gtest/gtest.h>
#include <roaring/roaring.h>

#include <random>
#include <vector>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Rows = std::vector<std::uint32_t>;

Rows range(std::uint32_t begin, std::uint32_t end, std::uint32_t step = 1) {
  Rows rows;
  for (std::uint32_t row = begin; row < end; row += step) rows.push_back(row);
  return rows;
}

std::size_t size_of(const Rows& rows, RoaringForm form = RoaringForm::kDruids) {
  ByteWriter out;
  write_roaring(rows, out, form);
  return out.size();
}

/// What CRoaring reads from what was written; it must use up all bytes.
Rows read_back(const Rows& rows, RoaringForm form = RoaringForm::kDruids) {
  ByteWriter out;
  write_roaring(rows, out, form);
  const auto* bytes = reinterpret_cast<const char*>(out.view().data());
  EXPECT_EQ(roaring_bitmap_portable_deserialize_size(bytes, out.size()), out.size());
  roaring_bitmap_t* bitmap = roaring_bitmap_portable_deserialize_safe(bytes, out.size());
  EXPECT_NE(bitmap, nullptr);
  if (bitmap == nullptr) return {};
  Rows result(roaring_bitmap_get_cardinality(bitmap));
  roaring_bitmap_to_uint32_array(bitmap, result.data());
  roaring_bitmap_free(bitmap);
  return result;
}

TEST(RoaringWriterTest, StaysAListWhereRunsAreNotSmaller) {
  EXPECT_EQ(size_of({5, 6, 7}), 8u + 4 + 4 + 2 * 3);
  EXPECT_EQ(size_of({5, 6, 7, 8}), 4u + 1 + 4 + 6);
}

TEST(RoaringWriterTest, BecomesBitsPast4096Values) {
  EXPECT_EQ(size_of(range(0, 8192, 2)), 8u + 4 + 4 + 8192);
  EXPECT_EQ(size_of(range(0, 8194, 2)), 8u + 4 + 4 + 8192);
  EXPECT_EQ(read_back(range(0, 8194, 2)), range(0, 8194, 2));
}

TEST(RoaringWriterTest, WritesAFullContainerAsOneRun) {
  EXPECT_EQ(size_of(range(0, 65536)), 4u + 1 + 4 + 6);
  EXPECT_EQ(read_back(range(65530, 200000)), range(65530, 200000));
}

TEST(RoaringWriterTest, HasOffsetsFromFourContainersOn) {
  Rows rows = range(0, 5);
  EXPECT_EQ(size_of(rows), 4u + 1 + 4 + 6);
  for (std::uint32_t container = 1; container < 4; ++container) rows.push_back(container << 16);
  EXPECT_EQ(size_of(rows), 4u + 1 + 4 * 4 + 4 * 4 + 6 + 3 * 2);
  EXPECT_EQ(read_back(rows), rows);
}

TEST(RoaringWriterTest, TheSmallestFormHasTheShorterHeader) {
  const auto smallest = [](const Rows& rows) {
    EXPECT_EQ(read_back(rows, RoaringForm::kSmallest), rows);
    return size_of(rows, RoaringForm::kSmallest);
  };
  Rows rows{70000};
  EXPECT_EQ(smallest(rows), 4u + 1 + 4 + 2);
  EXPECT_EQ(size_of(rows), 8u + 4 + 4 + 2);
  rows.push_back(200000);
  EXPECT_EQ(smallest(rows), 4u + 1 + 2 * 4 + 2 * 2);
  for (std::uint32_t container = 4; rows.size() < 32; ++container) rows.push_back(container << 16);
  EXPECT_EQ(smallest(rows), size_of(rows));
  rows.pop_back();
  EXPECT_EQ(smallest({rows.begin(), rows.begin() + 24}), size_of({rows.begin(), rows.begin() + 24}) - 1);
}

TEST(RoaringWriterTest, ReadsBackAsWhatWasWritten) {
  std::mt19937 engine(7);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  for (int round = 0; round < 200; ++round) {
    Rows rows;
    std::uint32_t row = random() % 100000;
    const std::uint32_t gap = 1 + random() % 60;
    const std::uint32_t count = 1 + random() % 30000;
    for (std::uint32_t i = 0; i < count; ++i, row += random() % 5 == 0 ? 1 + random() % gap : 1) rows.push_back(row);
    for (const RoaringForm form : {RoaringForm::kDruids, RoaringForm::kWithoutRuns, RoaringForm::kSmallest})
      ASSERT_EQ(read_back(rows, form), rows) << round;
  }
}

}  // namespace
}  // namespace sarsen::storage
