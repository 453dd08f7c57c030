#include "storage/structured/id_files.h"

#include <map>

#include "storage/bitmap/rows_by_id.h"
#include "storage/column/generic_indexed_writer.h"
#include "storage/column/packed_ints_writer.h"

namespace sarsen::storage {

std::vector<std::uint32_t> ids_by_row(const SurveyedField& field, const ValueIds& values, std::uint32_t row_count) {
  std::vector<std::uint32_t> ids(row_count);
  for (const auto& [row, code] : field.entries) ids[row] = values.id(code);
  return ids;
}

void write_id_column(std::span<const std::uint32_t> ids, std::uint32_t id_max, const IndexSpec& spec, ByteWriter& out) {
  const bool blocks =
      spec.dimension_compression != CodecId::kUncompressed && spec.dimension_compression != CodecId::kNone;
  BlockCompression compression = spec.dimension_blocks();
  if (!blocks) compression.codec = CodecId::kLz4;
  write_compressed_vsize_ints({.values = ids, .value_max = id_max}, compression, out);
}

void write_id_bitmaps(std::span<const std::uint32_t> ids, std::uint32_t id_count, const IndexSpec& spec,
                      ByteWriter& out) {
  const RowsById rows = RowsById::of(ids, id_count);
  GenericIndexedWriter bitmaps(out, id_count, false);
  for (std::uint32_t id = 0; id < id_count; ++id) {
    bitmaps.begin_value();
    write_bitmap(spec.bitmap, rows.rows(id), out, spec.roaring_form());
    bitmaps.end_value();
  }
  bitmaps.finish();
}

ElementIndex index_elements(const SurveyedField& field, const ValueIds& values) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> rows_by_element;
  for (const auto& [row, code] : field.entries) {
    const std::uint32_t id = values.id(code);
    if (id < values.scalar_count()) continue;
    for (const std::uint32_t element : values.array_at(id)) {
      std::vector<std::uint32_t>& rows = rows_by_element[element];
      if (rows.empty() || rows.back() != row) rows.push_back(row);
    }
  }
  ElementIndex index;
  for (auto& [element, rows] : rows_by_element) {
    index.elements.push_back(element);
    index.rows.push_back(std::move(rows));
  }
  return index;
}

void write_element_bitmaps(const ElementIndex& index, const IndexSpec& spec, ByteWriter& out) {
  GenericIndexedWriter bitmaps(out, index.rows.size(), false);
  for (const auto& rows : index.rows) {
    bitmaps.begin_value();
    write_bitmap(spec.bitmap, rows, out, spec.roaring_form());
    bitmaps.end_value();
  }
  bitmaps.finish();
}

}  // namespace sarsen::storage
