// Auto columns in Druid's common form, part "nestedCommonFormat": u8 version, vbyte length and name that the logical
// files of the column begin with; behind them what the layout needs. The descriptor chooses the layout: strings, longs,
// doubles, arrays and mixed types, objects.
#include <utility>

#include "storage/column/vbyte.h"
#include "storage/nested/common_format.h"
#include "storage/nested/json_column.h"
#include "storage/nested/value_column.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 0;

bool is_null_index(const JsonField& spec, std::string_view name) {
  return spec.present() && spec[name].present() && spec[name]["type"].string_or("") == "nullValueIndex";
}

CommonFormat read_format(const ColumnSource& source) {
  const std::uint8_t version = source.reader.read_byte();
  if (version != kVersion)
    throw Error(ErrorCategory::kUnsupported, "auto column of unknown version " + std::to_string(version));
  std::string base(source.reader.text(read_vbyte(source.reader)));
  const JsonField part(source.part);
  const JsonField spec = part["columnFormatSpec"];
  return {
      .byte_order = source.byte_order(),
      .bitmaps = bitmap_encoding_of(source.part),
      .logical_type = part["logicalType"].string_or("COMPLEX<json>"),
      .enforces_type = part["enforceLogicalType"].boolean_or(false),
      .has_nulls = part["hasNulls"].boolean_or(false),
      .null_index_of_longs = is_null_index(spec, "longFieldBitmapIndexType"),
      .null_index_of_doubles = is_null_index(spec, "doubleFieldBitmapIndexType"),
      .row_count = source.row_count,
      .files = ColumnFiles(source.files, std::move(base), source.place),
  };
}

GenericIndexed read_bitmap_list(const CommonFormat& format, const std::string& suffix) {
  return format.files.read(
      suffix, [&](ByteReader& reader, const Place&) { return GenericIndexed::read(reader, format.files.all()); });
}

std::unique_ptr<const MappedBitmapIndex> bitmap_index_of(const CommonFormat& format, GenericIndexed bitmaps,
                                                         const std::string& suffix) {
  return std::make_unique<MappedBitmapIndex>(std::move(bitmaps), format.bitmaps, format.row_count,
                                             format.files.place_of(suffix));
}

template <class T>
std::unique_ptr<const NumericValues<T>> read_numbers(const CommonFormat& format, const std::string& suffix) {
  return format.files.read(suffix, [&](ByteReader& reader, const Place& place) {
    return std::make_unique<const NumericValues<T>>(reader, format.byte_order, format.files.all(), place);
  });
}

void read_elements(const CommonFormat& format, ValueColumnParts& parts) {
  const std::string suffix = ".__arrayElementIndexes";
  parts.elements = format.files.read(".__arrayElementDictionary", [&](ByteReader& reader, const Place& place) {
    return std::make_unique<const SubsetDictionary>(FixedIndexed<std::uint32_t>::read(reader, format.byte_order),
                                                    parts.global, place);
  });
  parts.element_bitmaps = bitmap_index_of(format, read_bitmap_list(format, suffix), suffix);
}

std::size_t size_of(const CommonFormat& format, std::size_t head_bytes) {
  std::size_t size = head_bytes;
  for (const char* suffix : {".__stringDictionary", ".__longDictionary", ".__doubleDictionary", ".__arrayDictionary",
                             ".__arrayElementDictionary", ".__encodedColumn", ".__longColumn", ".__doubleColumn",
                             ".__valueIndexes", ".__arrayElementIndexes"})
    size += format.files.size_bytes(suffix);
  return size;
}

std::unique_ptr<Column> parse_values(const ColumnSource& source, const CommonFormat& format, ValueType type) {
  const bool variant = type == ValueType::kVariant;
  ValueColumnParts parts{.type = type, .logical_type = format.logical_type, .enforces_type = format.enforces_type};
  parts.size_bytes = size_of(format, source.size_bytes);
  const DictionaryKinds kinds{.strings = variant || type == ValueType::kString,
                              .longs = variant || type == ValueType::kLong,
                              .doubles = variant || type == ValueType::kDouble,
                              .arrays = variant};
  parts.global = source.parent != nullptr ? shared_global_dictionary(*source.parent)
                                          : read_global_dictionary(format, kinds, source.place);
  parts.ids = format.files.read(".__encodedColumn", [&](ByteReader& reader, const Place& place) {
    return std::make_unique<const PackedIds>(
        PackedIds::read_blocks(reader, format.byte_order, format.files.all(), place));
  });
  GenericIndexed bitmaps = read_bitmap_list(format, ".__valueIndexes");
  set_nulls(bitmaps, parts.global->begins_with_null(), format.bitmaps, format.row_count, parts);
  parts.bitmaps = bitmap_index_of(format, std::move(bitmaps), ".__valueIndexes");
  if (type == ValueType::kLong) parts.longs = read_numbers<std::int64_t>(format, ".__longColumn");
  if (type == ValueType::kDouble) parts.doubles = read_numbers<double>(format, ".__doubleColumn");
  if (variant) read_elements(format, parts);
  return std::make_unique<ValueColumn>(std::move(parts), source.row_count, source.place);
}

}  // namespace

std::shared_ptr<const GlobalDictionary> read_global_dictionary(const CommonFormat& format, DictionaryKinds kinds,
                                                               const Place& place) {
  GlobalDictionary::Parts parts;
  if (kinds.strings) {
    parts.strings = format.files.read(".__stringDictionary", [&](ByteReader& reader, const Place& file) {
      return read_dictionary(reader, format.byte_order, format.files.all(), file);
    });
  }
  if (kinds.longs) {
    parts.longs = format.files.read(".__longDictionary", [&](ByteReader& reader, const Place&) {
      return FixedIndexed<std::int64_t>::read(reader, format.byte_order);
    });
  }
  if (kinds.doubles) {
    parts.doubles = format.files.read(".__doubleDictionary", [&](ByteReader& reader, const Place&) {
      return FixedIndexed<double>::read(reader, format.byte_order);
    });
  }
  if (kinds.arrays) {
    parts.arrays = format.files.read(".__arrayDictionary", [&](ByteReader& reader, const Place&) {
      return IntArrays::read(reader, format.byte_order);
    });
  }
  return std::make_shared<const GlobalDictionary>(std::move(parts), place.with_part("dictionaries"));
}

std::shared_ptr<const GlobalDictionary> shared_global_dictionary(const Column& parent) {
  if (const auto* values = dynamic_cast<const ValueColumn*>(&parent)) return values->global_dictionary();
  if (const auto* objects = dynamic_cast<const JsonColumn*>(&parent)) return objects->global_dictionary();
  throw Error(ErrorCategory::kRuntimeFailure, "column of a projection whose base column has no dictionaries to share");
}

std::unique_ptr<Column> parse_common_format_column(const ColumnSource& source) {
  CommonFormat format = read_format(source);
  const std::string& type = format.logical_type;
  if (JsonField(source.part)["isVariantType"].boolean_or(false) || type.starts_with("ARRAY<")) {
    // The set of types, where they are mixed: ids and dictionaries say as much.
    if (!source.reader.at_end()) source.reader.skip(1);
    return parse_values(source, format, ValueType::kVariant);
  }
  for (const ValueType scalar : {ValueType::kString, ValueType::kLong, ValueType::kDouble}) {
    if (type == name_of(scalar)) return parse_values(source, format, scalar);
  }
  return parse_json_column(source, std::move(format));
}

}  // namespace sarsen::storage
