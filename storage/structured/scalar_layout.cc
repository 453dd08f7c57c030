// Strings, longs or doubles only, and columns of nulls, which count as strings: dictionary, ids, for numbers the values
// again, bitmaps.

#include "storage/column/numeric_column_writer.h"
#include "storage/structured/column_layout.h"
#include "storage/structured/id_files.h"
#include "storage/structured/value_files.h"

namespace sarsen::storage {
namespace {

/// The values by row, 0 for null.
template <class T>
std::vector<T> values_by_row(std::span<const std::uint32_t> ids, std::span<const T> dictionary) {
  std::vector<T> values(ids.size());
  for (std::size_t row = 0; row < ids.size(); ++row)
    if (ids[row] != 0) values[row] = dictionary[ids[row] - 1];
  return values;
}

/// The part names of one type of numbers.
struct PartNames {
  std::string_view dictionary;
  std::string_view values;
};

template <class T>
void write_files(const ColumnToWrite& column, std::span<const T> dictionary, PartNames names) {
  const auto ids = ids_by_row(column.survey.root(), column.survey.values(), column.survey.row_count());
  const auto id_count = static_cast<std::uint32_t>(dictionary.size() + 1);
  write_fixed_values(dictionary, true, column.add_file(names.dictionary));
  write_id_column(ids, id_count, column.spec, column.add_file("__encodedColumn"));
  write_numeric_values<T>(values_by_row(ids, dictionary), column.spec.dimension_blocks(), column.spec.long_encoding,
                          column.add_file(names.values));
  write_id_bitmaps(ids, id_count, column.spec, column.add_file("__valueIndexes"));
}

void write_string_files(const ColumnToWrite& column) {
  const ValueIds& values = column.survey.values();
  const auto ids = ids_by_row(column.survey.root(), values, column.survey.row_count());
  const auto id_count = static_cast<std::uint32_t>(values.strings().size());
  write_strings(values.strings(), column.spec, column.add_file("__stringDictionary"));
  write_id_column(ids, id_count, column.spec, column.add_file("__encodedColumn"));
  write_id_bitmaps(ids, id_count, column.spec, column.add_file("__valueIndexes"));
}

}  // namespace

// Null is id 0 and other values follow: with values of one type only, ids of the column are those of its dictionary.
void write_scalar_files(const ColumnToWrite& column) {
  const ValueIds& values = column.survey.values();
  switch (column.survey.kind().shape.type) {
    case ScalarType::kString:
      return write_string_files(column);
    case ScalarType::kLong:
      return write_files(column, values.longs(), {"__longDictionary", "__longColumn"});
    case ScalarType::kDouble:
      return write_files(column, values.doubles(), {"__doubleDictionary", "__doubleColumn"});
  }
}

}  // namespace sarsen::storage
