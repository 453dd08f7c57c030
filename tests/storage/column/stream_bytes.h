#pragma once
// Byte streams as Druid's serializers write them, put together from the rules of storage/FORMAT.md: for tests.

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec_writer.h"
#include "storage/column/logical_files.h"

namespace sarsen::storage {

/// Logical files in memory.
class TextFiles final : public LogicalFiles {
 public:
  std::optional<std::span<const std::byte>> find(std::string_view name) const override {
    const auto found = texts.find(name);
    if (found == texts.end()) return std::nullopt;
    return std::as_bytes(std::span(found->second));
  }

  std::map<std::string, std::string, std::less<>> texts;
};

inline std::string text_of(const ByteWriter& bytes) {
  return {reinterpret_cast<const char*>(bytes.view().data()), bytes.size()};
}

/// The blocks of a stream, compressed one by one. `with_empty_last`: a block without bytes where the stream ends at a
/// border, as CompressedBlockSerializer leaves it.
inline std::vector<std::string> compressed_blocks(std::string_view stream, std::size_t block_bytes, CodecId codec,
                                                  bool with_empty_last) {
  std::vector<std::string> blocks;
  for (std::size_t begin = 0; begin < stream.size(); begin += block_bytes) {
    const std::string_view block = stream.substr(begin, block_bytes);
    ByteWriter bytes;
    if (codec == CodecId::kUncompressed) {
      bytes.write(block);
    } else {
      make_block_compressor(codec)->compress(std::as_bytes(std::span(block)), bytes);
    }
    blocks.push_back(text_of(bytes));
  }
  if (with_empty_last && stream.size() % block_bytes == 0)
    blocks.emplace_back(codec == CodecId::kLz4 ? std::string(1, '\0') : std::string());
  return blocks;
}

/// Version, codec, block size, number of blocks, ends, blocks.
inline std::string byte_stream(std::string_view stream, std::size_t block_bytes = kBlockBytesMax,
                               CodecId codec = CodecId::kLz4) {
  const std::vector<std::string> blocks = compressed_blocks(stream, block_bytes, codec, true);
  ByteWriter bytes;
  bytes.write_be<std::uint8_t>(1);
  bytes.write_be(static_cast<std::uint8_t>(codec));
  bytes.write_be(static_cast<std::uint32_t>(block_bytes));
  bytes.write_be(static_cast<std::uint32_t>(blocks.size()));
  std::uint32_t end = 0;
  for (const std::string& block : blocks) bytes.write_le(end += static_cast<std::uint32_t>(block.size()));
  for (const std::string& block : blocks) bytes.write(block);
  return text_of(bytes);
}

/// The three files of a blob column.
inline void add_blob_column(TextFiles& files, const std::string& name, const std::vector<std::string>& values,
                            std::size_t block_bytes = kBlockBytesMax, CodecId codec = CodecId::kLz4) {
  ByteWriter count;
  ByteWriter ends;
  std::string all;
  count.write_be<std::uint8_t>(1);
  count.write_be(static_cast<std::uint32_t>(values.size()));
  for (const std::string& value : values) {
    all += value;
    ends.write_le(static_cast<std::uint64_t>(all.size()));
  }
  files.texts[name] = text_of(count);
  files.texts[name + "_offsets"] = byte_stream(text_of(ends), block_bytes, codec);
  files.texts[name + "_compressed"] = byte_stream(all, block_bytes, codec);
}

}  // namespace sarsen::storage
