#pragma once
// The type of a column of any shape, as it follows from what its rows hold: Druid's choice. Thread safety: a plain
// value.

#include <cstdint>
#include <string>

#include "storage/structured/field_types.h"

namespace sarsen::storage {

enum class ColumnLayout : std::uint8_t { kScalar, kVariant, kNested };

struct ColumnKind {
  ColumnLayout layout = ColumnLayout::kScalar;
  ColumnShape shape = {};  // of kScalar and kVariant; where values are mixed, that to which all can be cast
  bool mixed = false;      // kVariant: not all values have the shape

  /// `types`: of the values that are scalars or arrays of scalars; `any_compound`: there are others. A column of nulls
  /// counts as one of strings.
  static ColumnKind of(const FieldTypes& types, bool any_compound) noexcept;
  static ColumnKind of(ColumnShape shape) noexcept;

  /// Druid's name: "LONG", "ARRAY<STRING>", "COMPLEX<json>".
  std::string logical_type() const;
};

}  // namespace sarsen::storage
