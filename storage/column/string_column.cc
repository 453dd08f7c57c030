// String columns: u8 version, flags (version 2 and later), dictionary, ids, bitmaps, perhaps a spatial index.
#include <mutex>
#include <utility>
#include <vector>

#include "storage/bitmap/bitmap_index.h"
#include "storage/column/column_source.h"
#include "storage/column/id_lists.h"
#include "storage/column/packed_ids.h"
#include "storage/column/single_value_reader.h"
#include "storage/column/spatial_index.h"
#include "storage/column/string_dictionary.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kPlainSingle = 0;
constexpr std::uint8_t kPlainMultiple = 1;
constexpr std::uint8_t kCompressed = 2;
constexpr std::uint8_t kPlainWithFlags = 3;

constexpr std::uint32_t kFlagMultiple = 1;
constexpr std::uint32_t kFlagMultipleV3 = 2;
constexpr std::uint32_t kFlagNoBitmaps = 4;
constexpr std::uint32_t kFlagsKnown = 7;

// Proven when it is first asked for: the column is whole without it, and most queries do not want it.
class LazySpatialIndex {
 public:
  LazySpatialIndex(std::span<const std::byte> bytes, BitmapEncoding encoding, std::uint32_t row_count, Place place)
      : bytes_(bytes), encoding_(encoding), row_count_(row_count), place_(std::move(place)) {}

  const SpatialIndex& get() const {
    const std::lock_guard lock(mutex_);
    if (!index_) index_ = std::make_unique<SpatialIndex>(bytes_, encoding_, row_count_, place_);
    return *index_;
  }

 private:
  std::span<const std::byte> bytes_;
  BitmapEncoding encoding_;
  std::uint32_t row_count_;
  Place place_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<SpatialIndex> index_;
};

struct StringParts {
  std::shared_ptr<const StoredDictionary> dictionary;  // perhaps of the base table, too
  std::unique_ptr<PackedIds> ids;                      // single-valued
  std::unique_ptr<IdLists> lists;                      // multi-valued
  std::unique_ptr<MappedBitmapIndex> bitmaps;
  std::unique_ptr<LazySpatialIndex> spatial_index;  // of coordinates
};

class MappedStringColumn final : public Column {
 public:
  MappedStringColumn(const ColumnSource& source, StringParts parts)
      : parts_(std::move(parts)),
        place_(source.place.with_part("ids")),
        row_count_(source.row_count),
        size_bytes_(source.size_bytes),
        has_null_(parts_.dictionary->find(std::nullopt).has_value()) {}

  ValueType type() const noexcept override { return ValueType::kString; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  bool multiple_values() const noexcept override { return parts_.lists != nullptr; }
  bool may_have_nulls() const noexcept override { return has_null_ || multiple_values(); }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }

  std::string encoding() const override {
    std::string text = parts_.dictionary->encoding() + " dictionary, ";
    text += parts_.lists ? parts_.lists->encoding() : parts_.ids->encoding();
    if (parts_.bitmaps) text.append(", ").append(name_of(parts_.bitmaps->encoding())).append(" bitmaps");
    if (parts_.spatial_index) text += ", spatial index";
    return text;
  }

  std::unique_ptr<StringReader> string_reader() const override {
    const std::uint32_t dictionary_size = parts_.dictionary->size();
    if (parts_.lists) return parts_.lists->reader(dictionary_size, place_);
    return std::make_unique<SingleValueReader>(*parts_.ids, dictionary_size, place_);
  }
  const Dictionary* dictionary() const override { return parts_.dictionary.get(); }
  const std::shared_ptr<const StoredDictionary>& stored_dictionary() const { return parts_.dictionary; }
  const BitmapIndex* bitmap_index() const override { return parts_.bitmaps.get(); }
  const SpatialIndex* spatial_index() const override {
    return parts_.spatial_index ? &parts_.spatial_index->get() : nullptr;
  }

