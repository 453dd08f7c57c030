#pragma once
// One cell of a result, or a dimension value as a grouping key: null, a number of Druid's three kinds, text, the bytes
// of a complex value (printed as base64), a list, or a tree of JSON.

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::engine {

struct ComplexBytes {
  std::string bytes;
  auto operator<=>(const ComplexBytes&) const = default;
};

struct ListElements;

/// An array, or the strings of a multi-valued dimension. Immutable, shared; empty when made by default.
class List {
 public:
  List() = default;
  explicit List(ListElements elements);
  const ListElements& elements() const noexcept;
  bool operator==(const List& other) const noexcept;

 private:
  std::shared_ptr<const ListElements> elements_;
};

/// Nested data, and results that are objects: {"lhs": …, "rhs": …}.
struct Nested {
  Json json;
  bool operator==(const Nested& other) const { return json.dump() == other.json.dump(); }
};

using Null = std::monostate;
using Value = std::variant<Null, std::int64_t, float, double, std::string, ComplexBytes, List, Nested>;

struct ListElements : std::vector<Value> {
  using std::vector<Value>::vector;
};

inline bool is_null(const Value& value) noexcept { return std::holds_alternative<Null>(value); }

/// As Java's equals: NaN is itself, 0.0 is not -0.0, a long is no double; lists by their elements.
bool equal_values(const Value& left, const Value& right) noexcept;
/// Equal for equal values.
std::size_t hash_value(const Value& value) noexcept;

/// The JSON that prints as the value does (bytes as base64), and back: numbers as longs and doubles, arrays as lists.
Json json_of(const Value& value);
Value value_of(const Json& json);

}  // namespace sarsen::engine
