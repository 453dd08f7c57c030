#include "storage/column/string_column_writer.h"

#include <algorithm>
#include <vector>

#include "storage/bitmap/rows_by_id.h"
#include "storage/column/column_descriptor_writer.h"
#include "storage/column/coordinates.h"
#include "storage/column/generic_indexed_writer.h"
#include "storage/column/packed_ints_writer.h"
#include "storage/column/spatial_index_writer.h"
#include "storage/column/string_dictionary_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kUncompressedSingleValue = 0;
constexpr std::uint8_t kUncompressedMultiValue = 1;
constexpr std::uint8_t kCompressed = 2;
constexpr std::uint8_t kUncompressedWithFlags = 3;

constexpr std::uint32_t kFlagMultiValue = 1;
constexpr std::uint32_t kFlagMultiValueVersion3 = 2;
constexpr std::uint32_t kFlagNoBitmapIndex = 4;

/// The column with the null that empty rows need.
class StringColumn {
 public:
  explicit StringColumn(const StringColumnData& data)
      : data_(data), added_null_(has_empty_row() && !starts_with_null()) {}

  std::uint32_t row_count() const {
    return static_cast<std::uint32_t>(multiple_values() ? data_.offsets.size() - 1 : data_.ids.size());
  }
  bool multiple_values() const { return !data_.offsets.empty(); }
  bool bitmap_index() const { return data_.bitmap_index; }
  bool spatial_index() const { return data_.spatial_index; }
  std::span<const std::uint32_t> offsets() const { return data_.offsets; }
  std::uint32_t dictionary_size() const { return static_cast<std::uint32_t>(data_.dictionary.size()) + added_null_; }
  PackedInts ids() const { return {.values = data_.ids, .addend = added_null_, .value_max = dictionary_size()}; }
  bool has_null() const { return added_null_ || starts_with_null(); }

  StringDictionaryValues dictionary() const { return {.values = data_.dictionary, .added_null = added_null_ != 0}; }

  /// Calls visit(row, id) for each value of each row in order; null, that is id 0, for an empty row.
  template <class Visit>
  void each_value(Visit&& visit) const {
    if (!multiple_values()) {
      for (std::size_t row = 0; row < data_.ids.size(); ++row) visit(static_cast<std::uint32_t>(row), data_.ids[row]);
      return;
    }
    for (std::size_t row = 0; row + 1 < data_.offsets.size(); ++row) {
      const std::uint32_t begin = data_.offsets[row];
      const std::uint32_t end = data_.offsets[row + 1];
      if (begin == end) visit(static_cast<std::uint32_t>(row), 0);
      for (std::uint32_t i = begin; i < end; ++i) visit(static_cast<std::uint32_t>(row), data_.ids[i] + added_null_);
    }
  }

 private:
  bool starts_with_null() const { return !data_.dictionary.empty() && !data_.dictionary.front(); }
  bool has_empty_row() const {
    return std::adjacent_find(data_.offsets.begin(), data_.offsets.end()) != data_.offsets.end();
  }

  const StringColumnData& data_;
  std::uint32_t added_null_;  // 0 or 1
};

RowsById rows_by_id(const StringColumn& column) {
  RowsById rows(column.dictionary_size(), column.row_count());
  column.each_value([&](std::uint32_t, std::uint32_t id) { rows.count(id); });
  rows.begin_adding();
  column.each_value([&](std::uint32_t row, std::uint32_t id) { rows.add(id, row); });
  return rows;
}

void write_bitmap_index(const StringColumn& column, const RowsById& rows, const IndexSpec& spec, ColumnOutput& out) {
  const OverflowFiles overflow{out, out.name() + ".inverted"};
  GenericIndexedWriter bitmaps(out.bytes(), column.dictionary_size(), false, kGenericIndexedBytesMax, &overflow);
  for (std::uint32_t id = 0; id < column.dictionary_size(); ++id) {
    bitmaps.begin_value();
    write_bitmap(spec.bitmap, rows.rows(id), out.bytes(), spec.roaring_form());
    bitmaps.end_value();
  }
  bitmaps.finish();
}

