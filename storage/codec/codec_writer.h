#pragma once
// Compresses blocks (storage/FORMAT.md, "Block codecs"). One file per codec that needs a library; what they share is
// the interface below. A compressor belongs to one thread; it keeps its working memory from block to block.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "storage/base/byte_writer.h"

namespace sarsen::storage {

/// How the values of a column are packed; the names are those of Druid's index spec.
enum class Compression : std::uint8_t {
  kLz4,
  kUncompressed,  // cut into blocks all the same
  kNone,          // one array without blocks; numbers only
};

/// The most bytes that a block may hold, before compression.
inline constexpr std::size_t kBlockBytesMax = 65536;

/// "lz4": as in Druid's index spec.
std::string_view name_of(Compression compression) noexcept;

/// The codec byte of a column's header.
std::uint8_t codec_id(Compression compression) noexcept;

class BlockCompressor {
 public:
  virtual ~BlockCompressor() = default;
  /// Appends the compressed form of `block`. The same block always gives the same bytes.
  /// REQUIRES: 1 to kBlockBytesMax bytes.
  virtual void compress(std::span<const std::byte> block, ByteWriter& out) = 0;
};

/// REQUIRES: a compression of blocks, thus not kNone.
std::unique_ptr<BlockCompressor> make_block_compressor(Compression compression);

/// Druid's choice, the high-compression mode at its default level: equal blocks become equal bytes as long as both
/// sides use the same liblz4 matcher (true of 1.9.3 and 1.9.4).
std::unique_ptr<BlockCompressor> make_lz4_compressor();

}  // namespace sarsen::storage
