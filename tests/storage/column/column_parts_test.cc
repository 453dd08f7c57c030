// Columns in forms that the segments of tests/golden do not have.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/base/error.h"
#include "storage/column/column_source.h"
#include "tests/storage/hex.h"
#include "tests/storage/segment/row_values.h"

namespace sarsen::storage {
namespace {

class NoFiles final : public LogicalFiles {
 public:
  std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
};

class ColumnParts : public testing::Test {
 protected:
  std::unique_ptr<Column> parse(const std::string& descriptor, std::string_view hex_text, std::uint32_t row_count) {
    bytes_.clear();
    for (int shift = 24; shift >= 0; shift -= 8) bytes_.push_back(static_cast<std::byte>(descriptor.size() >> shift));
    for (const char c : descriptor) bytes_.push_back(static_cast<std::byte>(c));
    const std::string text = compact(hex_text);
    for (std::size_t i = 0; i < text.size(); i += 2)
      bytes_.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return parse_column(bytes_, row_count, files_, {"file", "x", ""});
  }

  static std::string values(const Column& column) {
    RowValues values(&column, column.row_count());
    Json::Array array;
    for (std::uint32_t row = 0; row < column.row_count(); ++row) array.push_back(values.at(row));
    return Json(std::move(array)).dump();
  }

  NoFiles files_;
  std::vector<std::byte> bytes_;
};

std::string descriptor(const std::string& value_type, const std::string& part) {
  return R"({"valueType":")" + value_type + R"(","hasMultipleValues":false,"parts":[{)" + part + "}]}";
}

const std::string kLongs = descriptor("LONG", R"("type":"long","byteOrder":"LITTLE_ENDIAN")");

TEST_F(ColumnParts, ReadsLongsInOnePiece) {
  const auto column = parse(kLongs, "02 00000002 00000000 FE 0100000000000000 FFFFFFFFFFFFFFFF", 2);
  EXPECT_EQ(values(*column), "[1,-1]");
  EXPECT_EQ(column->encoding(), "none");
}

TEST_F(ColumnParts, ReadsPackedLongsInOnePiece) {
  const auto column = parse(kLongs, "02 00000004 00000000 80 00 01 000000000000000A 00000002 2C 00000000", 4);
  EXPECT_EQ(values(*column), "[10,12,13,10]");
  EXPECT_EQ(column->encoding(), "delta of 2 bits, none");
}

TEST_F(ColumnParts, ReadsPackedLongsInBlocks) {
  EXPECT_EQ(values(*parse(kLongs,
                          "02 00000003 00040000 83 01 01 00000002 0000000000000005 0000000000000009"
                          "01 00 00000012 00000001 0000000A 00000000 50 40 00 00 00 00",
                          3)),
            "[5,9,5]");
}

TEST_F(ColumnParts, ReadsBigEndianNumbers) {
  EXPECT_EQ(values(*parse(descriptor("FLOAT", R"("type":"float","byteOrder":"BIG_ENDIAN")"),
                          "02 00000002 00000000 FE 3F800000 C0000000", 2)),
            "[1.0,-2.0]");
}

TEST_F(ColumnParts, TakesLzfWhereTheOldestVersionNamesNoCodec) {
  EXPECT_EQ(
      values(*parse(kLongs,
                    "01 00000001 00002000 01 00 00000019 00000001 00000011 00000000 5A56 00 0008 0700000000000000", 1)),
      "[7]");
}

TEST_F(ColumnParts, ReadsNullColumnsOfEveryType) {
  for (const std::string type : {"STRING", "LONG", "FLOAT", "DOUBLE", "COMPLEX"}) {
    const auto column =
        parse(descriptor(type, R"("type":"null","numRows":3,"bitmapSerdeFactory":{"type":"roaring"})"), "", 3);
    EXPECT_EQ(values(*column), "[null,null,null]") << type;
    EXPECT_TRUE(column->may_have_nulls());
  }
  const auto strings = parse(descriptor("STRING", R"("type":"null","numRows":3)"), "", 3);
  EXPECT_EQ(strings->bitmap_index()->cardinality(0), 3u);
  EXPECT_EQ(strings->dictionary()->find(std::nullopt), 0u);
  EXPECT_THROW(parse(descriptor("STRING", R"("type":"null","numRows":4)"), "", 3), Error);
}

TEST_F(ColumnParts, TellsNoObjectFromOneWithoutBytes) {
  const auto column = parse(descriptor("COMPLEX", R"("type":"complex","typeName":"thetaSketch")"),
                            "01 00 0000001D 00000003 00000004 00000008 0000000D FFFFFFFF 00000000 00000000 07", 3);
  EXPECT_EQ(values(*column), R"([null,"","\u0007"])");
}

TEST_F(ColumnParts, RefusesTheWrongNumberOfRows) {
  EXPECT_THROW(parse(kLongs, "02 00000002 00000000 FE 0100000000000000 FFFFFFFFFFFFFFFF", 3), Error);
}

TEST_F(ColumnParts, RefusesBytesLeftOver) {
  EXPECT_THROW(parse(kLongs, "02 00000001 00000000 FE 0100000000000000 FF", 1), Error);
}

TEST_F(ColumnParts, NamesKindsThatAreNotUnderstood) {
  const auto problem = [&](const std::string& type, const std::string& part, std::string_view hex_text) {
    try {
      parse(descriptor(type, part), hex_text, 1);
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kUnsupported);
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(problem("COMPLEX", R"("type":"notYetInvented")", "00"),
            "file, column x: column of a kind not understood: part type notYetInvented");
  EXPECT_EQ(problem("COMPLEX", R"("type":"complex","typeName":"json")", "06"),
            "file, column x: column of JSON of unknown version 6");
  EXPECT_EQ(problem("ARRAY", R"("type":"long")", "02"), "file, column x: column of a type not understood: ARRAY");
}

}  // namespace
}  // namespace sarsen::storage
