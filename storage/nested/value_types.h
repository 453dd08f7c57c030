#pragma once
// The set of types that values of one path have, one bit each, as auto and JSON columns store it (storage/FORMAT.md,
// "Types of values"). Thread safety: pure.

#include <cstdint>
#include <string>

#include "storage/column/column.h"

namespace sarsen::storage {

class ValueTypes {
 public:
  explicit ValueTypes(std::uint8_t bits) : bits_(bits) {}

  bool arrays() const noexcept;
  /// kString, kLong or kDouble where that is the only type; else kVariant.
  ValueType type() const noexcept;
  /// Druid's name of the least type that all values can be cast to: "DOUBLE" of longs and doubles, "ARRAY<STRING>" of
  /// strings and arrays of longs. "ARRAY<LONG>" of none: then there are only empty arrays.
  std::string logical_type() const;

 private:
  std::uint8_t bits_;
};

}  // namespace sarsen::storage
