#pragma once
// The bitmap index of a mapped string column: a GenericIndexed with one bitmap per dictionary id, each read when it is
// asked for. Thread safety: const methods from any thread.

#include "storage/bitmap/bitmap.h"
#include "storage/column/column.h"
#include "storage/column/generic_indexed.h"
#include "storage/column/place.h"

namespace sarsen::storage {

class MappedBitmapIndex final : public BitmapIndex {
 public:
  MappedBitmapIndex(GenericIndexed bitmaps, BitmapEncoding encoding, std::uint32_t row_count, Place place);

  BitmapEncoding encoding() const noexcept { return encoding_; }
  /// The bytes of `id`; none for the empty set. Throws on corrupt offsets.
  std::span<const std::byte> bytes(std::uint32_t id) const;

  std::uint32_t size() const noexcept override { return bitmaps_.size(); }
  std::uint64_t cardinality(std::uint32_t id) const override;
  void or_into(std::uint32_t id, std::span<std::uint64_t> words) const override;

 private:
  GenericIndexed bitmaps_;
  BitmapEncoding encoding_;
  std::uint32_t row_count_;
  Place place_;
};

struct StoredBitmap {
  BitmapEncoding encoding;
  std::span<const std::byte> bytes;
};

/// How the bitmap of `id` is stored; nullopt for indexes that are not (of columns without bytes). REQUIRES: id <
/// index.size().
std::optional<StoredBitmap> stored_bitmap(const BitmapIndex& index, std::uint32_t id);

}  // namespace sarsen::storage
