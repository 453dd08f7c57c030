#pragma once
// Writes values of one width as compressed blocks (storage/FORMAT.md, "Block layout"). Thread-safe: no state.

#include <cstddef>
#include <functional>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec_writer.h"

namespace sarsen::storage {

/// The measures of a block layout. Druid packs as many values into a block as fit into 64 KiB and are a power of two.
struct BlockLayout {
  std::size_t value_width = 0;       // bytes
  std::size_t values_per_block = 0;  // the last block may hold fewer
};

/// Writes the bytes of the values [begin, begin + count), low byte first, to `block`.
using FillBlock = std::function<void(std::size_t begin, std::size_t count, std::byte* block)>;

/// Appends the blocks of `value_count` values. REQUIRES: a compression of blocks.
void write_blocks(CodecId compression, BlockLayout layout, std::size_t value_count, const FillBlock& fill,
                  ByteWriter& out);

}  // namespace sarsen::storage
