#include "engine/filter/match_value.h"

#include <algorithm>
#include <cctype>

#include "engine/result/value_cast.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

using storage::ValueType;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::optional<ValueType> scalar_type(std::string_view name) {
  for (const auto type : {ValueType::kString, ValueType::kLong, ValueType::kFloat, ValueType::kDouble})
    if (name == storage::name_of(type)) return type;
  return std::nullopt;
}

std::optional<MatchType> find_type(const std::string& name) {
  const std::string upper_name = upper(name);
  if (const auto scalar = scalar_type(upper_name)) return MatchType{.type = *scalar};
  if (upper_name.starts_with("ARRAY<") && upper_name.ends_with(">"))
    if (const auto element = scalar_type(upper_name.substr(6, upper_name.size() - 7)))
      return MatchType{.type = *element, .array = true};
  if (upper_name.starts_with("COMPLEX<") && upper_name.ends_with(">"))
    return MatchType{.type = ValueType::kComplex, .complex_type = name.substr(8, name.size() - 9)};
  return std::nullopt;
}

/// Text as a number, as expressions read it: true and false are 1 and 0.
std::optional<double> number_of(const std::string& text) {
  const std::string name = upper(text);
  if (name == "TRUE") return 1;
  if (name == "FALSE") return 0;
  return try_parse_double(text);
}

Value to_long(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (const auto whole = exact_long(*text); whole && text->find_first_of(".eE") == std::string::npos) return *whole;
    const auto number = number_of(*text);
    return number ? Value(java_long(*number)) : Value();
  }
  return cast_value(value, ValueType::kLong);
}

Value to_double(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    const auto number = number_of(*text);
    return number ? Value(*number) : Value();
  }
  return cast_value(value, ValueType::kDouble);
}

Value to_scalar(const Value& value, ValueType type) {
  if (const auto* list = std::get_if<List>(&value)) {
    if (list->elements().size() == 1) return to_scalar(list->elements()[0], type);
    if (type != ValueType::kString) return {};
  }
  if (type == ValueType::kLong) return to_long(value);
  if (type == ValueType::kFloat || type == ValueType::kDouble) return to_double(value);
  const auto text = match_text(value);
  return text ? Value(*text) : Value();
}

Value to_array(const Value& value, ValueType element) {
  ListElements elements;
  if (const auto* list = std::get_if<List>(&value)) {
    for (const Value& each : list->elements()) elements.push_back(to_scalar(each, element));
  } else {
    elements.push_back(to_scalar(value, element));
  }
  return List(std::move(elements));
}

double as_double(const Value& value) {
  const Value number = to_double(value);
  return is_null(number) ? 0 : std::get<double>(number);
}

/// Whether casting to a long lost nothing.
bool is_whole(const Value& value, const Value& cast) {
  return is_null(value) ? is_null(cast) : !is_null(cast) && as_double(value) == as_double(cast);
}

}  // namespace

bool MatchType::is_number() const noexcept {
  return !array && (type == ValueType::kLong || type == ValueType::kFloat || type == ValueType::kDouble);
}

std::string MatchType::name() const {
  const std::string scalar(storage::name_of(type));
  if (type == ValueType::kComplex) return scalar + "<" + complex_type + ">";
  return array ? "ARRAY<" + scalar + ">" : scalar;
}

namespace {

/// {"type": "ARRAY", "elementType": {…}}, {"type": "COMPLEX", "complexTypeName": "json"}
std::string type_name(const JsonField& json, std::size_t depth) {
  constexpr std::size_t kDepthMax = 8;
  if (!json.present() || !json.json().is_object()) return json.string();
  if (depth > kDepthMax) json.fail("too many types inside each other");
  const std::string name = json["type"].string();
  if (json["elementType"].present()) return name + "<" + type_name(json["elementType"], depth + 1) + ">";
  const std::string complex = json["complexTypeName"].string_or("");
  return complex.empty() ? name : name + "<" + complex + ">";
}

}  // namespace

MatchType parse_match_type(const JsonField& json) {
  const std::string name = type_name(json, 0);
  if (const auto type = find_type(name)) return *type;
  json.fail("unknown type \"" + name + "\": must be STRING, LONG, FLOAT, DOUBLE, ARRAY<…> or COMPLEX<…>");
}

std::optional<MatchType> match_type_of(const ColumnKind& kind) { return find_type(kind.type_name()); }

Value converted(const Value& value, const MatchType& type) {
  if (is_null(value)) return {};
  if (type.array) return to_array(value, type.type);
  return type.type == ValueType::kComplex ? value : to_scalar(value, type.type);
}

Value typed_value(const Json& json, const MatchType& type) {
  if (json.is_bool() && !type.array && type.type == ValueType::kString) return json.boolean() ? "true" : "false";
  return converted(value_of(json), type);
}

std::optional<Value> cast_for_equality(const Value& value, const MatchType& type) {
  const auto* list = std::get_if<List>(&value);
  if (list != nullptr && !type.array && list->elements().size() != 1) return std::nullopt;
  Value cast = converted(value, type);
  if (is_null(cast)) return std::nullopt;
  if (type.type != ValueType::kLong) return cast;
  if (!type.array) {
    const Value& scalar = list != nullptr ? list->elements()[0] : value;
    return is_whole(scalar, cast) ? std::optional(std::move(cast)) : std::nullopt;
  }
  const ListElements& casts = std::get<List>(cast).elements();
  for (std::size_t i = 0; i < casts.size(); ++i)
    if (!is_whole(list != nullptr ? list->elements()[i] : value, casts[i])) return std::nullopt;
  return cast;
}

std::optional<std::string> match_text(const Value& value) {
  const auto* list = std::get_if<List>(&value);
  if (list == nullptr) return value_text(value);
  if (list->elements().size() == 1) return match_text(list->elements()[0]);
  std::string text = "[";
  for (const Value& element : list->elements())
    text += (text.size() > 1 ? ", " : "") + match_text(element).value_or("null");
  return text + "]";
}

}  // namespace sarsen::engine
