#include "storage/column/blocks.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

namespace {

std::uint32_t block_count_of(const Blocks::Shape& shape) noexcept {
  if (shape.value_count == 0) return 0;
  return (shape.value_count - 1) / shape.values_per_block + 1;
}

std::span<std::byte> decode_buffer_of_thread() {
  thread_local const std::unique_ptr<std::byte[]> buffer(new std::byte[kBlockBytesMax]);
  return {buffer.get(), kBlockBytesMax};
}

}  // namespace

// By way of a buffer: how long a block is shows when it is decoded, and it may hold more than is needed.
BlockCache::Block decode_block(const Codec& codec, std::span<const std::byte> stored, std::size_t bytes_max) {
  const std::span<std::byte> buffer = decode_buffer_of_thread();
  const std::size_t size = std::min(codec.decode(stored, buffer), bytes_max);
  auto block = std::make_shared<DecodedBlock>();
  block->bytes = std::make_unique_for_overwrite<std::byte[]>(size);
  block->size = size;
  std::memcpy(block->bytes.get(), buffer.data(), size);
  return block;
}

Blocks::Blocks(const Shape& shape, GenericIndexed elements, const Codec& codec, Place place)
    : shape_(shape), elements_(std::move(elements)), codec_(&codec), place_(std::move(place)) {
  check_format(shape_.value_count <= INT32_MAX, "negative number of values");
  check_format(shape_.values_per_block > 0 && shape_.values_per_block <= INT32_MAX, "no values in a block");
  check_format(elements_.size() == block_count_of(shape_), "wrong number of blocks");
  check_format(bytes_of_values(std::min(shape_.values_per_block, shape_.value_count)) <= kBlockBytesMax,
               "block larger than a block may be");
  owner_ = BlockCache::new_owner();
}

Blocks::Blocks(std::uint32_t value_count, std::uint32_t bits_per_value, std::span<const std::byte> bytes)
    : shape_{value_count, std::max(value_count, 1U), bits_per_value}, plain_(bytes) {
  check_format(value_count <= INT32_MAX, "negative number of values");
  check_format(bytes_of_values(value_count) <= bytes.size(), "array of values past end");
}

Blocks::~Blocks() { forget_decoded(); }

void Blocks::forget_decoded() const {
  if (codec_ != nullptr) BlockCache::shared().forget(owner_, elements_.size());
}

std::string Blocks::encoding() const {
  if (codec_ == nullptr) return "none";
  return std::string(codec_->name) + ", " + std::to_string(shape_.values_per_block) + " values a block";
}

std::size_t Blocks::bytes_of_values(std::uint32_t count) const noexcept {
  return (static_cast<std::size_t>(shape_.bits_per_value) * count + 7) / 8;
}

std::size_t Blocks::block_bytes(std::uint32_t index) const noexcept {
  const std::uint32_t first = index * shape_.values_per_block;
  return bytes_of_values(std::min(shape_.values_per_block, shape_.value_count - first));
}

PinnedBlock Blocks::pin(std::uint32_t index) const {
  if (codec_ == nullptr) return {nullptr, plain_};
  return at_place(place_, [&]() -> PinnedBlock {
    if (codec_->id == CodecId::kUncompressed) {
      const std::span<const std::byte> bytes = elements_.element(index).bytes;
      check_format(bytes.size() >= block_bytes(index), "block shorter than its values");
      return {nullptr, bytes};
    }
    BlockCache::Block block = BlockCache::shared().get({owner_, index}, [&] { return decode(index); });
    const std::span<const std::byte> bytes(block->bytes.get(), block->size);
    return {std::move(block), bytes};
  });
}

BlockCache::Block Blocks::decode(std::uint32_t index) const {
  const std::size_t needed = block_bytes(index);
  BlockCache::Block block = decode_block(*codec_, elements_.element(index).bytes, needed);
  check_format(block->size == needed, "block shorter than its values");
  return block;
}

BlockCursor::Piece BlockCursor::seek(std::uint32_t first, std::uint32_t count) {
  const std::uint32_t per_block = blocks_->values_per_block();
  const std::uint32_t index = first / per_block;
  if (index != index_) {
    pinned_ = blocks_->pin(index);
    index_ = index;
  }
  const std::uint32_t position = first - index * per_block;
  return {pinned_.bytes.data(), position, std::min(count, per_block - position)};
}

}  // namespace sarsen::storage
