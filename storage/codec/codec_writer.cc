#include "storage/codec/codec_writer.h"

#include <string>

namespace sarsen::storage {
namespace {

class PlainBlocks final : public BlockCompressor {
 public:
  void compress(std::span<const std::byte> block, ByteWriter& out) override { out.write(block); }
};

}  // namespace

std::string_view name_of(Compression compression) noexcept {
  switch (compression) {
    case Compression::kLz4:
      return "lz4";
    case Compression::kUncompressed:
      return "uncompressed";
    case Compression::kNone:
      return "none";
  }
  return "";
}

std::uint8_t codec_id(Compression compression) noexcept {
  switch (compression) {
    case Compression::kLz4:
      return 0x01;
    case Compression::kUncompressed:
      return 0xFF;
    case Compression::kNone:
      return 0xFE;
  }
  return 0xFF;
}

std::unique_ptr<BlockCompressor> make_block_compressor(Compression compression) {
  switch (compression) {
    case Compression::kLz4:
      return make_lz4_compressor();
    case Compression::kUncompressed:
      return std::make_unique<PlainBlocks>();
    case Compression::kNone:
      break;
  }
  throw Error(ErrorCategory::kDefensive, "No block codec: " + std::string(name_of(compression)));
}

}  // namespace sarsen::storage
