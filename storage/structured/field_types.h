#pragma once
// The types of a field's values, as Druid counts them: a set of scalar types and array types, and whether there were
// arrays that have no type, being empty or of nulls only. Thread safety: as a plain value.

#include <cstdint>
#include <optional>
#include <string>

#include "storage/structured/simple_value.h"

namespace sarsen::storage {

struct ColumnShape {
  ScalarType type = ScalarType::kString;  // of values, or of elements
  bool array = false;

  bool operator==(const ColumnShape&) const = default;
};

/// "LONG", "ARRAY<LONG>".
std::string name_of(ColumnShape shape);
/// The shape named so, case ignored; FLOAT counts as DOUBLE. nullopt for another name.
std::optional<ColumnShape> parse_column_shape(std::string_view name);

class FieldTypes {
 public:
  void add(ColumnShape shape) noexcept { bits_ |= bit(shape); }
  void add_untyped_array() noexcept { untyped_array_ = true; }
  void merge(const FieldTypes& other) noexcept;
  /// Adds the type of a value. Null has none.
  void add(const Scalar& value) noexcept;
  void add(const SimpleArray& array) noexcept;

  bool empty() const noexcept { return bits_ == 0 && !untyped_array_; }

  /// The shape of all values, where they have one. Arrays without a type fit to any array; if there is nothing else,
  /// they count as arrays of longs.
  std::optional<ColumnShape> single() const noexcept;
  /// True where all values have the shape, arrays without a type having that of any array.
  bool only(ColumnShape shape) const noexcept;
  /// The shape that all values can be cast to. REQUIRES: any type, or untyped arrays.
  ColumnShape least_restrictive() const noexcept;

  /// Druid's byte for the set: of a column of mixed types, and of a field in the list of fields.
  std::uint8_t column_byte() const noexcept;
  std::uint8_t field_byte() const noexcept;

 private:
  static std::uint8_t bit(ColumnShape shape) noexcept;

  std::uint8_t bits_ = 0;
  bool untyped_array_ = false;
};

}  // namespace sarsen::storage
