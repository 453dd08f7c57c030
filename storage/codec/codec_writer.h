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

/// Throws kUnsupported, naming the codec, for kNone, which has no blocks.
std::unique_ptr<BlockCompressor> make_block_compressor(CodecId codec);

/// Chunks as compress-lzf makes them.
std::unique_ptr<BlockCompressor> make_lzf_compressor();

/// Druid's choice, the high-compression mode at its default level: equal blocks become equal bytes as long as both
/// sides use the same matcher (true of liblz4 1.9.3 and 1.9.4).
std::unique_ptr<BlockCompressor> make_lz4_compressor();

/// One frame a block at the highest level, as Druid's. The bytes depend on the version of libzstd.
std::unique_ptr<BlockCompressor> make_zstd_compressor();

}  // namespace sarsen::storage
