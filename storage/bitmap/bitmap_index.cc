#include "storage/bitmap/bitmap_index.h"

#include <utility>

#include "storage/base/check.h"

namespace sarsen::storage {

MappedBitmapIndex::MappedBitmapIndex(GenericIndexed bitmaps, BitmapEncoding encoding, std::uint32_t row_count,
                                     Place place)
    : bitmaps_(std::move(bitmaps)), encoding_(encoding), row_count_(row_count), place_(std::move(place)) {}

std::span<const std::byte> MappedBitmapIndex::bytes(std::uint32_t id) const {
  DCHECK(id < size());
  return at_place(place_, [&] { return bitmaps_.element(id).bytes; });
}

std::uint64_t MappedBitmapIndex::cardinality(std::uint32_t id) const {
  DCHECK(id < size());
  return at_place(place_, [&] { return bitmap_cardinality(encoding_, bitmaps_.element(id).bytes); });
}

void MappedBitmapIndex::or_into(std::uint32_t id, std::span<std::uint64_t> words) const {
  DCHECK(id < size() && words.size() * 64 >= row_count_);
  at_place(place_, [&] { bitmap_or_into(encoding_, bitmaps_.element(id).bytes, RowBits(words, row_count_)); });
}

std::optional<StoredBitmap> stored_bitmap(const BitmapIndex& index, std::uint32_t id) {
  const auto* mapped = dynamic_cast<const MappedBitmapIndex*>(&index);
  if (mapped == nullptr) return std::nullopt;
  return StoredBitmap{mapped->encoding(), mapped->bytes(id)};
}

}  // namespace sarsen::storage
