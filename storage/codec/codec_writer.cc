#include "storage/codec/codec_writer.h"

#include <string>

namespace sarsen::storage {
namespace {

class PlainBlocks final : public BlockCompressor {
 public:
  void compress(std::span<const std::byte> block, ByteWriter& out) override { out.write(block); }
};

}  // namespace

std::unique_ptr<BlockCompressor> make_block_compressor(CodecId codec) {
  switch (codec) {
    case CodecId::kLzf:
      return make_lzf_compressor();
    case CodecId::kLz4:
      return make_lz4_compressor();
    case CodecId::kZstd:
      return make_zstd_compressor();
    case CodecId::kUncompressed:
      return std::make_unique<PlainBlocks>();
    case CodecId::kNone:
      break;
  }
  throw Error(ErrorCategory::kUnsupported, "This codec has no blocks, id " + std::to_string(static_cast<int>(codec)));
}

std::unique_ptr<BlockCompressor> make_value_compressor(const BlockCompression& compression, std::size_t value_width) {
  if (compression.codec == CodecId::kLz4 && !compression.druid_bytes) return make_lz4_value_compressor(value_width);
  return make_block_compressor(compression.codec);
}

}  // namespace sarsen::storage
