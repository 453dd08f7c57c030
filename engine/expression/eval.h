#pragma once
// What an expression has as its value: a value and its type. A null has a type, too: null of LONG, or, where nothing is
// known, of STRING. Conversions are Druid's: text is a number where it is "true" or "false", a long, or a double in
// Java's syntax; an array of one element is that element. Values; thread-safe to read.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/expression/expression_type.h"
#include "engine/result/value.h"

namespace sarsen::engine::expression {

/// No string and no array that an expression makes is larger: a few functions could fill any memory with one row.
inline constexpr std::size_t kTextBytesMax = std::size_t{1} << 26;
inline constexpr std::size_t kArraySizeMax = std::size_t{1} << 20;

/// Throws kResourceLimit where a string of so many bytes is too large.
void check_text_bytes(std::size_t bytes);

struct Eval {
  Type type;
  Value value;  // std::int64_t, double, std::string, List, Nested, ComplexBytes as the type says, or null

  Eval() = default;  // null, of STRING
  Eval(Type of, Value held) : type(std::move(of)), value(std::move(held)) {}
  static Eval null(Type type) { return {std::move(type), Value()}; }
  static Eval of(std::int64_t value) { return {Type::long_(), Value(value)}; }
  static Eval of(double value) { return {Type::double_(), Value(value)}; }
  /// Throws kResourceLimit for more than kTextBytesMax.
  static Eval of(std::string value);
  static Eval of(std::string_view value) { return of(std::string(value)); }
  static Eval of(const char* value) = delete;
  static Eval of(bool value) { return {Type::long_(), Value(std::int64_t{value})}; }
  static Eval of(std::optional<std::string> value) { return value ? of(*std::move(value)) : Eval(); }
  static Eval of(std::optional<std::int64_t> value) { return value ? of(*value) : null(Type::long_()); }
  /// Throws kResourceLimit for more than kArraySizeMax elements. REQUIRES: `type` is an array.
  static Eval array(Type type, ListElements elements);
  static Eval json(Json json);
  /// The most fitting type for a value of which nothing is known: lists get the type of their elements.
  static Eval best_effort(Value value);
  /// `value` as `type`; best_effort where the type is unknown.
  static Eval of_type(const MaybeType& type, Value value);

  bool is_null() const noexcept { return engine::is_null(value); }
  /// No number, whatever the type: as_long and as_double then answer 0.
  bool is_numeric_null() const;
  std::int64_t as_long() const;
  std::int32_t as_int() const { return static_cast<std::int32_t>(as_long_or_int()); }
  double as_double() const;
  bool as_bool() const;
  std::optional<std::string> as_string() const;
  /// nullopt: null. A scalar is an array of itself; complex values are none.
  std::optional<List> as_array() const;

  Type element_type() const { return type.element(); }
  Type array_type() const { return type.as_array(); }

  /// Throws kInvalidInput where there is no such cast.
  Eval cast_to(const Type& to) const;

 private:
  std::int64_t as_long_or_int() const;
};

/// "true" and "false" in any case, longs, doubles; nullopt for other text.
std::optional<Value> number_of(std::string_view text);

/// Above zero is true; NaN is not.
inline bool truth(std::int64_t value) noexcept { return value > 0; }
inline bool truth(double value) noexcept { return value > 0; }
bool truth(std::string_view text) noexcept;

/// The text of any value: numbers as Java prints them, [a, b] for lists; nullopt for null.
std::optional<std::string> text_of(const Value& value);

/// The order of elements of one type, nulls first; lists by their elements, the shorter first.
int compare_elements(const Value& left, const Value& right);

}  // namespace sarsen::engine::expression
