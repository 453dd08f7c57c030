// One field of a JSON column: u8 version, i32 flags, list of the global ids that occur, i32 bytes of longs, i32 bytes
// of doubles, these, an id per row, bitmaps; of fields with arrays the list of their elements and its bitmaps, too.
#include <utility>

#include "storage/base/check.h"
#include "storage/nested/json_fields.h"
#include "storage/nested/value_column.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kPlainIds = 0;
constexpr std::uint8_t kCompressedIds = 2;

std::uint32_t read_size(ByteReader& reader, std::endian byte_order) {
  return byte_order == std::endian::little ? reader.read_le<std::uint32_t>() : reader.read_be<std::uint32_t>();
}

std::uint8_t read_head(ByteReader& reader) {
  const std::uint8_t version = reader.read_byte();
  if (version != kPlainIds && version != kCompressedIds)
    throw Error(ErrorCategory::kUnsupported, "field of unknown version " + std::to_string(version));
  const std::uint32_t flags = reader.read_be<std::uint32_t>();
  if (flags != 0) throw Error(ErrorCategory::kUnsupported, "field with unknown flags " + std::to_string(flags));
  return version;
}

template <class T>
std::unique_ptr<const NumericValues<T>> read_numbers(ByteReader& reader, const CommonFormat& format,
                                                     const Place& place) {
  if (reader.at_end()) return nullptr;
  auto numbers = std::make_unique<const NumericValues<T>>(reader, format.byte_order, format.files.all(), place);
  reader.check(reader.at_end(), "bytes left over");
  return numbers;
}

std::unique_ptr<const MappedBitmapIndex> bitmap_index_of(const CommonFormat& format, GenericIndexed bitmaps,
                                                         const Place& place) {
  return std::make_unique<MappedBitmapIndex>(std::move(bitmaps), format.bitmaps, format.row_count, place);
}

void read_index(ByteReader& reader, const CommonFormat& format, const Place& place, ValueColumnParts& parts) {
  const bool null_index = (parts.type == ValueType::kLong && format.null_index_of_longs) ||
                          (parts.type == ValueType::kDouble && format.null_index_of_doubles);
  if (null_index) {
    parts.nulls = NullRows(format.bitmaps, reader.bytes(reader.read_be<std::uint32_t>()), format.row_count);
    parts.may_have_nulls = parts.nulls.any();
    return;
  }
  GenericIndexed bitmaps = GenericIndexed::read(reader, format.files.all());
  set_nulls(bitmaps, parts.local->begins_with_null(), format.bitmaps, format.row_count, parts);
  parts.bitmaps = bitmap_index_of(format, std::move(bitmaps), place);
}

void read_elements(ByteReader& reader, const CommonFormat& format, const Place& place, ValueColumnParts& parts) {
  parts.elements = std::make_unique<const SubsetDictionary>(
      FixedIndexed<std::uint32_t>::read(reader, format.byte_order), parts.global, place);
  parts.element_bitmaps = bitmap_index_of(format, GenericIndexed::read(reader, format.files.all()), place);
}

}  // namespace

std::unique_ptr<Column> parse_json_field(const StoredField& field, const CommonFormat& format,
                                         const std::shared_ptr<const GlobalDictionary>& dictionary) {
  return format.files.read(field.suffix, [&](ByteReader& reader, const Place& place) -> std::unique_ptr<Column> {
    const std::uint8_t version = read_head(reader);
    ValueColumnParts parts{.type = field.types.type(), .logical_type = field.types.logical_type()};
    parts.size_bytes = format.files.size_bytes(field.suffix);
    parts.global = dictionary;
    const auto local = FixedIndexed<std::uint32_t>::read(reader, format.byte_order);
    parts.local = std::make_unique<const SubsetDictionary>(local, dictionary, place);
    if (parts.type == ValueType::kString)
      parts.local_strings = std::make_unique<const SubsetStrings>(local, dictionary, place);
    const std::uint32_t long_bytes = read_size(reader, format.byte_order);
    const std::uint32_t double_bytes = read_size(reader, format.byte_order);
    ByteReader longs = reader.reader(long_bytes, "longs");
    ByteReader doubles = reader.reader(double_bytes, "doubles");
    parts.longs = read_numbers<std::int64_t>(longs, format, place);
    parts.doubles = read_numbers<double>(doubles, format, place);
    parts.ids = std::make_unique<const PackedIds>(
        version == kPlainIds ? PackedIds::read_plain(reader)
                             : PackedIds::read_blocks(reader, format.byte_order, format.files.all(), place));
    read_index(reader, format, place, parts);
    if (!reader.at_end()) read_elements(reader, format, place, parts);
    return std::make_unique<ValueColumn>(std::move(parts), format.row_count, place);
  });
}

}  // namespace sarsen::storage
