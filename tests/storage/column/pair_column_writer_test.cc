#include "storage/column/pair_column_writer.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

/// The part of a column of such values, as a reader gives them: time, mark, value.
std::string part(const std::string& type, const std::vector<std::optional<std::string>>& values) {
  ByteWriter out;
  const ComplexColumnData column{.type = type, .value = [&](std::uint32_t row) {
                                   return values[row] ? std::optional(std::as_bytes(std::span(*values[row])))
                                                      : std::nullopt;
                                 }};
  write_number_pairs(column, static_cast<std::uint32_t>(values.size()), out);
  return hex(out);
}

std::string pair(std::int64_t time, std::uint8_t mark, const std::string& value = {}) {
  ByteWriter bytes;
  bytes.write_be(time);
  bytes.write_be(mark);
  bytes.write(value);
  return {reinterpret_cast<const char*>(bytes.view().data()), bytes.size()};
}

TEST(PairColumnWriterTest, WritesTimesAsDistancesFromTheLeast) {
  // Blocks so small are literals only.
  const std::string nulls = part("serializablePairLongFloat", {pair(1000, 1), pair(1003, 1)});
  EXPECT_EQ(nulls.substr(0, 24), compact("03 80 0000 E803000000000000"));
  EXPECT_TRUE(nulls.ends_with(compact("A0 00000000 01 03000000 01"))) << nulls;
  const std::string value = part("serializablePairLongFloat", {pair(1000, 0, "\x3F\x80\x01\x02")});
  EXPECT_TRUE(value.ends_with(compact("90 00000000 00 0201803F"))) << value;
}

TEST(PairColumnWriterTest, WritesLongDistancesWhereTheyDoNotFit) {
  const std::string near = part("serializablePairLongLong", {pair(0, 1), pair(INT32_MAX, 1)});
  const std::string far = part("serializablePairLongLong", {pair(0, 1), pair(INT32_MAX + 1LL, 1)});
  EXPECT_EQ(near.substr(0, 4), "0380");
  EXPECT_EQ(far.substr(0, 4), "0300");
}

TEST(PairColumnWriterTest, WritesNullAsACellWithoutBytes) {
  const std::string written = part("serializablePairLongLong", {std::nullopt});
  EXPECT_EQ(written.substr(written.size() - 24), compact("04000000 00000000 00000000"));  // No block of cells.
}

TEST(PairColumnWriterTest, RefusesWhatIsNoPair) {
  EXPECT_THROW(part("serializablePairLongDouble", {"x"}), Error);
  EXPECT_THROW(part("serializablePairLongFloat", {pair(1, 0, "12345678")}), Error);
  EXPECT_FALSE(is_number_pair("serializablePairLongString"));
}

}  // namespace
}  // namespace sarsen::storage
