// JsonField: Jackson's coercions and the words of a complaint.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/json_writer.h"

namespace sarsen {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char character) { return static_cast<unsigned char>(character) <= ' '; };  // Java's trim()
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Reads all of `text`, which may begin with '+'.
template <class T>
std::optional<T> number_from(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> decimal_from(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  text = trimmed(text);
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity" || text == "INF") return kInfinity;
  if (text == "-Infinity" || text == "-INF") return -kInfinity;
  const std::optional<double> value = number_from<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;  // from_chars also reads "inf" and "nan"
}

/// As Java's (long) cast where that is exact in range; nullopt beyond.
std::optional<std::int64_t> truncated(double value) {
  if (!(value >= -0x1p63 && value < 0x1p63)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<bool> boolean_from(std::string_view text) {
  text = trimmed(text);
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

constexpr std::size_t kShownMax = 60;

/// What a complaint shows of a wrong value: a scalar itself, the kind of anything else.
std::string shown(const Json& json) {
  if (json.is_array() || json.is_object() || json.is_null()) return std::string(json.kind_name());
  if (json.is_string() && json.string().size() > kShownMax) return "a string";
  return json.dump();
}

}  // namespace

const Json& JsonField::json() const {
  if (!present()) fail("is required");
  return *json_;
}

JsonField JsonField::operator[](std::string_view key) const {
  std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  if (!present()) return JsonField(nullptr, std::move(path));
  if (!json_->is_object()) fail("must be an object, but got " + shown(*json_));
  return JsonField(json_->find(key), std::move(path));
}

std::vector<JsonField> JsonField::elements() const {
  std::vector<JsonField> fields;
  if (!present()) return fields;
  if (!json_->is_array()) fail("must be an array, but got " + shown(*json_));
  fields.reserve(json_->array().size());
  for (const Json& element : json_->array())
    fields.push_back(JsonField(&element, path_ + "[" + std::to_string(fields.size()) + "]"));
  return fields;
}

std::vector<std::pair<std::string, JsonField>> JsonField::members() const {
  std::vector<std::pair<std::string, JsonField>> fields;
  if (!present()) return fields;
  if (!json_->is_object()) fail("must be an object, but got " + shown(*json_));
  fields.reserve(json_->object().size());
  for (const auto& [name, value] : json_->object())
    fields.emplace_back(name, JsonField(&value, path_.empty() ? name : path_ + "." + name));
  return fields;
}

std::string JsonField::string() const {
  const Json& value = json();
  if (value.is_string()) return value.string();
  if (value.is_array() || value.is_object()) fail("must be a string, but got " + shown(value));
  return value.dump();
}

std::int64_t JsonField::integer() const {
  const Json& value = json();
  if (value.is_integer()) return value.integer();
  std::optional<std::int64_t> result;
  if (value.is_double()) result = truncated(value.number());
  if (value.is_string()) result = number_from<std::int64_t>(value.string());
  if (!result) fail("must be an integer, but got " + shown(value));
  return *result;
}

double JsonField::number() const {
  const Json& value = json();
  if (value.is_number()) return value.number();
  std::optional<double> result;
  if (value.is_string()) result = decimal_from(value.string());
  if (!result) fail("must be a number, but got " + shown(value));
  return *result;
}

bool JsonField::boolean() const {
  const Json& value = json();
  if (value.is_bool()) return value.boolean();
  if (value.is_integer()) return value.integer() != 0;
  std::optional<bool> result;
  if (value.is_string()) result = boolean_from(value.string());
  if (!result) fail("must be true or false, but got " + shown(value));
  return *result;
}

std::string JsonField::string_or(std::string_view otherwise) const {
  return present() ? string() : std::string(otherwise);
}

std::int64_t JsonField::integer_or(std::int64_t otherwise) const { return present() ? integer() : otherwise; }

bool JsonField::boolean_or(bool otherwise) const { return present() ? boolean() : otherwise; }

std::optional<std::string> JsonField::optional_string() const {
  return present() ? std::optional(string()) : std::nullopt;
}

void JsonField::fail(std::string_view problem) const {
  throw Error(ErrorCategory::kInvalidInput,
              (path_.empty() ? std::string("the document") : path_) + ": " + std::string(problem));
}

}  // namespace sarsen
