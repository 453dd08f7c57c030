// LZF as compress-lzf packs it (the format is described in lzf.cc): a table from the hash of three bytes to where they
// were seen last; where they are found there again, a copy of as many bytes as agree, else a literal. The table starts
// empty for each block, so that equal blocks become equal bytes; the library itself may find a copy in what an earlier
// block left in its table.
#include <algorithm>
#include <array>
#include <utility>

#include "storage/codec/codec_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::size_t kChunkBytesMax = 65535;
constexpr std::size_t kCompressedBytesMin = 16;  // smaller chunks stay plain
constexpr std::size_t kPlainHeaderBytes = 5;
constexpr std::size_t kCompressedHeaderBytes = 7;
constexpr std::size_t kTailBytes = 4;  // the end of a chunk is literals
constexpr std::size_t kDistanceMax = 1 << 13;
constexpr std::size_t kCopyBytesMax = 264;
constexpr std::size_t kLiteralsMax = 32;
constexpr std::size_t kLongCopy = 7;  // from here on the count has a byte of its own

/// One chunk on its way into its LZF data.
class Chunk {
 public:
  Chunk(std::span<const std::byte> bytes, ByteWriter& out) : bytes_(bytes), out_(out) {}

  void compress() {
    const std::size_t end = bytes_.size() - kTailBytes;
    while (position_ < end) {
      const std::size_t seen = remember(position_);
      if (!copies_from(seen)) {
        add_literal();
        continue;
      }
      const std::size_t count = common_bytes(seen, std::min(kCopyBytesMax, end - position_ + 2));
      flush_literals();
      write_copy(position_ - seen - 1, count - 2);
      position_ += count;
      remember(position_ - 2);
      remember(position_ - 1);
    }
    while (position_ < bytes_.size()) add_literal();
    flush_literals();
  }

 private:
  std::uint32_t byte(std::size_t position) const { return std::to_integer<std::uint32_t>(bytes_[position]); }

  /// Notes that the three bytes at `position` are there, and returns where they may have been before.
  std::size_t remember(std::size_t position) {
    const std::uint32_t three = byte(position) << 16 | byte(position + 1) << 8 | byte(position + 2);
    return std::exchange(seen_[(three * 57321) >> 9 & (seen_.size() - 1)], static_cast<std::uint16_t>(position));
  }

  bool copies_from(std::size_t seen) const {
    return seen < position_ && position_ - seen <= kDistanceMax && common_bytes(seen, 3) == 3;
  }

  std::size_t common_bytes(std::size_t seen, std::size_t max) const {
    std::size_t count = 0;
    while (count < max && bytes_[seen + count] == bytes_[position_ + count]) ++count;
    return count;
  }

  void add_literal() {
    ++position_;
    if (++literals_ == kLiteralsMax) flush_literals();
  }

  void flush_literals() {
    if (literals_ == 0) return;
    out_.write_be(static_cast<std::uint8_t>(literals_ - 1));
    out_.write(bytes_.subspan(position_ - literals_, literals_));
    literals_ = 0;
  }

  void write_copy(std::size_t distance, std::size_t count) {
    const std::size_t upper = distance >> 8;
    out_.write_be(static_cast<std::uint8_t>(upper + (std::min(count, kLongCopy) << 5)));
    if (count >= kLongCopy) out_.write_be(static_cast<std::uint8_t>(count - kLongCopy));
    out_.write_be(static_cast<std::uint8_t>(distance & 0xFF));
  }

  std::span<const std::byte> bytes_;
  ByteWriter& out_;
  std::size_t position_ = 0;
  std::size_t literals_ = 0;  // that end at position_ and are not written yet
  std::array<std::uint16_t, 16384> seen_{};
};

void write_header(std::uint8_t type, std::span<const std::size_t> sizes, ByteWriter& out) {
  out.write("ZV");
  out.write_be(type);
  for (const std::size_t size : sizes) out.write_be(static_cast<std::uint16_t>(size));
}

void write_chunk(std::span<const std::byte> bytes, ByteWriter& out) {
  const std::size_t begin = out.size();
  if (bytes.size() >= kCompressedBytesMin) {
    write_header(1, std::array<std::size_t, 2>{0, bytes.size()}, out);
    Chunk(bytes, out).compress();
    const std::size_t size = out.size() - begin;
    if (size < kPlainHeaderBytes + bytes.size())
      return out.patch_be(begin + 3, static_cast<std::uint16_t>(size - kCompressedHeaderBytes));
    out.truncate(begin);
  }
  write_header(0, std::array<std::size_t, 1>{bytes.size()}, out);
  out.write(bytes);
}

class LzfCompressor final : public BlockCompressor {
 public:
  void compress(std::span<const std::byte> block, ByteWriter& out) override {
    DCHECK(block.size() <= kBlockBytesMax);
    do {
      const auto chunk = block.first(std::min(block.size(), kChunkBytesMax));
      write_chunk(chunk, out);
      block = block.subspan(chunk.size());
    } while (!block.empty());
  }
};

}  // namespace

std::unique_ptr<BlockCompressor> make_lzf_compressor() { return std::make_unique<LzfCompressor>(); }

}  // namespace sarsen::storage
