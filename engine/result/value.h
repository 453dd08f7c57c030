#pragma once
// One cell of a result, or a dimension value as a grouping key: null, a number of Druid's three kinds, text, or the
// bytes of a complex value (printed as base64).

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

namespace sarsen::engine {

struct ComplexBytes {
  std::string bytes;
  auto operator<=>(const ComplexBytes&) const = default;
};

using Null = std::monostate;
using Value = std::variant<Null, std::int64_t, float, double, std::string, ComplexBytes>;

inline bool is_null(const Value& value) noexcept { return std::holds_alternative<Null>(value); }

}  // namespace sarsen::engine
