#include "storage/column/blob_column.h"

#include <gtest/gtest.h>

#include <vector>

#include "storage/base/error.h"
#include "tests/storage/column/stream_bytes.h"

namespace sarsen::storage {
namespace {

const Place kPlace{"file", "x", ""};

std::string read(BlobReader& reader, std::uint32_t index) {
  const auto bytes = reader.read(index);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::string> some_values(std::size_t count) {
  std::vector<std::string> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i].assign(i * i % 23, static_cast<char>('a' + i % 26));
  return values;
}

TEST(BlobColumn, ReadsValuesInAnyOrder) {
  const std::vector<std::string> values = some_values(500);
  for (const std::size_t block_bytes : {std::size_t{8}, std::size_t{64}, kBlockBytesMax}) {
    TextFiles files;
    add_blob_column(files, "x.__raw", values, block_bytes);
    const BlobColumn column(files, "x.__raw", kPlace);
    ASSERT_EQ(column.size(), values.size());
    BlobReader reader(column);
    for (std::uint32_t i = 0; i < values.size(); ++i) ASSERT_EQ(read(reader, i), values[i]) << i;
    for (auto i = static_cast<std::uint32_t>(values.size()); i-- > 0;) ASSERT_EQ(read(reader, i), values[i]) << i;
  }
}

TEST(BlobColumn, MayBeEmpty) {
  TextFiles files;
  add_blob_column(files, "x", {});
  EXPECT_EQ(BlobColumn(files, "x", kPlace).size(), 0u);
}

TEST(BlobColumn, NamesTheFileThatIsMissing) {
  for (const std::string missing : {"x", "x_offsets", "x_compressed"}) {
    TextFiles files;
    add_blob_column(files, "x", {"a"});
    files.texts.erase(missing);
    try {
      const BlobColumn column(files, "x", kPlace);
      FAIL() << missing;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()), "no logical file " + missing);
    }
  }
}

TEST(BlobColumn, RefusesHeadersThatLie) {
  const auto opens = [](const std::string& count) {
    TextFiles files;
    add_blob_column(files, "x", {"a", "b"});
    files.texts["x"] = count;
    try {
      const BlobColumn column(files, "x", kPlace);
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  EXPECT_TRUE(opens(std::string("\1\0\0\0\2", 5)));
  EXPECT_FALSE(opens(std::string("\2\0\0\0\2", 5)));          // version
  EXPECT_FALSE(opens(std::string("\1\0\0\0\2\0", 6)));        // left over
  EXPECT_FALSE(opens(std::string("\1\0\0\0", 4)));            // truncated
  EXPECT_FALSE(opens(std::string("\1\x7F\xFF\xFF\xFF", 5)));  // more values than blocks can hold ends
  EXPECT_FALSE(opens(std::string("\1\xFF\xFF\xFF\xFF", 5)));  // negative
}

TEST(BlobColumn, RefusesEndsThatLie) {
  for (const std::vector<std::uint64_t>& ends :
       {std::vector<std::uint64_t>{2, 1}, {1, 3}, {1, 1ULL << 63}, {UINT64_MAX, 2}}) {
    TextFiles files;
    add_blob_column(files, "x", {"a", "b"});
    ByteWriter bytes;
    for (const std::uint64_t end : ends) bytes.write_le(end);
    files.texts["x_offsets"] = byte_stream(text_of(bytes));
    const BlobColumn column(files, "x", kPlace);
    BlobReader reader(column);
    EXPECT_THROW(read(reader, 1), Error) << ends[0] << ' ' << ends[1];
  }
}

TEST(BlobColumn, RefusesAnEndThatIsNotThere) {
  TextFiles files;
  add_blob_column(files, "x", {"a", "b"});
  files.texts["x"] = std::string("\1\0\0\0\3", 5);
  const BlobColumn column(files, "x", kPlace);
  BlobReader reader(column);
  EXPECT_EQ(read(reader, 1), "b");
  EXPECT_THROW(read(reader, 2), Error);
}

}  // namespace
}  // namespace sarsen::storage
