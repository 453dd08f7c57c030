#include "storage/structured/simple_value.h"

#include <algorithm>
#include <optional>

#include "storage/base/json_writer.h"

namespace sarsen::storage {
namespace {

bool is_compound(const Json& json) noexcept { return json.is_array() || json.is_object(); }

/// The type of all elements together; nullopt where all are null.
std::optional<ScalarType> common_type(const Json::Array& elements) noexcept {
  std::optional<ScalarType> common;
  for (const Json& element : elements) {
    if (element.is_null()) continue;
    if (element.is_string()) return ScalarType::kString;
    const ScalarType type = element.is_double() ? ScalarType::kDouble : ScalarType::kLong;
    common = common ? std::max(*common, type) : type;  // a double among longs makes all doubles
  }
  return common;
}

std::string text_of(const Json& scalar) {
  if (scalar.is_bool()) return scalar.boolean() ? "true" : "false";
  return scalar.is_integer() ? std::to_string(scalar.integer()) : java_text(scalar.number());
}

Scalar cast(const Json& element, SimpleArray& array) {
  if (element.is_null()) return {};
  switch (array.type) {
    case ScalarType::kLong:
      return scalar_of(element);
    case ScalarType::kDouble:
      return element.is_bool() ? (element.boolean() ? 1.0 : 0.0) : element.number();
    case ScalarType::kString:
      break;
  }
  if (element.is_string()) return std::string_view(element.string());
  return std::string_view(array.texts.emplace_back(text_of(element)));
}

SimpleValue array_value(const Json::Array& elements) {
  if (std::any_of(elements.begin(), elements.end(), is_compound)) return Compound{};
  SimpleArray array;
  const std::optional<ScalarType> type = common_type(elements);
  array.type = type.value_or(ScalarType::kString);
  array.untyped = !type;
  array.elements.reserve(elements.size());
  for (const Json& element : elements) array.elements.push_back(cast(element, array));
  return array;
}

}  // namespace

Scalar scalar_of(const Json& json) {
  if (json.is_string()) return std::string_view(json.string());
  if (json.is_bool()) return std::int64_t{json.boolean()};
  if (json.is_integer()) return json.integer();
  if (json.is_double()) return json.number();
  return {};
}

SimpleValue simple_value(const Json& json) {
  if (json.is_array()) return array_value(json.array());
  if (json.is_object()) return Compound{};
  return scalar_of(json);
}

ScalarType type_of(const Scalar& scalar) noexcept { return static_cast<ScalarType>(scalar.index() - 1); }

std::string_view name_of(ScalarType type) noexcept {
  constexpr std::string_view kNames[] = {"STRING", "LONG", "DOUBLE"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace sarsen::storage
