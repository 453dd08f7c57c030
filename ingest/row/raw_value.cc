#include "ingest/row/raw_value.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <type_traits>

#include "storage/base/base64.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"

namespace sarsen::ingest {
namespace {

using Kind = RawValue::Kind;

/// String.trim(): everything up to and including the blank.
std::string_view java_trim(std::string_view text) noexcept {
  const auto blank = [](char byte) { return static_cast<unsigned char>(byte) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

template <class T>
T cast_number(double value) noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>)
    return java_long(value);
  else
    return static_cast<T>(value);
}

template <class T>
Converted<T> found(T value) noexcept {
  return {.value = value, .null = false};
}

template <class T>
Converted<T> failure() noexcept {
  return {.failed = true};
}

std::string list_text(std::span<const RawValue> list) {
  std::string text = "[";
  std::string scratch;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i != 0) text += ", ";
    text += text_of(list[i], scratch).value_or("null");
  }
  return text + "]";
}

std::string object_text(std::span<const RawValue> members) {
  std::string text = "{";
  std::string scratch;
  for (std::size_t i = 0; i < members.size(); i += 2) {
    if (i != 0) text += ", ";
    text += members[i].text;
    text += '=';
    text += text_of(members[i + 1], scratch).value_or("null");
  }
  return text + "}";
}

template <class T>
Converted<T> metric_text(std::string_view text) {
  std::string cleaned;
  text = java_trim(text);
  if (text.find(',') != std::string_view::npos) {
    cleaned.assign(text);
    std::erase(cleaned, ',');
    text = cleaned;
  }
  if (const auto integer = parse_java_long(text)) return found(static_cast<T>(*integer));
  if (const auto number = parse_java_double(text)) return found(cast_number<T>(*number));
  return failure<T>();
}

template <class T>
Converted<T> dimension_text(std::string_view text) {
  std::optional<T> value;
  if constexpr (std::is_same_v<T, std::int64_t>) {
    value = exact_long(text);
  } else if constexpr (std::is_same_v<T, float>) {
    value = try_parse_float(text);
  } else {
    value = try_parse_double(text);
  }
  return value ? found(*value) : failure<T>();
}

}  // namespace

std::optional<std::int64_t> parse_java_long(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_java_double(std::string_view text) { return try_parse_double(java_trim(text)); }

std::optional<std::string_view> text_of(const RawValue& value, std::string& scratch) {
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kNull:
      return std::nullopt;
    case Kind::kText:
      return value.text;
    case Kind::kBoolean:
      return value.boolean ? "true" : "false";
    case Kind::kLong:
      if (!value.text.empty()) return value.text;
      scratch = std::to_string(value.integer);
      return scratch;
    case Kind::kDouble:
      scratch = java_text(value.number);
      return scratch;
    case Kind::kList:
      scratch = list_text(value.list);
      return scratch;
    case Kind::kObject:
      scratch = object_text(value.list);
      return scratch;
    case Kind::kComplex:
      scratch = base64(value.text);
      return scratch;
  }
  return std::nullopt;
}

std::string_view java_class(const RawValue& value) noexcept {
  switch (value.kind) {
    case Kind::kBoolean:
      return "java.lang.Boolean";
    case Kind::kLong:
      return "java.lang.Long";
    case Kind::kDouble:
      return "java.lang.Double";
    case Kind::kList:
      return "java.util.ArrayList";
    case Kind::kObject:
      return "java.util.LinkedHashMap";
    case Kind::kComplex:
      return "[B";
    case Kind::kMissing:
    case Kind::kNull:
    case Kind::kText:
      break;
  }
  return "java.lang.String";
}

template <class T>
Converted<T> dimension_number(const RawValue& value) {
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kNull:
      return {};
    case Kind::kLong:
      return found(static_cast<T>(value.integer));
    case Kind::kDouble:
      return found(cast_number<T>(value.number));
    case Kind::kText:
      return dimension_text<T>(value.text);
    case Kind::kBoolean:
      return std::is_same_v<T, std::int64_t> ? found(static_cast<T>(value.boolean)) : failure<T>();
    case Kind::kList:
    case Kind::kObject:
    case Kind::kComplex:
      break;
  }
  return failure<T>();
}

template <class T>
Converted<T> metric_number(const RawValue& value) {
  switch (value.kind) {
    case Kind::kMissing:
    case Kind::kNull:
      return {};
    case Kind::kLong:
      return found(static_cast<T>(value.integer));
    case Kind::kDouble:
      return found(cast_number<T>(value.number));
    case Kind::kText:
      return metric_text<T>(value.text);
    case Kind::kBoolean:
    case Kind::kList:
    case Kind::kObject:
    case Kind::kComplex:
      break;
  }
  return failure<T>();
}

template Converted<std::int64_t> dimension_number(const RawValue&);
template Converted<float> dimension_number(const RawValue&);
template Converted<double> dimension_number(const RawValue&);
template Converted<std::int64_t> metric_number(const RawValue&);
template Converted<float> metric_number(const RawValue&);
template Converted<double> metric_number(const RawValue&);

}  // namespace sarsen::ingest
