#include "engine/expression/eval.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"
#include "storage/base/ascii_case.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::engine::expression {
namespace {

/// Guava's Longs.tryParse with a leading plus sign, as Druid has it.
std::optional<std::int64_t> plain_long(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::int64_t long_of(const Value& number) {
  if (const auto* exact = std::get_if<std::int64_t>(&number)) return *exact;
  if (const auto* floating = std::get_if<float>(&number)) return java_long(static_cast<double>(*floating));
  return java_long(std::get<double>(number));
}

double double_of(const Value& number) {
  if (const auto* exact = std::get_if<std::int64_t>(&number)) return static_cast<double>(*exact);
  if (const auto* floating = std::get_if<float>(&number)) return static_cast<double>(*floating);
  return std::get<double>(number);
}

std::optional<Value> number_in(const Json& json) {
  if (json.is_bool()) return Value(std::int64_t{json.boolean()});
  if (json.is_integer()) return Value(json.integer());
  if (json.is_double()) return Value(json.number());
  if (json.is_string()) return number_of(json.string());
  return std::nullopt;
}

/// The number that any value stands for.
std::optional<Value> number_in(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value)) return value;
  if (const auto* floating = std::get_if<float>(&value)) return Value(static_cast<double>(*floating));
  if (const auto* text = std::get_if<std::string>(&value)) return number_of(*text);
  if (const auto* nested = std::get_if<Nested>(&value)) return number_in(nested->json);
  if (const auto* list = std::get_if<List>(&value))
    if (list->elements().size() == 1 && !std::holds_alternative<List>(list->elements()[0]) &&
        !std::holds_alternative<Nested>(list->elements()[0]))
      return number_in(list->elements()[0]);
  return std::nullopt;
}

bool json_truth(const Json& json) {
  if (json.is_bool()) return json.boolean();
  if (json.is_string()) return truth(std::string_view(json.string()));
  const std::optional<Value> number = number_in(json);
  return number && (json.is_integer() ? truth(long_of(*number)) : truth(double_of(*number)));
}

/// An array is as true as its only element, a number of which is cut to a long first.
bool list_truth(const List& list) {
  if (list.elements().size() != 1) return false;
  const Value& only = list.elements()[0];
  if (const auto* text = std::get_if<std::string>(&only)) return truth(std::string_view(*text));
  const std::optional<Value> number = number_in(only);
  return number && truth(long_of(*number));
}

[[noreturn]] void fail_cast(const Type& from, const Type& to) {
  throw Error(ErrorCategory::kInvalidInput, "Invalid type, cannot cast [" + from.name() + "] to [" + to.name() + "]");
}

Eval elements_cast(const List& list, const Type& from, const Type& to) {
  ListElements elements;
  elements.reserve(list.elements().size());
  const Type element = to.element();
  for (const Value& value : list.elements())
    elements.push_back(Eval::of_type(from.element(), value).cast_to(element).value);
  return Eval::array(to, std::move(elements));
}

Eval scalar_cast(const Eval& from, const Type& to) {
  switch (to.kind()) {
    case Type::Kind::kString:
      return Eval::of(from.as_string());
    case Type::Kind::kLong:
      return from.is_numeric_null() ? Eval::null(to) : Eval::of(from.as_long());
    case Type::Kind::kDouble:
      return from.is_numeric_null() ? Eval::null(to) : Eval::of(from.as_double());
    case Type::Kind::kArray:
      return Eval::array(to, {from.cast_to(to.element()).value});
    case Type::Kind::kComplex:
      break;
  }
  if (to.is_json()) return Eval::json(json_of(from.value));
  fail_cast(from.type, to);
}

Eval list_cast(const Eval& from, const Type& to) {
  const List& list = std::get<List>(from.value);
  if (to.is_array()) return elements_cast(list, from.type, to);
  if (to.is_json()) return Eval::json(json_of(from.value));
  if (to.is_complex() || list.elements().size() != 1) fail_cast(from.type, to);
  return scalar_cast(from, to);
}

