// Arrays, and values of mixed types: dictionaries of all types, ids, bitmaps of values and of array elements.

#include "storage/structured/column_layout.h"
#include "storage/structured/id_files.h"
#include "storage/structured/value_files.h"

namespace sarsen::storage {

void write_dictionaries(const ColumnToWrite& column) {
  const ValueIds& values = column.survey.values();
  write_strings(values.strings(), column.spec, column.add_file("__stringDictionary"));
  write_fixed_values(values.longs(), false, column.add_file("__longDictionary"));
  write_fixed_values(values.doubles(), false, column.add_file("__doubleDictionary"));
  write_id_arrays(values.arrays(), column.add_file("__arrayDictionary"));
}

void write_variant_files(const ColumnToWrite& column) {
  const ColumnSurvey& survey = column.survey;
  const ValueIds& values = survey.values();
  const auto ids = ids_by_row(survey.root(), values, survey.row_count());
  const ElementIndex elements = index_elements(survey.root(), values);
  write_dictionaries(column);
  write_fixed_values<std::uint32_t>(elements.elements, false, column.add_file("__arrayElementDictionary"));
  write_id_column(ids, values.size(), column.spec, column.add_file("__encodedColumn"));
  write_id_bitmaps(ids, values.size(), column.spec, column.add_file("__valueIndexes"));
  write_element_bitmaps(elements, column.spec, column.add_file("__arrayElementIndexes"));
}

}  // namespace sarsen::storage
