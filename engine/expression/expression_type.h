#pragma once
// The types that expressions know: STRING, LONG, DOUBLE, arrays and complex types; and how two types become one. A type
// that nothing is known of is std::nullopt: a column that does not exist, or the literal `null`. Immutable values.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

class Type {
 public:
  enum class Kind : std::uint8_t { kString, kLong, kDouble, kArray, kComplex };

  constexpr Type() = default;
  static Type string() { return Type(Kind::kString); }
  static Type long_() { return Type(Kind::kLong); }
  static Type double_() { return Type(Kind::kDouble); }
  static Type array(Type element);
  /// "" is a complex type of unknown name.
  static Type complex(std::string name);
  static const Type& string_array();
  static const Type& long_array();
  static const Type& double_array();
  static const Type& json();

  /// "LONG", "ARRAY<STRING>", "COMPLEX<json>", as Druid writes them in capitals; nullopt for other text.
  static std::optional<Type> parse(std::string_view text);
  /// The type in which a column enters an expression: floats are doubles.
  static Type of_column(const ColumnKind& kind);

  Kind kind() const noexcept { return kind_; }
  bool is(Kind kind) const noexcept { return kind_ == kind; }
  bool is_string() const noexcept { return kind_ == Kind::kString; }
  bool is_long() const noexcept { return kind_ == Kind::kLong; }
  bool is_double() const noexcept { return kind_ == Kind::kDouble; }
  bool is_numeric() const noexcept { return is_long() || is_double(); }
  bool is_primitive() const noexcept { return is_numeric() || is_string(); }
  bool is_array() const noexcept { return kind_ == Kind::kArray; }
  bool is_complex() const noexcept { return kind_ == Kind::kComplex; }
  bool is_json() const;

  /// Of an array its elements' type, of everything else itself.
  Type element() const;
  /// Of an array itself, of everything else the array of it.
  Type as_array() const { return is_array() ? *this : array(*this); }
  const std::string& complex_name() const;
  std::string name() const;

  bool operator==(const Type& other) const;

 private:
  struct Detail;
  constexpr explicit Type(Kind kind) : kind_(kind) {}

  Kind kind_ = Kind::kString;
  std::shared_ptr<const Detail> detail_;  // of arrays and complex types
};

using MaybeType = std::optional<Type>;

// How Druid joins two types, where one may be unknown. The last throws kInvalidInput where there is no common type.

/// Of operators: two strings are a string, two longs a long, everything else a double.
MaybeType operator_type(const MaybeType& left, const MaybeType& right);
/// Of functions and conditionals: a string where one is, two longs are a long, else a double.
MaybeType function_type(const MaybeType& left, const MaybeType& right);
/// Of elements of an array.
MaybeType least_restrictive(const MaybeType& left, const MaybeType& right);

}  // namespace sarsen::engine::expression
