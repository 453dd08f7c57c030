#include "storage/structured/structured_column_writer.h"

#include "storage/column/column_descriptor_writer.h"
#include "storage/column/vbyte.h"
#include "storage/structured/column_layout.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 0;

bool has_nulls(const ColumnSurvey& survey) {
  if (survey.kind().layout == ColumnLayout::kNested) return !survey.null_rows().empty();
  return survey.root().entries.size() < survey.row_count();
}

void write_head(const ColumnToWrite& column, ByteWriter& out) {
  const ColumnSurvey& survey = column.survey;
  write_structured_descriptor({.logical_type = survey.kind().logical_type(),
                               .has_nulls = has_nulls(survey),
                               .variant = survey.kind().mixed,
                               .enforced = !column.data.cast_to.empty()},
                              column.spec.bitmap, out);
  out.write_be(kVersion);
  write_vbyte(static_cast<std::uint32_t>(column.out.name().size()), out);
  out.write(std::string_view(column.out.name()));
  if (survey.kind().mixed) out.write_be(survey.root().types.column_byte());
  if (survey.kind().layout == ColumnLayout::kNested) write_field_list(survey, out);
}

}  // namespace

void write_structured_column(const StructuredColumnData& data, std::uint32_t row_count, const IndexSpec& spec,
                             ColumnOutput& out) {
  const ColumnSurvey survey(data, row_count);
  const ColumnToWrite column{.survey = survey, .data = data, .spec = spec, .out = out};
  write_head(column, out.bytes());
  switch (survey.kind().layout) {
    case ColumnLayout::kScalar:
      return write_scalar_files(column);
    case ColumnLayout::kVariant:
      return write_variant_files(column);
    case ColumnLayout::kNested:
      return write_nested_files(column);
  }
}

}  // namespace sarsen::storage
