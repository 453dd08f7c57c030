#include "storage/column/packed_ids.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/base/error.h"
#include "storage/column/id_lists.h"
#include "tests/storage/hex.h"

namespace sarsen::storage {
namespace {

using Ids = std::vector<std::uint32_t>;

class NoFiles final : public LogicalFiles {
 public:
  std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
};

class PackedIdsTest : public testing::Test {
 protected:
  ByteReader reader(std::string_view hex_text) {
    const std::string text = compact(hex_text);
    bytes_.clear();
    for (std::size_t i = 0; i < text.size(); i += 2)
      bytes_.push_back(static_cast<std::byte>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return ByteReader(bytes_, "ids");
  }

  Ids all(const PackedIds& ids, std::uint64_t limit = ~0U) {
    Ids scratch(ids.size());
    const std::uint32_t* values = PackedIdsReader(ids, limit, place_).read(0, ids.size(), scratch.data());
    return {values, values + ids.size()};
  }

  Ids blocks(std::string_view hex_text, std::endian order = std::endian::little) {
    ByteReader in = reader(hex_text);
    return all(PackedIds::read_blocks(in, order, files_, place_));
  }

  NoFiles files_;
  Place place_;
  std::vector<std::byte> bytes_;
};

TEST_F(PackedIdsTest, ReadsPlainIdsBigEndian) {
  const auto plain = [&](std::string_view hex_text) {
    ByteReader in = reader(hex_text);
    return all(PackedIds::read_plain(in));
  };
  EXPECT_EQ(plain("00 01 00000006 02 00 01 000000"), (Ids{2, 0, 1}));
  EXPECT_EQ(plain("00 02 00000006 0102 0003 0000"), (Ids{0x102, 3}));
  EXPECT_EQ(plain("00 03 00000007 010203 000004 00"), (Ids{0x10203, 4}));
  EXPECT_EQ(plain("00 04 00000004 01020304"), Ids{0x1020304});
  EXPECT_THROW(plain("00 02 00000007 0102 0003 000000"), Error);
  EXPECT_THROW(plain("00 05 00000006 02 00 01 000000"), Error);
  EXPECT_THROW(plain("00 01 00000002 02 00"), Error);
  EXPECT_THROW(plain("01 01 00000006 02 00 01 000000"), Error);
}

TEST_F(PackedIdsTest, ReadsBlocksInTheOrderOfTheColumn) {
  // Uncompressed blocks, so that the bytes can be seen.
  EXPECT_EQ(blocks("02 01 00000003 00000004 FF 01 00 0000000F 00000001 00000007 00000000 020001"), (Ids{2, 0, 1}));
  EXPECT_EQ(blocks("02 02 00000002 00000004 FF 01 00 00000010 00000001 00000008 00000000 0201 0300"), (Ids{0x102, 3}));
  EXPECT_EQ(blocks("02 02 00000002 00000004 FF 01 00 00000010 00000001 00000008 00000000 0102 0003", std::endian::big),
            (Ids{0x102, 3}));
  EXPECT_EQ(blocks("02 03 00000001 00000004 FF 01 00 0000000F 00000001 00000007 00000000 030201"), Ids{0x10203});
  EXPECT_EQ(blocks("02 03 00000001 00000004 FF 01 00 0000000F 00000001 00000007 00000000 010203", std::endian::big),
            Ids{0x10203});
  EXPECT_EQ(blocks("02 04 00000001 00000004 FF 01 00 00000010 00000001 00000008 00000000 04030201"), Ids{0x1020304});
}

TEST_F(PackedIdsTest, ReadsAcrossBlocks) {
  EXPECT_EQ(blocks("02 01 00000003 00000002 FF 01 00 00000017 00000002 00000006 0000000B 00000000 0506 00000000 07"),
            (Ids{5, 6, 7}));
}

TEST_F(PackedIdsTest, RefusesBlocksThatLie) {
  EXPECT_THROW(blocks("02 01 00000003 00000003 FF 01 00 0000000F 00000001 00000007 00000000 020001"), Error);
  EXPECT_THROW(blocks("02 01 00000004 00000004 FF 01 00 0000000F 00000001 00000007 00000000 020001"), Error);
  EXPECT_THROW(blocks("02 01 00000005 00000004 FF 01 00 0000000F 00000001 00000007 00000000 020001"), Error);
  EXPECT_THROW(blocks("02 01 00020000 00020000 FF 01 00 0000000F 00000001 00000007 00000000 020001"), Error);
  EXPECT_THROW(blocks("02 01 00000003 00000000 FF 01 00 0000000F 00000001 00000007 00000000 020001"), Error);
  EXPECT_THROW(blocks("02 01 00000003 00000004 FE 020001"), Error);
}

TEST_F(PackedIdsTest, ProvesIdsToBeBelowTheLimit) {
  ByteReader in = reader("00 01 00000006 02 00 01 000000");
  const PackedIds ids = PackedIds::read_plain(in);
  EXPECT_EQ(all(ids, 3), (Ids{2, 0, 1}));
  EXPECT_THROW(all(ids, 2), Error);
}

class IdListsTest : public PackedIdsTest {
 protected:
  // "0 1 | | 2": rows separated by bars.
  std::string lists(const IdLists& lists, std::uint32_t begin, std::uint32_t count) {
    const auto list_reader = lists.reader(3, place_);
    const StringReader::Lists rows = list_reader->read_lists(begin, count);
    std::string text;
    for (std::uint32_t row = 0; row < count; ++row) {
      for (std::uint32_t i = rows.offsets[row]; i < rows.offsets[row + 1]; ++i)
        text += std::to_string(rows.ids[i]) + ' ';
      text += "| ";
    }
    return text;
  }
};

TEST_F(IdListsTest, ReadsPlainLists) {
  ByteReader in = reader("01 01 00000016 00000003 00000002 00000002 00000003 01 02 02 000000");
  const auto read = read_plain_id_lists(in);
  ASSERT_EQ(read->size(), 3u);
  EXPECT_EQ(lists(*read, 0, 3), "1 2 | | 2 | ");
  EXPECT_EQ(lists(*read, 1, 2), "| 2 | ");
  EXPECT_EQ(lists(*read, 2, 1), "2 | ");
}

TEST_F(IdListsTest, ReadsCompressedListsOfBothKinds) {
  const std::string values = "02 01 00000003 00010000 01 01 00 00000010 00000001 00000008 00000000 30 01 02 02";
  ByteReader wide = reader(
      "03 02 00000004 00004000 01 01 00 0000001E 00000001 00000016 00000000 F0 01 00000000 02000000 "
      "02000000 03000000" +
      values);
  EXPECT_EQ(lists(*read_id_lists(wide, std::endian::little, files_, place_), 0, 3), "1 2 | | 2 | ");
  ByteReader narrow =
      reader("02 02 01 00000004 00010000 01 01 00 00000011 00000001 00000009 00000000 40 00 02 02 03" + values);
  const auto read = read_id_lists(narrow, std::endian::little, files_, place_);
  EXPECT_EQ(lists(*read, 0, 3), "1 2 | | 2 | ");
  EXPECT_EQ(lists(*read, 1, 1), "| ");
}

TEST_F(IdListsTest, RefusesOffsetsThatLie) {
  for (const char* text : {
           "01 01 00000016 00000003 00000002 00000001 00000003 01 02 02 000000",  // falls
           "01 01 00000016 00000003 00000002 00000002 00000004 01 02 02 000000",  // past the values
           "01 01 00000016 00000003 00000002 00000002 00000003 01 02 03 000000",  // an id past the dictionary
       }) {
    ByteReader in = reader(text);
    const auto read = read_plain_id_lists(in);
    EXPECT_THROW(lists(*read, 0, 3), Error) << text;
  }
  ByteReader in = reader("01 01 00000016 00000005 00000002 00000001 00000003 01 02 02 000000");
  EXPECT_THROW(read_plain_id_lists(in), Error);
}

}  // namespace
}  // namespace sarsen::storage
