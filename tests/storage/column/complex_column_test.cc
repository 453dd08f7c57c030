// Complex columns in every layout and of every type, those that stock Druid wrote and those put together here.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "storage/base/error.h"
#include "storage/column/column_source.h"
#include "storage/segment/mapped_segment.h"
#include "tests/storage/column/stream_bytes.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<std::optional<std::string>>;

const fs::path kGolden = source_folder() / "tests" / "golden" / "segments";

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return Json::parse(text);
}

Values values_of(const Column& column) {
  Values values;
  const auto reader = column.complex_reader();
  for (std::uint32_t row = 0; row < column.row_count(); ++row) {
    const auto bytes = reader->read(row);
    values.emplace_back();
    if (bytes) values.back().emplace(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  }
  return values;
}

Json number_of(ByteReader& reader, const std::string& type) {
  if (type.ends_with("String")) {
    const std::int32_t size = reader.read_be<std::int32_t>();
    if (size == -1) return "";
    return size == 0 ? Json() : Json(reader.text(static_cast<std::size_t>(size)));
  }
  if (reader.read_byte() == 1) return {};
  if (type.ends_with("LongLong")) return reader.read_be<std::int64_t>();
  if (type.ends_with("Double")) return reader.read_be<double>();
  return double{reader.read_be<float>()};
}

// [time, value]
Json pair_of(const std::optional<std::string>& bytes, const std::string& type) {
  if (!bytes) return {};
  ByteReader reader(std::as_bytes(std::span(*bytes)), "pair");
  Json time = reader.read_be<std::int64_t>();
  Json value = number_of(reader, type);
  EXPECT_TRUE(reader.at_end());
  return Json::Array{std::move(time), std::move(value)};
}

bool same_value(const Json& wanted, const Json& got) {
  if (wanted.is_number() && got.is_number() && !(wanted.is_integer() && got.is_integer()))
    return wanted.number() == got.number() || static_cast<float>(wanted.number()) == static_cast<float>(got.number());
  return wanted.dump() == got.dump();
}

void compare_pairs(const fs::path& folder, std::size_t& compared) {
  SCOPED_TRACE(folder.string());
  const auto segment = open_segment(folder);
  const Json expected = read_json(folder / "pairs.json");
  const Json::Array& rows = expected.find("rows")->array();
  ASSERT_EQ(rows.size(), segment->row_count());
  for (const std::string& name : segment->metrics()) {
    const Column& column = *segment->column(name);
    if (column.type() != ValueType::kComplex) continue;
    const Values values = values_of(column);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Json pair = pair_of(values[row], std::string(column.complex_type()));
      const Json& wanted = *rows[row].find(name);
      ASSERT_EQ(wanted.array()[0].integer(), pair.array()[0].integer()) << name << ", row " << row;
      ASSERT_TRUE(same_value(wanted.array()[1], pair.array()[1]))
          << name << ", row " << row << ": wanted " << wanted.dump() << ", got " << pair.dump();
      ++compared;
    }
  }
}

TEST(ComplexColumn, ReadsThePairsOfDruid) {
  std::size_t compared = 0;
  compare_pairs(kGolden / "druid-33.0.0-pairs", compared);        // strings in the default layout
  compare_pairs(kGolden / "druid-33.0.0-pairs-cells", compared);  // all in cells, times of 32 bits
  compare_pairs(kGolden / "druid-33.0.0-pairs-wide", compared);   // times of 64 bits
  EXPECT_EQ(compared, 8u * (40 + 40 + 60));
}

TEST(ComplexColumn, ReadsEveryTypeAsBytes) {
  const auto segment = open_segment(kGolden / "druid-33.0.0-complex-types");
  std::size_t types = 0;
  for (const std::string& name : segment->metrics()) {
    const Column& column = *segment->column(name);
    if (column.type() != ValueType::kComplex) continue;
    EXPECT_EQ(column.complex_type(), name);
    std::size_t size = 0;
    for (const auto& value : values_of(column)) size += value.value_or("").size();
    EXPECT_GT(size, 4u * segment->row_count()) << name;
    ++types;
  }
  EXPECT_EQ(types, 9u);
}

