// JSON columns of Druid 24 to 27, part "complex" of type "json": u8 version, sized JSON with the byte order, the bitmap
// encoding, the name that the column's files begin with and whether there are nulls; list of paths; a byte of types
// each. Version 3 writes paths in another way and names its files after them, version 5 has arrays.
#include "storage/nested/json_column.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersionJq = 3;
constexpr std::uint8_t kVersion = 4;
constexpr std::uint8_t kVersionArrays = 5;

CommonFormat read_metadata(const ColumnSource& source) {
  const Json metadata = Json::parse(source.reader.text(source.reader.read_be<std::uint32_t>()));
  const JsonField fields(metadata);
  const bool big = fields["byteOrder"].string_or("LITTLE_ENDIAN") == "BIG_ENDIAN";
  return {
      .byte_order = big ? std::endian::big : std::endian::little,
      .bitmaps = bitmap_encoding_of(metadata),
      .logical_type = "COMPLEX<json>",
      .enforces_type = false,
      .has_nulls = fields["hasNulls"].boolean_or(false),
      .null_index_of_longs = false,
      .null_index_of_doubles = false,
      .row_count = source.row_count,
      .files = ColumnFiles(source.files, fields["fileNameBase"].string(), source.place),
  };
}

}  // namespace

std::unique_ptr<Column> parse_legacy_json_column(const ColumnSource& source) {
  const std::uint8_t version = source.reader.read_byte();
  if (version < kVersionJq || version > kVersionArrays)
    throw Error(ErrorCategory::kUnsupported, "column of JSON of unknown version " + std::to_string(version));
  static_assert(kVersionJq < kVersion && kVersion < kVersionArrays);
  const CommonFormat format = read_metadata(source);
  std::shared_ptr<const StoredFields> fields =
      read_stored_fields(source.reader, format, source.place, version == kVersionJq);
  const DictionaryKinds kinds{.strings = true, .longs = true, .doubles = true, .arrays = version == kVersionArrays};
  std::shared_ptr<const GlobalDictionary> dictionary = read_global_dictionary(format, kinds, source.place);
  return std::make_unique<JsonColumn>(std::move(fields), std::move(dictionary), format, source.size_bytes,
                                      source.place);
}

}  // namespace sarsen::storage
