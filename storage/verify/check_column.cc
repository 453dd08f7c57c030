#include "storage/verify/checks.h"

namespace sarsen::storage {

void check_column(const CheckedColumn& checked) {
  const Column& column = checked.column;
  switch (column.type()) {
    case ValueType::kLong:
    case ValueType::kFloat:
    case ValueType::kDouble:
      check_numbers(checked);
      break;
    case ValueType::kString:
      check_strings(checked);
      break;
    case ValueType::kComplex:
      check_objects(checked);
      break;
    case ValueType::kVariant:
      break;
  }
  // Strings of auto columns have the same ids in both dictionaries: they are done.
  if (column.value_dictionary() != nullptr && column.type() != ValueType::kString && column.id_reader() != nullptr)
    check_values(checked);
}

}  // namespace sarsen::storage
