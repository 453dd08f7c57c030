#include "storage/column/blob_column_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/column/blob_column.h"
#include "tests/storage/column/stream_bytes.h"

namespace sarsen::storage {
namespace {

TextFiles written(const std::vector<std::string>& values, CodecId codec) {
  BlobColumnWriter writer(codec);
  for (const std::string& value : values) writer.add(std::as_bytes(std::span(value)));
  ColumnOutput out("x");
  writer.finish("x.__raw", out);
  TextFiles files;
  for (const ColumnOutput::File& file : out.files()) files.texts[file.name] = text_of(file.bytes);
  return files;
}

std::vector<std::string> some_values(std::size_t count) {
  std::vector<std::string> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i].assign(i * i % 977, static_cast<char>('a' + i % 26));
  return values;
}

TEST(BlobColumnWriterTest, ReadsBackWithEachCodec) {
  for (const CodecId codec : {CodecId::kLz4, CodecId::kLzf, CodecId::kZstd, CodecId::kUncompressed})
    for (const std::size_t count : {0U, 1U, 3000U}) {
      const std::vector<std::string> values = some_values(count);
      const TextFiles files = written(values, codec);
      const BlobColumn column(files, "x.__raw", Place{"file", "x", ""});
      ASSERT_EQ(column.size(), count);
      BlobReader reader(column);
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto bytes = reader.read(i);
        ASSERT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), values[i]) << i;
      }
    }
}

TEST(BlobColumnWriterTest, WritesTheOffsetsFirst) {
  BlobColumnWriter writer(CodecId::kLz4);
  ColumnOutput out("x");
  writer.finish("x.y", out);
  std::string names;
  for (const ColumnOutput::File& file : out.files()) names += file.name + " ";
  EXPECT_EQ(names, "x.y_offsets x.y_compressed x.y ");
}

/// The number of blocks of the stream of values, from its header.
std::uint32_t blocks(const std::vector<std::string>& values) {
  const std::string stream = written(values, CodecId::kUncompressed).texts.at("x.__raw_compressed");
  return load_be<std::uint32_t>(reinterpret_cast<const std::byte*>(stream.data()) + 6);
}

TEST(BlobColumnWriterTest, ClosesBlocksAsDruidDoes) {
  EXPECT_EQ(blocks({}), 1u);
  EXPECT_EQ(blocks({std::string(65535, 'x')}), 1u);
  EXPECT_EQ(blocks({std::string(65536, 'x')}), 1u);
  EXPECT_EQ(blocks({std::string(65537, 'x')}), 2u);
  // A value that was cut closes the block that it fills, and leaves an empty one.
  EXPECT_EQ(blocks({std::string(131072, 'x')}), 3u);
  EXPECT_EQ(blocks({std::string(65536, 'x'), std::string(65536, 'x')}), 2u);
}

}  // namespace
}  // namespace sarsen::storage