/// Values become points in the order of their ids. Where none does there is no tree: Druid cannot read an empty one.
void write_spatial_index(const StringColumn& column, const RowsById& rows, const IndexSpec& spec, ColumnOutput& out) {
  const StringDictionaryValues dictionary = column.dictionary();
  const std::uint32_t added = dictionary.added_null ? 1 : 0;
  SpatialTree tree;
  for (std::uint32_t id = added; id < column.dictionary_size(); ++id) {
    const auto& text = dictionary.values[id - added];
    const auto point = text ? parse_point(*text, SpatialTree::kDimensions) : std::nullopt;
    if (point) tree.insert({(*point)[0], (*point)[1]}, id);
  }
  if (!tree.empty()) write_spatial_index(tree, [&rows](std::uint32_t id) { return rows.rows(id); }, spec, out.bytes());
}

void write_version(const StringColumn& column, bool compressed, ByteWriter& out) {
  const std::uint32_t multi_value = compressed ? kFlagMultiValueVersion3 : kFlagMultiValue;
  const std::uint32_t flags =
      (column.multiple_values() ? multi_value : 0) | (column.bitmap_index() ? 0 : kFlagNoBitmapIndex);
  const std::uint8_t plain = column.multiple_values() ? kUncompressedMultiValue : kUncompressedSingleValue;
  const bool with_flags = compressed || !column.bitmap_index();
  out.write_be(compressed ? kCompressed : with_flags ? kUncompressedWithFlags : plain);
  if (with_flags) out.write_be(flags);
}

void write_ids(const StringColumn& column, const BlockCompression& compression, ColumnOutput& out) {
  const PackedInts ids = column.ids();
  if (compression.codec == CodecId::kUncompressed)
    return column.multiple_values() ? write_vsize_multi_ints(ids, column.offsets(), out.bytes())
                                    : write_vsize_ints(ids, out.bytes());
  const OverflowFiles overflow{out, out.name() + ".forward_dim"};
  return column.multiple_values()
             ? write_compressed_multi_ints(ids, column.offsets(), compression, out.bytes(), &overflow)
             : write_compressed_vsize_ints(ids, compression, out.bytes(), &overflow);
}

/// About as many bytes as the column can take, so that they are put together in one place.
std::size_t bytes_to_reserve(const StringColumn& column, std::size_t value_count) {
  constexpr std::size_t kBytesOfValue = 40;  // in the lists of texts and of bitmaps, and what a bitmap begins with
  constexpr std::size_t kBytesOfRow = 4;     // an id and, again, its row
  constexpr std::size_t kContainerRows = 65536;
  const std::size_t ids = column.dictionary_size();
  const std::size_t containers = std::min(value_count, ids * (value_count / kContainerRows + 1));
  std::size_t bytes = kBytesOfValue * ids + (kBytesOfRow + 2) * value_count + 8 * containers + kBlockBytesMax;
  for (const auto& text : column.dictionary().values) bytes += text ? text->size() : 0;
  return bytes;
}

}  // namespace

bool holds_only_nulls(const StringColumnData& column) noexcept {
  return std::none_of(column.dictionary.begin(), column.dictionary.end(),
                      [](const auto& value) { return value.has_value(); });
}

void write_string_column(const StringColumnData& data, const IndexSpec& spec, ColumnOutput& out) {
  DCHECK(!holds_only_nulls(data));
  if (spec.dimension_compression == CodecId::kNone)
    throw Error(ErrorCategory::kInvalidInput,
                "dimensionCompression must not be none; uncompressed is without blocks too");
  const StringColumn column(data);
  const OverflowFiles overflow{out, out.name() + ".dim_values"};
  out.bytes().reserve(bytes_to_reserve(column, data.ids.size()));
  write_string_descriptor(column.multiple_values(), spec.bitmap, out.bytes());
  write_version(column, spec.dimension_compression != CodecId::kUncompressed, out.bytes());
  write_string_dictionary(column.dictionary(), spec.string_dictionary_encoding, out.bytes(), &overflow);
  write_ids(column, spec.dimension_blocks(), out);
  if (!column.bitmap_index() && !column.spatial_index()) return;
  const RowsById rows = rows_by_id(column);
  if (column.bitmap_index()) write_bitmap_index(column, rows, spec, out);
  if (column.spatial_index()) write_spatial_index(column, rows, spec, out);
}

}  // namespace sarsen::storage
