#pragma once
// Compresses blocks: the other direction of codec.h (storage/FORMAT.md, "Compression codecs"). One file per codec. A
// compressor belongs to one thread; it keeps its working memory from block to block.

#include <cstddef>
#include <memory>
#include <span>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec.h"

namespace sarsen::storage {

class BlockCompressor {
 public:
  virtual ~BlockCompressor() = default;
  /// Appends the compressed form of `block`. The same block always gives the same bytes.
  /// REQUIRES: at most kBlockBytesMax bytes.
  virtual void compress(std::span<const std::byte> block, ByteWriter& out) = 0;
};

/// How blocks of values are compressed.
struct BlockCompression {
  CodecId codec = CodecId::kLz4;
  /// The very bytes that Druid makes. Otherwise LZ4 blocks are about as small, and made in a tenth of the time.
  bool druid_bytes = false;
};

/// Druid's bytes. Throws kUnsupported, naming the codec, for kNone, which has no blocks.
std::unique_ptr<BlockCompressor> make_block_compressor(CodecId codec);

/// For blocks of values of `value_width` bytes each; 1 where they have no width. Throws as above.
std::unique_ptr<BlockCompressor> make_value_compressor(const BlockCompression& compression, std::size_t value_width);

/// Chunks as compress-lzf makes them.
std::unique_ptr<BlockCompressor> make_lzf_compressor();

/// Druid's choice, the high-compression mode at its default level: equal blocks become equal bytes as long as both
/// sides use the same matcher (true of liblz4 1.9.3 and 1.9.4).
std::unique_ptr<BlockCompressor> make_lz4_compressor();

/// Blocks of values of one width: searched where values begin, as well as it pays for the block (lz4_value_writer.cc).
std::unique_ptr<BlockCompressor> make_lz4_value_compressor(std::size_t value_width);

/// One frame a block at the highest level, as Druid's. The bytes depend on the version of libzstd.
std::unique_ptr<BlockCompressor> make_zstd_compressor();

}  // namespace sarsen::storage
