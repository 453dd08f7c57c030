#pragma once
// Writes what a column file begins with: the descriptor, JSON behind its length (storage/FORMAT.md, "Column files").
// The keys stand in Druid's order, so that equal columns are equal bytes. Thread-safe: no state.

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/bitmap/bitmap_writer.h"

namespace sarsen::storage {

/// Parts "longV2", "floatV2", "doubleV2". `value_type`: "LONG", "FLOAT", "DOUBLE".
void write_numeric_descriptor(std::string_view value_type, std::string_view part_type, BitmapEncoding bitmap,
                              ByteWriter& out);

/// Part "stringDictionary".
void write_string_descriptor(bool multiple_values, BitmapEncoding bitmap, ByteWriter& out);

/// Part "complex".
void write_complex_descriptor(std::string_view type_name, ByteWriter& out);

/// Part "nestedCommonFormat".
struct StructuredDescriptor {
  std::string logical_type;  // "LONG", "ARRAY<STRING>", "COMPLEX<json>"
  bool has_nulls = false;
  bool variant = false;
  bool enforced = false;  // all values were cast to the type
};
void write_structured_descriptor(const StructuredDescriptor& descriptor, BitmapEncoding bitmap, ByteWriter& out);

/// Part "null" of a string column: the whole file, nothing follows.
void write_null_descriptor(std::uint32_t row_count, BitmapEncoding bitmap, ByteWriter& out);

/// A string behind its length, a four-byte integer, high byte first.
void write_sized_text(std::string_view text, ByteWriter& out);

}  // namespace sarsen::storage
