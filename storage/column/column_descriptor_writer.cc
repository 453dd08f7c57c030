#include "storage/column/column_descriptor_writer.h"

#include "storage/base/json_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::string_view kByteOrder = "LITTLE_ENDIAN";

JsonWriter& begin_descriptor(JsonWriter& json, std::string_view value_type, bool multiple_values,
                             std::string_view part_type) {
  json.begin_object().key("valueType").string(value_type).key("hasMultipleValues").boolean(multiple_values);
  return json.key("parts").begin_array().begin_object().key("type").string(part_type);
}

void end_descriptor(JsonWriter& json, ByteWriter& out) {
  json.end_object().end_array().end_object();
  write_sized_text(json.text(), out);
}

}  // namespace

void write_numeric_descriptor(std::string_view value_type, std::string_view part_type, BitmapEncoding bitmap,
                              ByteWriter& out) {
  JsonWriter json;
  begin_descriptor(json, value_type, false, part_type).key("byteOrder").string(kByteOrder);
  json.key("bitmapSerdeFactory").raw(bitmap_json(bitmap));
  end_descriptor(json, out);
}

void write_string_descriptor(bool multiple_values, BitmapEncoding bitmap, ByteWriter& out) {
  JsonWriter json;
  begin_descriptor(json, "STRING", multiple_values, "stringDictionary");
  json.key("bitmapSerdeFactory").raw(bitmap_json(bitmap)).key("byteOrder").string(kByteOrder);
  end_descriptor(json, out);
}

void write_complex_descriptor(std::string_view type_name, ByteWriter& out) {
  JsonWriter json;
  begin_descriptor(json, "COMPLEX", false, "complex").key("typeName").string(type_name);
  end_descriptor(json, out);
}

void write_structured_descriptor(const StructuredDescriptor& descriptor, BitmapEncoding bitmap, ByteWriter& out) {
  JsonWriter json;
  begin_descriptor(json, "COMPLEX", false, "nestedCommonFormat").key("logicalType").string(descriptor.logical_type);
  json.key("hasNulls").boolean(descriptor.has_nulls).key("isVariantType").boolean(descriptor.variant);
  json.key("enforceLogicalType").boolean(descriptor.enforced).key("byteOrder").string(kByteOrder);
  json.key("bitmapSerdeFactory").raw(bitmap_json(bitmap));
  end_descriptor(json, out);
}

void write_null_descriptor(std::uint32_t row_count, BitmapEncoding bitmap, ByteWriter& out) {
  JsonWriter json;
  begin_descriptor(json, "STRING", false, "null").key("numRows").integer(row_count);
  json.key("bitmapSerdeFactory").raw(bitmap_json(bitmap));
  end_descriptor(json, out);
}

void write_sized_text(std::string_view text, ByteWriter& out) {
  out.write_be(static_cast<std::uint32_t>(text.size()));
  out.write(text);
}

}  // namespace sarsen::storage