// The same rows in the default layout are in the segment beside it.
TEST(ComplexColumn, ReadsTheCompressedLayoutOfDruid) {
  const fs::path shared = shared_folder() / "data" / "druid-segments";
  if (!fs::is_directory(shared)) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  for (const auto& [compressed, plain] : {std::pair{"31.0.2/spec-complex-lz4", "33.0.0/spec-front4-v1"},
                                          std::pair{"37.0.0/spec-complex-zstd", "37.0.0/spec-concise"}}) {
    SCOPED_TRACE(compressed);
    const auto segment = open_segment(shared / compressed);
    const auto same_rows = open_segment(shared / plain);
    const Column& users = *segment->column("users");
    EXPECT_NE(users.encoding().find("bytes a block"), std::string::npos) << users.encoding();
    EXPECT_EQ(values_of(users), values_of(*same_rows->column("users")));
    EXPECT_GT(users.size_bytes(), 1000u);
  }
}

class ComplexParts : public testing::Test {
 protected:
  std::unique_ptr<Column> parse(const std::string& type, std::string_view part, std::uint32_t rows) {
    const std::string descriptor = R"({"valueType":"COMPLEX","parts":[{"type":"complex","typeName":")" + type + "\"}]}";
    ByteWriter writer;
    writer.write_be(static_cast<std::uint32_t>(descriptor.size()));
    writer.write(descriptor);
    writer.write(part);
    bytes_ = text_of(writer);
    return parse_column(std::as_bytes(std::span(bytes_)), rows, files_, {"file", "x", ""});
  }

  static std::string compressed_part(bool has_nulls, std::uint8_t version = 0) {
    const std::string metadata =
        R"({"byteOrder":"LITTLE_ENDIAN","bitmapSerdeFactory":{"type":"roaring"},"fileNameBase":"b/x","hasNulls":)" +
        std::string(has_nulls ? "true}" : "false}");
    ByteWriter writer;
    writer.write_be<std::uint8_t>(0x7F);
    writer.write_be(version);
    writer.write_be(static_cast<std::uint32_t>(metadata.size()));
    writer.write(metadata);
    return text_of(writer);
  }

  TextFiles files_;
  std::string bytes_;
};

