#pragma once
// A stream of bytes cut into compressed blocks: all blocks hold block_bytes() bytes once decoded, the last one holds up
// to that many. Values lie end to end and may cross the borders of blocks. Blocks are decoded into the block cache when
// they are first touched; stored plain, they are read in place. How long the last block is shows when it is decoded.
//
// Format: storage/FORMAT.md, "Byte streams". Thread safety: const methods from any thread; a cursor belongs to one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/base/byte_reader.h"
#include "storage/column/blocks.h"

namespace sarsen::storage {

class ByteStream {
 public:
  struct Layout {
    std::span<const std::byte> ends;    // i32 LE for each block: where it ends in `blocks`
    std::span<const std::byte> blocks;  // end to end
    std::uint32_t block_bytes;          // of one block, decoded: a power of two
    const Codec* codec;
  };

  /// Proves the ends of all blocks. Throws kRuntimeFailure where they do not fit.
  ByteStream(const Layout& layout, Place place);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  /// Reads the stream that starts here, with its header, and moves behind it.
  static std::unique_ptr<ByteStream> read(ByteReader& reader, Place place);

  std::uint32_t block_count() const noexcept { return static_cast<std::uint32_t>(layout_.ends.size() / 4); }
  std::uint32_t block_bytes() const noexcept { return layout_.block_bytes; }
  /// The stream is no longer than this.
  std::uint64_t size_bytes_max() const noexcept { return std::uint64_t{block_count()} * block_bytes(); }
  /// "lz4, 65536 bytes a block".
  std::string encoding() const;

  /// REQUIRES: index < block_count(). Throws where the block cannot be decoded or, not being the last, is too short.
  PinnedBlock pin(std::uint32_t index) const;

 private:
  std::span<const std::byte> stored(std::uint32_t index) const noexcept;

  Layout layout_;
  Place place_;
  std::uint64_t owner_;
};

/// Reads ranges of a stream; holds the block it looked at last.
class ByteStreamCursor {
 public:
  explicit ByteStreamCursor(const ByteStream& stream) : stream_(&stream) {}

  /// Bytes [begin, end): a view into a block where they lie in one, else put together. Valid until the next call.
  /// Throws kRuntimeFailure where the stream has no such bytes, kResourceLimit for more than kRangeBytesMax of them.
  std::span<const std::byte> read(std::uint64_t begin, std::uint64_t end);

  /// No range is longer: blocks expand some 250 times, and a few corrupt bytes must not fill the memory.
  static constexpr std::uint64_t kRangeBytesMax = 256ULL << 20;

 private:
  std::span<const std::byte> piece(std::uint64_t begin, std::uint64_t end);

  const ByteStream* stream_;
  PinnedBlock pinned_;
  std::uint32_t index_ = UINT32_MAX;
  std::vector<std::byte> gathered_;
};

}  // namespace sarsen::storage
