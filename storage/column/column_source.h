#pragma once
// What a column is made from: its logical file behind the descriptor, and what the segment around it knows. One parse
// function per kind of part; column_parts.cc has the table.

#include <bit>
#include <cstdint>
#include <memory>
#include <string_view>

#include "storage/base/byte_reader.h"
#include "storage/base/json.h"
#include "storage/column/column.h"
#include "storage/column/logical_files.h"
#include "storage/column/place.h"

namespace sarsen::storage {

struct ColumnSource {
  ByteReader& reader;         // at the first byte of the part
  const Json& part;           // its entry in the descriptor's "parts"
  ValueType value_type;       // as the descriptor says
  std::uint32_t row_count;    // of the segment
  std::size_t size_bytes;     // of the logical file
  const LogicalFiles& files;  // of the segment; outlives the column
  const Place& place;
  /// A column of a projection may share the dictionaries of the base table's column of that name: then this is that
  /// one, and outlives the column. Else nullptr.
  const Column* parent = nullptr;

  /// "byteOrder" of the part; anything but BIG_ENDIAN is little-endian, as in Druid.
  std::endian byte_order() const;
};

using ParseColumn = std::unique_ptr<Column> (*)(const ColumnSource& source);

// Kinds of parts, one file each.
template <class T>                                                         // std::int64_t, float or double
std::unique_ptr<Column> parse_numeric_column(const ColumnSource& source);  // "long", "float", "double"
template <class T>
std::unique_ptr<Column> parse_numeric_column_v2(const ColumnSource& source);     // "longV2", "floatV2", "doubleV2"
std::unique_ptr<Column> parse_string_column(const ColumnSource& source);         // "stringDictionary"
std::unique_ptr<Column> parse_complex_column(const ColumnSource& source);        // "complex"
std::unique_ptr<Column> parse_null_column(const ColumnSource& source);           // "null"
std::unique_ptr<Column> parse_common_format_column(const ColumnSource& source);  // "nestedCommonFormat"
/// "complex" of type "json", in its layouts of their own.
std::unique_ptr<Column> parse_legacy_json_column(const ColumnSource& source);

/// Reads a column's logical file: descriptor, then its one part. Throws kUnsupported for a kind of part that is not
/// known, naming it, kRuntimeFailure for corrupt bytes; both with `place`. `parent` as in ColumnSource.
std::unique_ptr<Column> parse_column(std::span<const std::byte> file, std::uint32_t row_count,
                                     const LogicalFiles& files, const Place& place, const Column* parent = nullptr);

/// A column of null rows that is not stored. `complex_type` is empty unless `type` is kComplex.
std::unique_ptr<Column> make_null_column(ValueType type, std::string complex_type, std::uint32_t row_count);
/// A column of longs, all the same, that is not stored.
std::unique_ptr<Column> make_constant_column(std::int64_t value, std::uint32_t row_count);

/// The number of rows of a numeric column, from its header alone: what a segment asks of __time.
std::uint32_t numeric_row_count(std::span<const std::byte> file, const Place& place);

}  // namespace sarsen::storage
