#pragma once
// Ids by row, and rows by id: what every layout of a column of any shape has. Thread-safe: no state.

#include <cstdint>
#include <span>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/column/index_spec.h"
#include "storage/structured/column_survey.h"

namespace sarsen::storage {

/// The id of each row, 0 where the field has no entry.
std::vector<std::uint32_t> ids_by_row(const SurveyedField& field, const ValueIds& values, std::uint32_t row_count);

/// Compressed even where dimensions are not, as Druid does it. `id_max`: decides the width; larger than all ids.
void write_id_column(std::span<const std::uint32_t> ids, std::uint32_t id_max, const IndexSpec& spec, ByteWriter& out);

/// One bitmap of rows for each of `id_count` ids.
void write_id_bitmaps(std::span<const std::uint32_t> ids, std::uint32_t id_count, const IndexSpec& spec,
                      ByteWriter& out);

/// The ids that occur inside arrays, and for each a bitmap of the rows of those arrays. `array_of` gives the array of a
/// row's id; an empty one where that is none.
struct ElementIndex {
  std::vector<std::uint32_t> elements;           // ascending
  std::vector<std::vector<std::uint32_t>> rows;  // by position in `elements`, ascending
};
ElementIndex index_elements(const SurveyedField& field, const ValueIds& values);
void write_element_bitmaps(const ElementIndex& index, const IndexSpec& spec, ByteWriter& out);

}  // namespace sarsen::storage
