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
  throw Error(ErrorCategory::kUnsupported, "Queries do not read columns of arrays, mixed types or JSON yet: " +
                                               std::string(column) + " is " + kind.type_name());
}

ColumnKind kind_of(const storage::Column& column) {
  return {column.type(), std::string(column.complex_type()), column.multiple_values(), column.logical_type()};
}

}  // namespace sarsen::engine