Eval complex_cast(const Eval& from, const Type& to) {
  if (from.type.complex_name().empty() && to.is_complex()) return {to, from.value};
  if (!from.type.is_json()) fail_cast(from.type, to);
  const Eval inside = Eval::best_effort(from.value);
  if (inside.type.is_complex()) fail_cast(from.type, to);
  return inside.cast_to(to);
}

/// Of JSON what it holds; lists of lists and of objects stay as they are.
Value unwrapped(const Value& value) {
  const auto* nested = std::get_if<Nested>(&value);
  return nested != nullptr && !nested->json.is_object() ? value_of(nested->json) : value;
}

Eval best_effort_list(const List& list) {
  MaybeType element;
  for (const Value& value : list.elements())
    if (!is_null(value)) element = least_restrictive(element, Eval::best_effort(value).type);
  const Type type = Type::array(element.value_or(Type::string()));
  ListElements elements;
  for (const Value& value : list.elements())
    elements.push_back(is_null(value) ? Value() : Eval::best_effort(value).cast_to(type.element()).value);
  return Eval::array(type, std::move(elements));
}

/// As Java prints maps and lists: {a=1, b=[x, null]}.
std::string json_text(const Json& json) {
  if (json.is_string()) return json.string();
  std::string text;
  if (json.is_array()) {
    for (const Json& element : json.array()) text += (text.empty() ? "" : ", ") + json_text(element);
    return "[" + text + "]";
  }
  if (!json.is_object()) return json.dump();
  for (const auto& [name, value] : json.object()) text += (text.empty() ? "" : ", ") + name + "=" + json_text(value);
  return "{" + text + "}";
}

std::string list_text(const List& list) {
  std::string text = "[";
  std::string_view separator;
  for (const Value& element : list.elements()) {
    text += std::string(separator) + text_of(element).value_or("null");
    separator = ", ";
  }
  return text + "]";
}

}  // namespace

std::optional<Value> number_of(std::string_view text) {
  if (storage::equals_ignoring_case(text, "true")) return Value(1.0);
  if (storage::equals_ignoring_case(text, "false")) return Value(0.0);
  if (const auto exact = plain_long(text)) return Value(*exact);
  if (const auto number = try_parse_double(text)) return Value(*number);
  return std::nullopt;
}

bool truth(std::string_view text) noexcept { return storage::equals_ignoring_case(text, "true"); }

std::optional<std::string> text_of(const Value& value) {
  if (const auto* list = std::get_if<List>(&value)) return list_text(*list);
  if (const auto* nested = std::get_if<Nested>(&value)) return json_text(nested->json);
  if (const auto* bytes = std::get_if<ComplexBytes>(&value)) return base64(bytes->bytes);
  return value_text(value);
}

int compare_elements(const Value& left, const Value& right) { return compare_values(left, right); }

void check_text_bytes(std::size_t bytes) {
  if (bytes > kTextBytesMax)
    throw Error(ErrorCategory::kResourceLimit,
                "An expression makes a string of more bytes than the limit: " + std::to_string(kTextBytesMax));
}

Eval Eval::of(std::string value) {
  check_text_bytes(value.size());
  return {Type::string(), Value(std::move(value))};
}

Eval Eval::array(Type type, ListElements elements) {
  if (elements.size() > kArraySizeMax)
    throw Error(ErrorCategory::kResourceLimit,
                "An expression makes an array of more elements than the limit: " + std::to_string(kArraySizeMax));
  return {std::move(type), Value(List(std::move(elements)))};
}

Eval Eval::json(Json json) {
  return json.is_null() ? null(Type::json()) : Eval(Type::json(), Value(Nested{std::move(json)}));
}

