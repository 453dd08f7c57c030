#include "storage/column/generic_indexed_writer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/column/generic_indexed.h"
#include "tests/storage/column/stream_bytes.h"
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

class GenericIndexedFilesTest : public testing::Test {
 protected:
  /// A list of at most `bytes_max` bytes a file.
  void write(const Strings& values, std::size_t bytes_max) {
    const OverflowFiles overflow{out_, "x.values"};
    GenericIndexedWriter list(out_.bytes(), values.size(), true, bytes_max, &overflow);
    for (const auto& value : values) list.add_text(value);
    list.finish();
  }
  std::string names() const {
    std::string names;
    for (const ColumnOutput::File& file : out_.files()) names += file.name + " ";
    return names;
  }
  void expect_reads_back(const Strings& values) const {
    TextFiles files;
    for (const ColumnOutput::File& file : out_.files()) files.texts[file.name] = text_of(file.bytes);
    ByteReader reader(out_.bytes().view(), "list");
    const GenericIndexed list = GenericIndexed::read(reader, files);
    EXPECT_TRUE(reader.at_end());
    EXPECT_TRUE(list.sorted());
    ASSERT_EQ(list.size(), values.size());
    for (std::uint32_t i = 0; i < values.size(); ++i) {
      const GenericIndexed::Element element = list.element(i);
      EXPECT_EQ(element.null, !values[i].has_value());
      EXPECT_TRUE(std::ranges::equal(element.bytes, std::as_bytes(std::span(values[i].value_or(""))))) << i;
    }
  }

  ColumnOutput out_{"x"};
};

TEST_F(GenericIndexedFilesTest, StaysInOneFileUpToItsLimit) {
  write({"a", "bc"}, 10 + 8 + 5 + 6);
  EXPECT_EQ(names(), "");
  expect_reads_back({"a", "bc"});
}

TEST_F(GenericIndexedFilesTest, ContinuesInFilesPastItsLimit) {
  const Strings values{std::nullopt, "", "a", "bc", "de"};
  write(values, 12);
  // Two a file: the third pair has 5 + 6 bytes, four values have more than 12.
  EXPECT_EQ(hex(out_.bytes()), compact("02 01 00000001 00000005 00000008") + hex("x.values"));
  EXPECT_EQ(names(), "x.values_value_0 x.values_value_1 x.values_value_2 x.values_header ");
  EXPECT_EQ(hex(out_.files()[1].bytes), compact("00000000 61 00000000 6263"));
  EXPECT_EQ(hex(out_.files()[3].bytes), compact("04000000 08000000 05000000 0B000000 06000000"));
  expect_reads_back(values);
}

TEST_F(GenericIndexedFilesTest, TakesFewerValuesAFileWhereLargeOnesMeet) {
  const Strings values{"a", "b", "c", "dddddddddd", "eeeeeeeeee", "f", "g", "h"};
  write(values, 25);
  EXPECT_EQ(out_.files().size(), 5u);  // Four files of two values, and the header.
  expect_reads_back(values);
}

TEST_F(GenericIndexedFilesTest, RefusesAValueThatFitsIntoNoFile) {
  EXPECT_THROW(write({"a", "0123456789"}, 12), Error);
}

}  // namespace
}  // namespace sarsen::storage
