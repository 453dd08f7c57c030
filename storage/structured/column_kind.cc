#include "storage/structured/column_kind.h"

namespace sarsen::storage {

ColumnKind ColumnKind::of(const FieldTypes& types, bool any_compound) noexcept {
  if (any_compound) return {.layout = ColumnLayout::kNested};
  if (types.empty()) return {};
  if (const auto single = types.single()) return of(*single);
  return {.layout = ColumnLayout::kVariant, .shape = types.least_restrictive(), .mixed = true};
}

ColumnKind ColumnKind::of(ColumnShape shape) noexcept {
  return {.layout = shape.array ? ColumnLayout::kVariant : ColumnLayout::kScalar, .shape = shape};
}

std::string ColumnKind::logical_type() const {
  return layout == ColumnLayout::kNested ? "COMPLEX<json>" : name_of(shape);
}

}  // namespace sarsen::storage
