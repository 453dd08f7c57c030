#pragma once
// Lists of unsigned integers of 1 to 4 bytes: dictionary ids, and the offsets of multi-valued rows. Three stored forms,
// one reader: plain (big-endian!), blocks of 1 to 4 bytes, blocks of 4 bytes (both in the column's byte order).
// Format: storage/FORMAT.md, "Packed ints". Thread safety: const methods from any thread.

#include <bit>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/base/byte_reader.h"
#include "storage/column/blocks.h"

namespace sarsen::storage {

class PackedIds {
 public:
  // Each reads the structure that starts here and moves behind it.
  static PackedIds read_plain(ByteReader& reader);  // version byte 0
  static PackedIds read_blocks(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                               const Place& place);  // version byte 2, any width
  static PackedIds read_wide_blocks(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                    const Place& place);  // version byte 2, 4 bytes each
  /// `bytes` holds `count` integers of `width` bytes.
  static PackedIds from_bytes(std::uint32_t count, std::uint32_t width, std::endian byte_order,
                              std::span<const std::byte> bytes);

  std::uint32_t size() const noexcept { return blocks_->value_count(); }
  std::uint32_t width() const noexcept { return width_; }
  const Blocks& blocks() const noexcept { return *blocks_; }
  /// "2 bytes an id, lz4, 32768 values a block".
  std::string encoding() const;

  /// Where the integers lie as std::uint32_t of this machine: a pointer to them, else nullptr.
  const std::uint32_t* in_place(const BlockCursor::Piece& piece) const noexcept;
  /// Widens into `out`.
  void widen(const BlockCursor::Piece& piece, std::uint32_t* out) const noexcept;

 private:
  PackedIds(std::uint32_t width, std::endian byte_order, std::unique_ptr<Blocks> blocks)
      : width_(width), byte_order_(byte_order), blocks_(std::move(blocks)) {}

  std::uint32_t width_;
  std::endian byte_order_;
  std::unique_ptr<Blocks> blocks_;
};

/// Reads ranges of a PackedIds and proves each value to be below `limit`.
class PackedIdsReader {
 public:
  PackedIdsReader(const PackedIds& ids, std::uint64_t limit, const Place& place)
      : ids_(&ids), limit_(limit), place_(&place), cursor_(ids.blocks()) {}

  /// As StringReader::read_ids. Throws where a value is not below the limit.
  const std::uint32_t* read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch);

 private:
  const PackedIds* ids_;
  std::uint64_t limit_;
  const Place* place_;
  BlockCursor cursor_;
};

}  // namespace sarsen::storage
