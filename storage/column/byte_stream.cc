#include "storage/column/byte_stream.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kEndBytes = 4;

// Of an unsigned end, so that a negative one is past everything.
void check_ends(std::span<const std::byte> ends, std::size_t blocks_size) {
  std::uint32_t previous = 0;
  for (std::size_t i = 0; i < ends.size(); i += kEndBytes) {
    const std::uint32_t end = load_le<std::uint32_t>(ends.data() + i);
    check_format(end >= previous, "ends of blocks fall");
    previous = end;
  }
  check_format(previous == blocks_size, "the last block does not end where the blocks end");
}

}  // namespace

ByteStream::ByteStream(const Layout& layout, Place place) : layout_(layout), place_(std::move(place)) {
  check_format(std::has_single_bit(layout_.block_bytes) && layout_.block_bytes <= kBlockBytesMax,
               "blocks of an impossible size");
  check_format(layout_.ends.size() % kEndBytes == 0 && layout_.ends.size() / kEndBytes <= INT32_MAX,
               "impossible number of blocks");
  check_ends(layout_.ends, layout_.blocks.size());
  owner_ = BlockCache::new_owner();
}

ByteStream::~ByteStream() { BlockCache::shared().forget(owner_, block_count()); }

std::unique_ptr<ByteStream> ByteStream::read(ByteReader& reader, Place place) {
  const std::uint8_t version = reader.read_byte();
  if (version != kVersion)
    throw Error(ErrorCategory::kUnsupported,
                std::string(reader.what()) + ": stream of blocks of unknown version " + std::to_string(version));
  const Codec& codec = codec_of(reader.read_byte());
  const std::uint32_t block_bytes = reader.read_be<std::uint32_t>();
  const std::uint32_t count = reader.read_be<std::uint32_t>();
  reader.check(count > 0, "stream without blocks");
  const std::span<const std::byte> ends = reader.bytes(kEndBytes * std::size_t{count});
  const std::span<const std::byte> blocks = reader.bytes(load_le<std::uint32_t>(ends.data() + ends.size() - kEndBytes));
  return std::make_unique<ByteStream>(
      Layout{.ends = ends, .blocks = blocks, .block_bytes = block_bytes, .codec = &codec}, std::move(place));
}

std::string ByteStream::encoding() const {
  return std::string(layout_.codec->name) + ", " + std::to_string(layout_.block_bytes) + " bytes a block";
}

std::span<const std::byte> ByteStream::stored(std::uint32_t index) const noexcept {
  const std::byte* end = layout_.ends.data() + kEndBytes * std::size_t{index};
  const std::uint32_t begin = index == 0 ? 0 : load_le<std::uint32_t>(end - kEndBytes);
  return layout_.blocks.subspan(begin, load_le<std::uint32_t>(end) - begin);
}

PinnedBlock ByteStream::pin(std::uint32_t index) const {
  DCHECK(index < block_count());
  return at_place(place_, [&]() -> PinnedBlock {
    PinnedBlock pinned;
    if (layout_.codec->id == CodecId::kUncompressed) {
      pinned.bytes = stored(index).first(std::min<std::size_t>(stored(index).size(), layout_.block_bytes));
    } else {
      pinned.owner = BlockCache::shared().get(
          {owner_, index}, [&] { return decode_block(*layout_.codec, stored(index), layout_.block_bytes); });
      pinned.bytes = {pinned.owner->bytes.get(), pinned.owner->size};
    }
    check_format(index + 1 == block_count() || pinned.bytes.size() == layout_.block_bytes,
                 "block too short that is not the last");
    return pinned;
  });
}

// The part of [begin, end) that lies in the block of `begin`.
std::span<const std::byte> ByteStreamCursor::piece(std::uint64_t begin, std::uint64_t end) {
  const auto index = static_cast<std::uint32_t>(begin / stream_->block_bytes());
  if (index != index_) {
    pinned_ = stream_->pin(index);
    index_ = index;
  }
  const std::uint64_t first = begin % stream_->block_bytes();
  const std::uint64_t count = std::min(end - begin, stream_->block_bytes() - first);
  check_format(first + count <= pinned_.bytes.size(), "range past the end of the stream");
  return pinned_.bytes.subspan(first, count);
}

std::span<const std::byte> ByteStreamCursor::read(std::uint64_t begin, std::uint64_t end) {
  check_format(begin <= end && end <= stream_->size_bytes_max(), "range past the end of the stream");
  if (begin == end) return {};
  if (end - begin > kRangeBytesMax)
    throw Error(ErrorCategory::kResourceLimit, "value larger than 256 MiB: " + std::to_string(end - begin) + " bytes");
  const std::span<const std::byte> first = piece(begin, end);
  if (first.size() == end - begin) return first;
  // Grows with what is really there: the range may be a lie about blocks that decode to nothing.
  gathered_.assign(first.begin(), first.end());
  while (gathered_.size() < end - begin) {
    const std::span<const std::byte> next = piece(begin + gathered_.size(), end);
    gathered_.insert(gathered_.end(), next.begin(), next.end());
  }
  return gathered_;
}

}  // namespace sarsen::storage
