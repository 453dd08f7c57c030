#pragma once
// The values of one structure, cut into blocks: value i lies in block i / values_per_block(). A block is either decoded
// into the block cache or, where it is stored plain, the mapped bytes themselves. A structure without blocks (codec
// none, uncompressed ids) is one block.
//
// Format: storage/FORMAT.md, "Block layout". Thread safety: const methods from any thread; a BlockCursor belongs to
// one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "storage/cache/block_cache.h"
#include "storage/codec/codec.h"
#include "storage/column/generic_indexed.h"
#include "storage/column/place.h"

namespace sarsen::storage {

/// The bytes of one block, alive as long as this is held (and the segment is).
struct PinnedBlock {
  BlockCache::Block owner;  // null for mapped bytes
  std::span<const std::byte> bytes;
};

/// Decodes one block; what it holds beyond `bytes_max` is cut off. Throws where it is corrupt.
BlockCache::Block decode_block(const Codec& codec, std::span<const std::byte> stored, std::size_t bytes_max);

class Blocks {
 public:
  struct Shape {
    std::uint32_t value_count;
    std::uint32_t values_per_block;
    std::uint32_t bits_per_value;
  };

  /// Throws where the number of blocks does not fit the shape or a block would be larger than a block may be.
  Blocks(const Shape& shape, GenericIndexed elements, const Codec& codec, Place place);
  /// One block of plain bytes: `bytes` must hold all values.
  Blocks(std::uint32_t value_count, std::uint32_t bits_per_value, std::span<const std::byte> bytes);
  ~Blocks();
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  std::uint32_t value_count() const noexcept { return shape_.value_count; }
  std::uint32_t values_per_block() const noexcept { return shape_.values_per_block; }
  /// "lz4, 8192 values a block".
  std::string encoding() const;

  /// At least as many bytes as the values of the block need. REQUIRES: `index` < number of blocks. Throws where the
  /// block cannot be decoded.
  PinnedBlock pin(std::uint32_t index) const;

  /// Drops the decoded blocks from the cache, where something better than they was made of them.
  void forget_decoded() const;

 private:
  std::size_t bytes_of_values(std::uint32_t count) const noexcept;
  std::size_t block_bytes(std::uint32_t index) const noexcept;
  BlockCache::Block decode(std::uint32_t index) const;

  Shape shape_;
  GenericIndexed elements_;
  const Codec* codec_ = nullptr;  // null: one block, `plain_`
  std::span<const std::byte> plain_;
  Place place_;
  std::uint64_t owner_ = 0;
};

/// Holds the block it looked at last: neighbouring vectors mostly share one.
class BlockCursor {
 public:
  explicit BlockCursor(const Blocks& blocks) : blocks_(&blocks) {}

  /// Values [first, first + count) of the block that holds value `first`, cut to that block.
  struct Piece {
    const std::byte* block;  // its first byte
    std::uint32_t first;     // position inside the block
    std::uint32_t count;
  };
  Piece seek(std::uint32_t first, std::uint32_t count);

 private:
  const Blocks* blocks_;
  PinnedBlock pinned_;
  std::uint32_t index_ = UINT32_MAX;
};

/// Calls `action(piece, offset)` for each piece of values [first, first + count); `offset` counts from `first`.
template <class Action>
void for_each_piece(BlockCursor& cursor, std::uint32_t first, std::uint32_t count, Action&& action) {
  for (std::uint32_t offset = 0; offset < count;) {
    const BlockCursor::Piece piece = cursor.seek(first + offset, count - offset);
    action(piece, offset);
    offset += piece.count;
  }
}

}  // namespace sarsen::storage
