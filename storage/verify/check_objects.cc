// Complex columns: every row has bytes that its type understands. JSON: every document reads, and so does every field.
#include <fmt/format.h>

#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

void check_documents(const CheckedColumn& checked, StructuredReader& reader) {
  for (std::uint32_t row = 0; row < checked.column.row_count(); ++row) reader.read(row);
}

void check_fields(const CheckedColumn& checked, const NestedFields& fields) {
  for (std::uint32_t field = 0; field < fields.size(); ++field) {
    const std::string name = checked.name + ", field " + std::string(fields.path(field));
    if (field > 0 && fields.path(field - 1) >= fields.path(field))
      checked.findings.damage(checked.name, "fields",
                              fmt::format("field {} does not come after the one before it", field));
    check_column({fields.column(field), name, false, checked.check_object, checked.findings});
  }
}

void check_bytes(const CheckedColumn& checked, ComplexReader& reader) {
  const std::string type(checked.column.complex_type());
  for (std::uint32_t row = 0; row < checked.column.row_count(); ++row) {
    const auto bytes = reader.read(row);
    if (!bytes || bytes->empty() || !checked.check_object) continue;
    try {
      checked.check_object(type, *bytes);
    } catch (const Error& error) {
      checked.findings.damage(checked.name, "values", fmt::format("row {}: {}", row, error.what()));
    }
  }
}

}  // namespace

void check_objects(const CheckedColumn& checked) {
  if (const auto structured = checked.column.structured_reader())
    check_documents(checked, *structured);
  else if (const auto objects = checked.column.complex_reader())
    check_bytes(checked, *objects);
  if (const NestedFields* fields = checked.column.nested_fields()) check_fields(checked, *fields);
}

}  // namespace sarsen::storage