TEST_F(ComplexParts, ReadsTheCompressedLayoutWithNulls) {
  add_blob_column(files_, "b/x.__complexColumn", {"one", "", "", std::string(100'000, 'x')});
  files_.texts["b/x.__nullIndex"] =
      std::string("\0\0\0\x12", 4) + std::string("\x3A\x30\0\0\1\0\0\0\0\0\0\0\x10\0\0\0\1\0", 18);  // Roaring: row 1
  const auto column = parse("anything", compressed_part(true), 4);
  EXPECT_EQ(column->logical_type(), "COMPLEX<anything>");
  EXPECT_EQ(values_of(*column), (Values{"one", std::nullopt, "", std::string(100'000, 'x')}));
  EXPECT_EQ(values_of(*parse("anything", compressed_part(false), 4))[1], "");
}

TEST_F(ComplexParts, RefusesCompressedLayoutsThatLie) {
  EXPECT_THROW(parse("a", compressed_part(false), 2), Error);  // no files
  add_blob_column(files_, "b/x.__complexColumn", {"a", "b"});
  EXPECT_NO_THROW(parse("a", compressed_part(false), 2));
  EXPECT_THROW(parse("a", compressed_part(false), 3), Error);        // rows
  EXPECT_THROW(parse("a", compressed_part(true), 2), Error);         // no bitmap
  EXPECT_THROW(parse("a", compressed_part(false, 1), 2), Error);     // version
  EXPECT_THROW(parse("a", compressed_part(false) + "x", 2), Error);  // left over
  files_.texts["b/x.__nullIndex"] = std::string("\0\0\0\x13", 4);
  EXPECT_THROW(parse("a", compressed_part(true), 2), Error);  // truncated
}

// A column of cells as Druid's serializer writes it: begins and cells, each a size, a block index and blocks.
std::string block_store(std::string_view stream) {
  const std::vector<std::string> blocks = compressed_blocks(stream, kBlockBytesMax, CodecId::kLz4, false);
  ByteWriter writer;
  writer.write_le(static_cast<std::uint32_t>(4 * (blocks.size() + 1)));
  std::uint32_t end = 0;
  writer.write_le(end);
  for (const std::string& block : blocks) writer.write_le(end += static_cast<std::uint32_t>(block.size()));
  writer.write_le(end);
  for (const std::string& block : blocks) writer.write(block);
  return text_of(writer);
}

std::string cell_part(const std::vector<std::string>& cells, std::uint64_t least_time, bool short_times) {
  ByteWriter begins;
  std::string all;
  for (const std::string& cell : cells) {
    begins.write_le(static_cast<std::uint64_t>(all.size()));
    all += cell;
  }
  begins.write_le(static_cast<std::uint64_t>(all.size()));
  ByteWriter writer;
  writer.write_be<std::uint8_t>(3);
  writer.write_be<std::uint8_t>(short_times ? 0x80 : 0);
  writer.write_be<std::uint16_t>(0);
  writer.write_le(least_time);
  for (const std::string& store : {block_store(text_of(begins)), block_store(all)}) {
    writer.write_le(static_cast<std::uint32_t>(store.size()));
    writer.write(store);
  }
  return text_of(writer);
}

std::string string_cell(std::int32_t above_least, std::int32_t size, std::string_view text) {
  ByteWriter writer;
  writer.write_le(above_least);
  writer.write_le(size);
  writer.write(text);
  return text_of(writer);
}

TEST_F(ComplexParts, ReadsStringCellsAcrossBlocks) {
  std::vector<std::string> cells = {string_cell(7, 0, ""), "", string_cell(0, -1, "")};
  std::vector<std::string> wanted = {"[107,null]", "null", R"([100,""])"};
  for (int i = 0; i < 30'000; ++i) {
    const std::string text = "text " + std::to_string(i);
    cells.push_back(string_cell(i, static_cast<std::int32_t>(text.size()), text));
    wanted.push_back("[" + std::to_string(100 + i) + ",\"" + text + "\"]");
  }
  const auto column =
      parse("serializablePairLongString", cell_part(cells, 100, true), static_cast<std::uint32_t>(cells.size()));
  const Values values = values_of(*column);
  for (std::size_t row = 0; row < cells.size(); ++row)
    ASSERT_EQ(pair_of(values[row], "serializablePairLongString").dump(), wanted[row]);
  EXPECT_EQ(column->encoding(), "cells, lz4, 65536 bytes a block");
}

std::string long_cell(std::int64_t above_least, std::string_view rest) {
  ByteWriter writer;
  writer.write_le(above_least);
  writer.write(rest);
  return text_of(writer);
}

TEST_F(ComplexParts, ReadsNumbersWithAndWithoutTheMarkOfNull) {
  const std::string two("\2\0\0\0\0\0\0\0", 8);
  const std::vector<std::string> cells = {long_cell(0, std::string(1, '\0') + two), long_cell(1, "\1"),
                                          long_cell(2, two), long_cell(3, ""), ""};
  const auto column = parse("serializablePairLongLong", cell_part(cells, 5, false), 5);
  std::string got;
  for (const auto& value : values_of(*column)) got += pair_of(value, "serializablePairLongLong").dump();
  EXPECT_EQ(got, "[5,2][6,null][7,2][8,null]null");
}

TEST_F(ComplexParts, RefusesCellsThatLie) {
  const auto reads = [&](const std::string& type, const std::string& part, std::uint32_t rows) {
    try {
      values_of(*parse(type, part, rows));
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  const std::string longs = "serializablePairLongLong";
  const std::string strings = "serializablePairLongString";
  const std::string good = cell_part({string_cell(1, 1, "a")}, 0, true);
  EXPECT_TRUE(reads(strings, good, 1));
  EXPECT_FALSE(reads(strings, good, 2));
  EXPECT_FALSE(reads(strings, good, 100'000));
  EXPECT_FALSE(reads(strings, good + "x", 1));
  EXPECT_FALSE(reads("hyperUnique", good, 1));
  EXPECT_FALSE(reads(strings, cell_part({string_cell(1, 2, "a")}, 0, true), 1));
  EXPECT_FALSE(reads(strings, cell_part({string_cell(1, -2, "a")}, 0, true), 1));
  EXPECT_FALSE(reads(strings, cell_part({string_cell(1, 0, "a")}, 0, true), 1));
  EXPECT_FALSE(reads(strings, cell_part({"abc"}, 0, true), 1));
  EXPECT_FALSE(reads(longs, cell_part({long_cell(1, "abc")}, 0, false), 1));
  EXPECT_FALSE(reads(longs, cell_part({long_cell(1, "\1abcdefgh")}, 0, false), 1));
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(reads(strings, good.substr(0, size), 1)) << size;
  std::string flags = good;
  flags[1] = '\x81';
  EXPECT_FALSE(reads(strings, flags, 1));
}

}  // namespace
}  // namespace sarsen::storage
