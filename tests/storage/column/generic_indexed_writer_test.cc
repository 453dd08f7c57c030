#include "storage/column/generic_indexed_writer.h"

#include <gtest/gtest.h>

#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Strings = std::vector<std::optional<std::string_view>>;

std::string list(const Strings& values) {
  ByteWriter out;
  write_string_list(values, out);
  return hex(out);
}

TEST(GenericIndexedWriterTest, WritesNullEmptyAndText) {
  EXPECT_EQ(list({std::nullopt, "", "Bern", "Oslo"}),
            compact("01 01 0000002C 00000004 | 00000004 00000008 00000010 00000018"
                    "| FFFFFFFF | 00000000 | 00000000 4265726E | 00000000 4F736C6F"));
}

TEST(GenericIndexedWriterTest, WritesNoValues) { EXPECT_EQ(list({}), compact("01 01 00000004 00000000")); }

TEST(GenericIndexedWriterTest, BeginsWhereTheBufferEnds) {
  ByteWriter out;
  out.write("xyz");
  GenericIndexedWriter values(out, 1, false);
  values.begin_value();
  out.write("a");
  values.end_value();
  values.finish();
  EXPECT_EQ(hex(out), compact("78797A | 01 00 0000000D 00000001 | 00000005 | 00000000 61"));
}

TEST(GenericIndexedWriterTest, MarksListsAsSortedTheWayDruidDoes) {
  const auto flag = [](const Strings& values) { return list(values).substr(2, 2); };
  EXPECT_EQ(flag({"a", "b"}), "01");
  EXPECT_EQ(flag({"b", "a"}), "00");
  EXPECT_EQ(flag({"a", "a"}), "00");
  EXPECT_EQ(flag({std::nullopt, std::nullopt}), "01");
  EXPECT_EQ(flag({"a", std::nullopt}), "00");
  EXPECT_EQ(flag({"\U0001F600", "\uFF01"}), "01");  // a surrogate, then a code unit past the surrogates
  EXPECT_EQ(flag({"\uFF01", "\U0001F600"}), "00");
}

TEST(GenericIndexedWriterTest, RefusesToGrowPastItsLimit) {
  ByteWriter out;
  GenericIndexedWriter values(out, 2, false, 30);
  values.add_text("12345678");
  EXPECT_THROW(values.add_text("1234567890"), Error);
}

}  // namespace
}  // namespace sarsen::storage
