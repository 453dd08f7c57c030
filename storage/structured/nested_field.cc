// One field of a nested column: the ids that it holds of the column's dictionaries, numbered anew; ids by row; bitmaps.

#include <algorithm>

#include "storage/column/numeric_column_writer.h"
#include "storage/column/packed_ints_writer.h"
#include "storage/structured/column_layout.h"
#include "storage/structured/id_files.h"
#include "storage/structured/value_files.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kUncompressedIds = 0;
constexpr std::uint8_t kCompressedIds = 2;
constexpr std::uint32_t kNoFlags = 0;

std::vector<std::uint32_t> distinct(std::vector<std::uint32_t> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

/// The values of a field of numbers; `value_at` gives that of a global id.
template <class T, class ValueAt>
void write_values(std::span<const std::uint32_t> global_ids, ValueAt&& value_at, const IndexSpec& spec,
                  ByteWriter& out) {
  std::vector<T> values;
  values.reserve(global_ids.size());
  for (const std::uint32_t id : global_ids) values.push_back(id == 0 ? T{0} : value_at(id));
  write_numeric_values<T>(values, spec.dimension_blocks(), spec.long_encoding, out);
}

/// The sizes of both areas of numbers, and the one that there is.
void write_numbers(const SurveyedField& field, std::span<const std::uint32_t> global_ids, const ValueIds& values,
                   const IndexSpec& spec, ByteWriter& out) {
  const auto shape = field.types.single();
  ByteWriter longs;
  ByteWriter doubles;
  if (shape == ColumnShape{ScalarType::kLong, false})
    write_values<std::int64_t>(global_ids, [&](std::uint32_t id) { return values.long_at(id); }, spec, longs);
  if (shape == ColumnShape{ScalarType::kDouble, false})
    write_values<double>(global_ids, [&](std::uint32_t id) { return values.double_at(id); }, spec, doubles);
  out.write_le(static_cast<std::uint32_t>(longs.size()));
  out.write_le(static_cast<std::uint32_t>(doubles.size()));
  out.write(longs.view());
  out.write(doubles.view());
}

/// `id_max` decides the width. Druid asks with the largest global id, though local ids are stored.
void write_ids(std::span<const std::uint32_t> ids, std::uint32_t id_max, const IndexSpec& spec, ByteWriter& out) {
  const PackedInts packed{.values = ids, .value_max = id_max};
  if (spec.dimension_compression == CodecId::kUncompressed) return write_vsize_ints(packed, out);
  write_compressed_vsize_ints(packed, spec.dimension_blocks(), out);
}

}  // namespace

void write_field(const SurveyedField& field, const ColumnSurvey& survey, const IndexSpec& spec, ByteWriter& out) {
  std::vector<std::uint32_t> ids = ids_by_row(field, survey.values(), survey.row_count());
  const std::vector<std::uint32_t> dictionary = distinct(ids);
  out.write_be(spec.dimension_compression == CodecId::kUncompressed ? kUncompressedIds : kCompressedIds);
  out.write_be(kNoFlags);
  write_fixed_values<std::uint32_t>(dictionary, false, out);
  write_numbers(field, ids, survey.values(), spec, out);
  for (std::uint32_t& id : ids)
    id = static_cast<std::uint32_t>(std::lower_bound(dictionary.begin(), dictionary.end(), id) - dictionary.begin());
  write_ids(ids, dictionary.back(), spec, out);
  write_id_bitmaps(ids, static_cast<std::uint32_t>(dictionary.size()), spec, out);
  const auto shape = field.types.single();
  if (!shape || !shape->array) return;  // Druid indexes no elements of arrays among scalars.
  const ElementIndex elements = index_elements(field, survey.values());
  if (elements.elements.empty()) return;
  write_fixed_values<std::uint32_t>(elements.elements, false, out);
  write_element_bitmaps(elements, spec, out);
}

}  // namespace sarsen::storage
