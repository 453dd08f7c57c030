#include "storage/column/packed_ids.h"

#include "storage/column/widen_ids.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kPlainVersion = 0;
constexpr std::uint8_t kBlocksVersion = 2;
constexpr std::uint32_t kWidthMax = 4;

std::uint32_t read_width(ByteReader& reader) {
  const std::uint32_t width = reader.read_byte();
  reader.check(width >= 1 && width <= kWidthMax, "impossible width of integers");
  return width;
}

void check_version(ByteReader& reader, std::uint8_t expected) {
  const std::uint8_t version = reader.read_byte();
  if (version != expected)
    throw Error(ErrorCategory::kUnsupported, "packed integers of unknown version " + std::to_string(version));
}

}  // namespace

PackedIds PackedIds::read_plain(ByteReader& reader) {
  check_version(reader, kPlainVersion);
  const std::uint32_t width = read_width(reader);
  const std::uint32_t size = reader.read_be<std::uint32_t>();
  const std::uint32_t padding = kWidthMax - width;
  reader.check(size >= padding && (size - padding) % width == 0, "no whole number of integers");
  return from_bytes((size - padding) / width, width, std::endian::big, reader.bytes(size));
}

PackedIds PackedIds::from_bytes(std::uint32_t count, std::uint32_t width, std::endian byte_order,
                                std::span<const std::byte> bytes) {
  return {width, byte_order, std::make_unique<Blocks>(count, width * 8, bytes)};
}

PackedIds PackedIds::read_blocks(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                 const Place& place) {
  check_version(reader, kBlocksVersion);
  const std::uint32_t width = read_width(reader);
  const std::uint32_t count = reader.read_be<std::uint32_t>();
  const std::uint32_t per_block = reader.read_be<std::uint32_t>();
  reader.check(std::has_single_bit(per_block), "values per block are no power of two");
  const Codec& codec = codec_of(reader.read_byte());
  return {width, byte_order,
          std::make_unique<Blocks>(Blocks::Shape{count, per_block, width * 8}, GenericIndexed::read(reader, files),
                                   codec, place)};
}

PackedIds PackedIds::read_wide_blocks(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                      const Place& place) {
  check_version(reader, kBlocksVersion);
  const std::uint32_t count = reader.read_be<std::uint32_t>();
  const std::uint32_t per_block = reader.read_be<std::uint32_t>();
  const Codec& codec = codec_of(reader.read_byte());
  return {kWidthMax, byte_order,
          std::make_unique<Blocks>(Blocks::Shape{count, per_block, kWidthMax * 8}, GenericIndexed::read(reader, files),
                                   codec, place)};
}

std::string PackedIds::encoding() const {
  return std::to_string(width_) + (width_ == 1 ? " byte an id, " : " bytes an id, ") + blocks_->encoding();
}

const std::uint32_t* PackedIds::in_place(const BlockCursor::Piece& piece) const noexcept {
  if (width_ != sizeof(std::uint32_t) || byte_order_ != std::endian::native) return nullptr;
  const std::byte* begin = piece.block + sizeof(std::uint32_t) * piece.first;
  if (reinterpret_cast<std::uintptr_t>(begin) % alignof(std::uint32_t) != 0) return nullptr;
  return reinterpret_cast<const std::uint32_t*>(begin);  // as in NumericValues: order and alignment fit
}

void PackedIds::widen(const BlockCursor::Piece& piece, std::uint32_t* out) const noexcept {
  const std::byte* begin = piece.block + static_cast<std::size_t>(width_) * piece.first;
  if (byte_order_ == std::endian::little) return widen_ids(begin, width_, piece.count, out);
  widen_big_endian_ids(begin, width_, piece.count, out);
}

const std::uint32_t* PackedIdsReader::read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) {
  const std::uint32_t* found = scratch;
  for_each_piece(cursor_, begin, count, [&](const BlockCursor::Piece& piece, std::uint32_t offset) {
    const std::uint32_t* in_place = piece.count == count ? ids_->in_place(piece) : nullptr;
    if (in_place != nullptr) {
      found = in_place;
    } else {
      ids_->widen(piece, scratch + offset);
    }
  });
  // Whoever uses an id as an index relies on this. Skipped where no stored value can be too large.
  if (limit_ >> (ids_->width() * 8) == 0) {
    const std::uint32_t largest = greatest_id(found, count);
    at_place(*place_,
             [&] { check_format(count == 0 || largest < limit_, "value past the end of what it points into"); });
  }
  return found;
}

}  // namespace sarsen::storage
