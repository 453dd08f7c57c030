#include "engine/vector/column_sources.h"
#include "storage/base/error.h"

namespace sarsen::engine {

std::string ColumnKind::type_name() const {
  if (!logical_type.empty()) return logical_type;
  std::string text(storage::name_of(type));
  return complex_type.empty() ? text : text + "<" + complex_type + ">";
}

void refuse_structured(const ColumnKind& kind, std::string_view column) {
  if (kind.type != storage::ValueType::kVariant && kind.complex_type != "json") return;
  throw Error(ErrorCategory::kInvalidInput,
              "Columns of arrays and of JSON are not read here: " + std::string(column) + " is " + kind.type_name());
}

ColumnKind kind_of(const storage::Column& column) {
  storage::ValueType type = column.type();
  const std::string logical_type = column.logical_type();
  const bool mixed = type == storage::ValueType::kVariant && !logical_type.starts_with("ARRAY");
  if (mixed)
    type = logical_type == "LONG"     ? storage::ValueType::kLong
           : logical_type == "DOUBLE" ? storage::ValueType::kDouble
                                      : storage::ValueType::kString;
  ColumnKind kind{type, std::string(column.complex_type()), column.multiple_values(), logical_type};
  kind.mixed = mixed;
  return kind;
}

}  // namespace sarsen::engine
