#pragma once
// Writes values of one width as compressed blocks (storage/FORMAT.md, "Block layout"). Thread-safe: no state.

#include <cstddef>
#include <functional>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec_writer.h"
#include "storage/column/column_output.h"

namespace sarsen::storage {

/// The measures of a block layout. Druid packs as many values into a block as fit into 64 KiB and are a power of two.
struct BlockLayout {
  std::size_t value_width = 0;       // bytes
  std::size_t values_per_block = 0;  // the last block may hold fewer
  /// The bytes of a block of `count` values, where that is not value_width each.
  std::function<std::size_t(std::size_t count)> block_bytes = {};

  std::size_t bytes(std::size_t count) const { return block_bytes ? block_bytes(count) : value_width * count; }
};

/// Writes the bytes of the values [begin, begin + count), low byte first, to `block`, which is all zero.
using FillBlock = std::function<void(std::size_t begin, std::size_t count, std::byte* block)>;

/// Appends the blocks of `value_count` values. Blocks of more than 2 GiB continue in `overflow`; without it they are
/// refused with kUnsupported. REQUIRES: a compression of blocks.
void write_blocks(const BlockCompression& compression, const BlockLayout& layout, std::size_t value_count,
                  const FillBlock& fill, ByteWriter& out, const OverflowFiles* overflow = nullptr);

}  // namespace sarsen::storage
