// Objects, and arrays of what is no scalar: dictionaries of all fields, the whole values, one file for each field.

#include "storage/base/smile_writer.h"
#include "storage/column/blob_column_writer.h"
#include "storage/column/generic_indexed_writer.h"
#include "storage/structured/column_layout.h"

namespace sarsen::storage {
namespace {

void write_whole_values(const ColumnToWrite& column) {
  BlobColumnWriter blobs(column.spec.json_compression.value_or(CodecId::kLz4));
  SmileWriter smile;
  ByteWriter bytes;
  for (std::uint32_t row = 0; row < column.survey.row_count(); ++row) {
    bytes.clear();
    const Json value = column.data.value(row);
    if (!value.is_null()) smile.write(value, bytes);
    blobs.add(bytes.view());
  }
  blobs.finish(column.file_name("__raw"), column.out);
}

void write_null_rows(const ColumnToWrite& column) {
  const std::vector<std::uint32_t> rows = column.survey.null_rows();
  if (rows.empty()) return;
  ByteWriter& out = column.add_file("__nullIndex");
  out.write_be<std::uint32_t>(0);
  write_bitmap(column.spec.bitmap, rows, out, column.spec.roaring_form());
  out.patch_be(0, static_cast<std::uint32_t>(out.size() - sizeof(std::uint32_t)));
}

}  // namespace

void write_field_list(const ColumnSurvey& survey, ByteWriter& out) {
  std::vector<std::optional<std::string_view>> paths;
  for (const auto& field : survey.fields()) paths.emplace_back(field.path);
  write_string_list(paths, out);
  for (const auto& field : survey.fields()) out.write_be(field.field->types.field_byte());
}

void write_nested_files(const ColumnToWrite& column) {
  write_dictionaries(column);
  write_whole_values(column);
  write_null_rows(column);
  std::size_t number = 0;
  for (const auto& field : column.survey.fields())
    write_field(*field.field, column.survey, column.spec, column.add_file("__field_" + std::to_string(number++)));
}

}  // namespace sarsen::storage
