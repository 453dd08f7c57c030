#include "engine/result/value_cast.h"

#include <algorithm>
#include <cctype>
#include <type_traits>

#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

template <class T>
Value text_to_number(std::string_view text) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    const std::optional<std::int64_t> number = exact_long(text);
    return number ? Value(*number) : Value();
  } else if constexpr (std::is_same_v<T, float>) {
    const std::optional<float> number = try_parse_float(text);
    return number ? Value(*number) : Value();
  } else {
    const std::optional<double> number = try_parse_double(text);
    return number ? Value(*number) : Value();
  }
}

template <class T>
Value to_number(const Value& value) {
  return std::visit(
      [](const auto& held) -> Value {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return text_to_number<T>(held);
        } else if constexpr (std::is_same_v<T, std::int64_t> && std::is_floating_point_v<Held>) {
          return java_long(static_cast<double>(held));
        } else if constexpr (std::is_arithmetic_v<Held>) {
          return static_cast<T>(held);
        } else {
          return {};
        }
      },
      value);
}

}  // namespace

std::optional<std::string> value_text(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* number = std::get_if<float>(&value)) return java_text(*number);
  if (const auto* number = std::get_if<double>(&value)) return java_text(*number);
  return std::nullopt;
}

Value cast_value(const Value& value, storage::ValueType type) {
  switch (type) {
    case storage::ValueType::kLong:
      return to_number<std::int64_t>(value);
    case storage::ValueType::kFloat:
      return to_number<float>(value);
    case storage::ValueType::kDouble:
      return to_number<double>(value);
    case storage::ValueType::kString: {
      std::optional<std::string> text = value_text(value);
      return text ? Value(*std::move(text)) : Value();
    }
    case storage::ValueType::kComplex:
    case storage::ValueType::kVariant:
      break;
  }
  return value;
}

storage::ValueType parse_value_type(const JsonField& json, storage::ValueType otherwise) {
  if (!json.present()) return otherwise;
  std::string name = json.string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  for (const auto type : {storage::ValueType::kString, storage::ValueType::kLong, storage::ValueType::kFloat,
                          storage::ValueType::kDouble})
    if (name == storage::name_of(type)) return type;
  if (name.starts_with("ARRAY")) json.fail("dimensions of type " + name + " are not part of this version");
  return otherwise;
}

}  // namespace sarsen::engine
