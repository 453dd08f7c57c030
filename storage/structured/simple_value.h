#pragma once
// What Druid makes of a JSON value before it indexes it ("best effort"): a scalar, an array of scalars of one type, or
// neither, that is something whose parts are looked at one by one. Booleans are the longs 0 and 1. The elements of an
// array take its type: strings where any is one, else doubles where any is one, else longs.
//
// Thread safety: pure. Views live as long as the JSON value.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::storage {

enum class ScalarType : std::uint8_t { kString, kLong, kDouble };

/// Null, or a value of one of the types.
using Scalar = std::variant<std::monostate, std::string_view, std::int64_t, double>;

struct SimpleArray {
  ScalarType type = ScalarType::kString;
  bool untyped = true;  // empty, or of nulls only
  std::vector<Scalar> elements = {};
  std::deque<std::string> texts = {};  // of numbers among strings
};

/// An object, or an array that is none of scalars.
struct Compound {};

using SimpleValue = std::variant<Scalar, SimpleArray, Compound>;

SimpleValue simple_value(const Json& json);

/// Of a null, boolean, number or string.
Scalar scalar_of(const Json& json);

/// REQUIRES: not null.
ScalarType type_of(const Scalar& scalar) noexcept;

/// "STRING", "LONG", "DOUBLE".
std::string_view name_of(ScalarType type) noexcept;

}  // namespace sarsen::storage
