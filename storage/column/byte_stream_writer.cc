#include "storage/column/byte_stream_writer.h"

#include <algorithm>

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

ByteStreamWriter::ByteStreamWriter(CodecId compression)
    : compression_(compression), compressor_(make_block_compressor(compression)) {
  block_.reserve(kBlockBytesMax);
}

void ByteStreamWriter::write(std::span<const std::byte> bytes) {
  if (block_.size() == kBlockBytesMax) flush();
  // Only a value that is cut closes the block that it fills, as in Druid: so a stream that ends with one ends with an
  // empty block.
  const bool cut = bytes.size() > kBlockBytesMax - block_.size();
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), kBlockBytesMax - block_.size()));
    block_.insert(block_.end(), piece.begin(), piece.end());
    bytes = bytes.subspan(piece.size());
    if (cut && block_.size() == kBlockBytesMax) flush();
  }
}

void ByteStreamWriter::flush() {
  compressor_->compress(block_, blocks_);
  block_.clear();
  if (blocks_.size() > INT32_MAX)
    throw Error(ErrorCategory::kUnsupported, "The compressed values of the column are larger than 2 GiB");
  ends_.write_le(static_cast<std::uint32_t>(blocks_.size()));
}

void ByteStreamWriter::finish(ByteWriter& out) {
  flush();
  out.write_be(kVersion);
  out.write_be(static_cast<std::uint8_t>(compression_));
  out.write_be(static_cast<std::uint32_t>(kBlockBytesMax));
  out.write_be(static_cast<std::uint32_t>(ends_.size() / 4));
  out.write(ends_.view());
  out.write(blocks_.view());
}

}  // namespace sarsen::storage
