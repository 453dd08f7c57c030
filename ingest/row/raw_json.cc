#include "ingest/row/raw_json.h"

#include <string>

#include "storage/base/ascii_case.h"
#include "storage/base/base64.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"
#include "storage/structured/simple_value.h"

namespace sarsen::ingest {
namespace {

using storage::ColumnShape;
using storage::Scalar;
using storage::ScalarType;

/// A long where the text is one, else a double; null where it is no number. "true" and "false" are 1 and 0.
Json number_of(std::string_view text) {
  if (storage::equals_ignoring_case(text, "true")) return 1.0;
  if (storage::equals_ignoring_case(text, "false")) return 0.0;
  if (const auto integer = parse_java_long(text)) return *integer;
  if (const auto number = try_parse_double(text)) return *number;
  return {};
}

Json cast_scalar(const Scalar& value, ScalarType type) {
  if (std::holds_alternative<std::monostate>(value)) return {};
  const auto* text = std::get_if<std::string_view>(&value);
  const auto* integer = std::get_if<std::int64_t>(&value);
  if (type == ScalarType::kString) {
    if (text != nullptr) return *text;
    return integer != nullptr ? std::to_string(*integer) : java_text(std::get<double>(value));
  }
  const Json number = text != nullptr      ? number_of(*text)
                      : integer != nullptr ? Json(*integer)
                                           : Json(std::get<double>(value));
  if (number.is_null()) return {};
  if (type == ScalarType::kDouble) return number.number();
  return number.is_integer() ? number : Json(java_long(number.number()));
}

std::optional<Json> cast_array(const storage::SimpleArray& array, ColumnShape shape) {
  if (!shape.array) {
    if (array.elements.size() != 1) return std::nullopt;
    return cast_scalar(array.elements.front(), shape.type);
  }
  Json::Array cast;
  for (const Scalar& element : array.elements) cast.push_back(cast_scalar(element, shape.type));
  return Json(std::move(cast));
}

}  // namespace

Json json_of(const RawValue& value) {
  switch (value.kind) {
    case RawValue::Kind::kMissing:
    case RawValue::Kind::kNull:
      return {};
    case RawValue::Kind::kBoolean:
      return value.boolean;
    case RawValue::Kind::kLong:
      return value.integer;
    case RawValue::Kind::kDouble:
      return value.number;
    case RawValue::Kind::kText:
      return value.text;
    case RawValue::Kind::kComplex:
      return base64(value.text);
    case RawValue::Kind::kList: {
      Json::Array elements;
      for (const RawValue& element : value.list) elements.push_back(json_of(element));
      return Json(std::move(elements));
    }
    case RawValue::Kind::kObject:
      break;
  }
  Json::Object members;
  for (std::size_t i = 0; i < value.list.size(); i += 2)
    members.emplace_back(value.list[i].text, json_of(value.list[i + 1]));
  return Json(std::move(members));
}

RawValue raw_of(const Json& json, RowArena& arena) {
  if (json.is_null()) return RawValue::null();
  if (json.is_bool()) return RawValue::of(json.boolean());
  if (json.is_integer()) return RawValue::of(json.integer());
  if (json.is_string()) return RawValue::of(arena.keep(json.string()));
  std::vector<RawValue> inner;
  if (json.is_array()) {
    for (const Json& element : json.array()) inner.push_back(raw_of(element, arena));
    return RawValue::of(arena.keep(inner));
  }
  if (!json.is_object()) return RawValue::of(json.number());
  for (const auto& [name, member] : json.object()) {
    inner.push_back(RawValue::of(arena.keep(name)));
    inner.push_back(raw_of(member, arena));
  }
  return RawValue::object(arena.keep(inner));
}

std::optional<Json> cast_json(const Json& value, ColumnShape shape) {
  const storage::SimpleValue simple = storage::simple_value(value);
  if (const auto* array = std::get_if<storage::SimpleArray>(&simple)) return cast_array(*array, shape);
  const auto* scalar = std::get_if<Scalar>(&simple);
  if (scalar == nullptr) return std::nullopt;
  Json cast = cast_scalar(*scalar, shape.type);
  if (!shape.array || value.is_null()) return cast;
  return Json(Json::Array{std::move(cast)});
}

}  // namespace sarsen::ingest