Eval Eval::best_effort(Value value) {
  value = unwrapped(value);
  if (const auto* list = std::get_if<List>(&value)) return best_effort_list(*list);
  if (std::holds_alternative<std::int64_t>(value)) return {Type::long_(), std::move(value)};
  if (const auto* floating = std::get_if<float>(&value)) return of(static_cast<double>(*floating));
  if (std::holds_alternative<double>(value)) return {Type::double_(), std::move(value)};
  if (std::holds_alternative<Nested>(value)) return {Type::json(), std::move(value)};
  if (std::holds_alternative<ComplexBytes>(value)) return {Type::complex(""), std::move(value)};
  return {Type::string(), std::move(value)};
}

Eval Eval::of_type(const MaybeType& type, Value value) {
  if (!type) return best_effort(std::move(value));
  if (engine::is_null(value)) return null(*type);
  switch (type->kind()) {
    case Type::Kind::kString:
      if (std::holds_alternative<std::string>(value)) return {*type, std::move(value)};
      return std::holds_alternative<List>(value) ? best_effort(std::move(value)) : of(text_of(value));
    case Type::Kind::kLong:
    case Type::Kind::kDouble: {
      const std::optional<Value> number = number_in(value);
      if (!number || std::holds_alternative<List>(value)) return null(*type);
      return type->is_long() ? of(long_of(*number)) : of(double_of(*number));
    }
    case Type::Kind::kArray:
      if (const auto* list = std::get_if<List>(&value)) {
        ListElements elements;
        for (const Value& element : list->elements()) elements.push_back(of_type(type->element(), element).value);
        return array(*type, std::move(elements));
      }
      return best_effort(std::move(value)).cast_to(*type);
    case Type::Kind::kComplex:
      break;
  }
  if (type->is_json() && !std::holds_alternative<Nested>(value)) return json(json_of(value));
  return {*type, std::move(value)};
}

bool Eval::is_numeric_null() const {
  if (type.is_numeric()) return is_null();
  return !number_in(value);
}

std::int64_t Eval::as_long() const {
  if (const auto* exact = std::get_if<std::int64_t>(&value)) return *exact;
  const std::optional<Value> number = number_in(value);
  return number ? long_of(*number) : 0;
}

/// Java's Number.intValue: a double goes to the nearest int, a long loses its upper bits.
std::int64_t Eval::as_long_or_int() const {
  const std::optional<Value> number = number_in(value);
  if (!number) return 0;
  const std::int64_t wide = long_of(*number);
  if (std::holds_alternative<std::int64_t>(*number)) return wide;
  return std::clamp<std::int64_t>(wide, INT32_MIN, INT32_MAX);
}

double Eval::as_double() const {
  if (const auto* floating = std::get_if<double>(&value)) return *floating;
  const std::optional<Value> number = number_in(value);
  return number ? double_of(*number) : 0.0;
}

bool Eval::as_bool() const {
  if (const auto* exact = std::get_if<std::int64_t>(&value)) return truth(*exact);
  if (const auto* floating = std::get_if<double>(&value)) return truth(*floating);
  if (const auto* text = std::get_if<std::string>(&value)) return truth(std::string_view(*text));
  if (const auto* list = std::get_if<List>(&value)) return list_truth(*list);
  if (const auto* nested = std::get_if<Nested>(&value)) return json_truth(nested->json);
  return false;
}

std::optional<std::string> Eval::as_string() const {
  if (const auto* list = std::get_if<List>(&value); list != nullptr && list->elements().size() == 1)
    return text_of(list->elements()[0]);
  return text_of(value);
}

std::optional<List> Eval::as_array() const {
  if (is_null()) return std::nullopt;
  if (const auto* list = std::get_if<List>(&value)) return *list;
  if (!type.is_complex()) return List({value});
  const Eval inside = type.is_json() ? best_effort(value) : *this;
  return inside.type.is_complex() ? std::nullopt : inside.as_array();
}

Eval Eval::cast_to(const Type& to) const {
  if (type == to) return *this;
  if (is_null()) return null(to);
  if (type.is_array()) return list_cast(*this, to);
  if (type.is_complex()) return complex_cast(*this, to);
  return scalar_cast(*this, to);
}

}  // namespace sarsen::engine::expression
