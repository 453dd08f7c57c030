#include "storage/column/block_layout_writer.h"

#include <algorithm>
#include <vector>

#include "storage/column/generic_indexed_writer.h"

namespace sarsen::storage {

void write_blocks(const BlockCompression& compression, const BlockLayout& layout, std::size_t value_count,
                  const FillBlock& fill, ByteWriter& out, const OverflowFiles* overflow) {
  DCHECK(layout.bytes(layout.values_per_block) <= kBlockBytesMax);
  const auto compressor = make_value_compressor(compression, std::max<std::size_t>(layout.value_width, 1));
  std::vector<std::byte> block;
  const std::size_t block_count = (value_count + layout.values_per_block - 1) / layout.values_per_block;
  GenericIndexedWriter blocks(out, block_count, false, kGenericIndexedBytesMax, overflow);
  for (std::size_t begin = 0; begin < value_count; begin += layout.values_per_block) {
    const std::size_t count = std::min(layout.values_per_block, value_count - begin);
    block.assign(layout.bytes(count), std::byte{0});
    fill(begin, count, block.data());
    blocks.begin_value();
    compressor->compress(block, out);
    blocks.end_value();
  }
  blocks.finish();
}

}  // namespace sarsen::storage
