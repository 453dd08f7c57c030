#pragma once
// The layouts of a column of any shape, one file each, and what they write with. Thread-safe: no state.

#include <string>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/column/column_data.h"
#include "storage/column/column_output.h"
#include "storage/column/index_spec.h"
#include "storage/structured/column_survey.h"

namespace sarsen::storage {

/// A column and where it goes.
struct ColumnToWrite {
  const ColumnSurvey& survey;
  const StructuredColumnData& data;
  const IndexSpec& spec;
  ColumnOutput& out;

  std::string file_name(std::string_view part) const { return out.name() + "." + std::string(part); }
  /// Begins the file of a part.
  ByteWriter& add_file(std::string_view part) const { return out.add_file(file_name(part)); }
};

// What follows the first file.
void write_scalar_files(const ColumnToWrite& column);
void write_variant_files(const ColumnToWrite& column);
void write_nested_files(const ColumnToWrite& column);

/// The list of fields, which stands in the column's first file.
void write_field_list(const ColumnSurvey& survey, ByteWriter& out);

/// One field of a nested column: its whole file.
void write_field(const SurveyedField& field, const ColumnSurvey& survey, const IndexSpec& spec, ByteWriter& out);

/// The dictionaries of all fields together: of variant and nested columns.
void write_dictionaries(const ColumnToWrite& column);

}  // namespace sarsen::storage