 private:
  StringParts parts_;
  Place place_;
  std::uint32_t row_count_;
  std::size_t size_bytes_;
  bool has_null_;
};

std::shared_ptr<const StoredDictionary> shared_dictionary(const Column& parent) {
  const auto* strings = dynamic_cast<const MappedStringColumn*>(&parent);
  check_format(strings != nullptr, "column of a projection whose base column has no dictionary to share");
  return strings->stored_dictionary();
}

std::uint32_t read_flags(std::uint8_t version, ByteReader& reader) {
  if (version > kPlainWithFlags)
    throw Error(ErrorCategory::kUnsupported, "string column of unknown version " + std::to_string(version));
  if (version == kPlainSingle) return 0;
  if (version == kPlainMultiple) return kFlagMultiple;
  const std::uint32_t flags = reader.read_be<std::uint32_t>();
  if ((flags & ~kFlagsKnown) != 0)
    throw Error(ErrorCategory::kUnsupported, "string column with unknown flags " + std::to_string(flags));
  return flags;
}

void read_ids(const ColumnSource& source, std::uint8_t version, std::uint32_t flags, StringParts& parts) {
  const Place place = source.place.with_part("ids");
  const std::endian order = source.byte_order();
  const bool compressed = version == kCompressed;
  if ((flags & kFlagMultiple) != 0) {
    parts.lists =
        compressed ? read_id_lists(source.reader, order, source.files, place) : read_plain_id_lists(source.reader);
  } else if ((flags & kFlagMultipleV3) != 0) {
    source.reader.check(compressed, "multi-value flag that this version does not have");
    parts.lists = read_id_lists(source.reader, order, source.files, place);
  } else {
    parts.ids =
        std::make_unique<PackedIds>(compressed ? PackedIds::read_blocks(source.reader, order, source.files, place)
                                               : PackedIds::read_plain(source.reader));
  }
  const std::uint32_t rows = parts.lists ? parts.lists->size() : parts.ids->size();
  source.reader.check(rows == source.row_count, "wrong number of rows");
}

void read_bitmaps(const ColumnSource& source, StringParts& parts) {
  GenericIndexed bitmaps = GenericIndexed::read(source.reader, source.files);
  // Druid leaves one value a row in a projection by a multi-valued column, but the rows of all values in the bitmaps.
  if (source.parent != nullptr && source.parent->multiple_values()) return;
  source.reader.check(bitmaps.size() == parts.dictionary->size(), "bitmaps and dictionary differ in size");
  parts.bitmaps = std::make_unique<MappedBitmapIndex>(std::move(bitmaps), bitmap_encoding_of(source.part),
                                                      source.row_count, source.place.with_part("bitmaps"));
}

std::unique_ptr<LazySpatialIndex> read_spatial_index(const ColumnSource& source) {
  if (source.reader.at_end()) return nullptr;
  const std::span<const std::byte> bytes = source.reader.bytes(source.reader.read_be<std::uint32_t>());
  return std::make_unique<LazySpatialIndex>(bytes, bitmap_encoding_of(source.part), source.row_count,
                                            source.place.with_part("spatial index"));
}

}  // namespace

std::unique_ptr<Column> parse_string_column(const ColumnSource& source) {
  const std::uint8_t version = source.reader.read_byte();
  const std::uint32_t flags = read_flags(version, source.reader);
  StringParts parts;
  if (source.parent != nullptr) {
    parts.dictionary = shared_dictionary(*source.parent);
  } else {
    parts.dictionary = read_dictionary(source.reader, source.byte_order(), source.files, source.place);
  }
  read_ids(source, version, flags, parts);
  if ((flags & kFlagNoBitmaps) == 0) read_bitmaps(source, parts);
  parts.spatial_index = read_spatial_index(source);
  return std::make_unique<MappedStringColumn>(source, std::move(parts));
}

}  // namespace sarsen::storage
