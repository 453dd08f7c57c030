#include "storage/base/json.h"

#include <simdjson.h>

#include <unordered_map>

#include "storage/base/error.h"
#include "storage/base/json_fault.h"
#include "storage/base/json_writer.h"

namespace sarsen {

namespace {

using Element = simdjson::dom::element;

constexpr std::size_t kLinearKeys = 16;  // above it, repeated keys are found through a hash table

Json from_element(Element element);

Json from_array(simdjson::dom::array elements) {
  Json::Array array;
  array.reserve(elements.size());
  for (const Element element : elements) array.push_back(from_element(element));
  return Json(std::move(array));
}

Json* existing_member(Json::Object& object, std::string_view key) {
  for (auto& [name, value] : object)
    if (name == key) return &value;
  return nullptr;
}

Json from_small_object(simdjson::dom::object members) {
  Json::Object object;
  object.reserve(members.size());
  for (const auto& member : members) {
    Json value = from_element(member.value);
    if (Json* const existing = existing_member(object, member.key))
      *existing = std::move(value);
    else
      object.emplace_back(member.key, std::move(value));
  }
  return Json(std::move(object));
}

Json from_large_object(simdjson::dom::object members) {
  Json::Object object;
  object.reserve(members.size());
  std::unordered_map<std::string_view, std::size_t> positions;  // keys live in the parser's document
  positions.reserve(members.size());
  for (const auto& member : members) {
    Json value = from_element(member.value);
    const auto [position, fresh] = positions.try_emplace(member.key, object.size());
    if (fresh)
      object.emplace_back(member.key, std::move(value));
    else
      object[position->second].second = std::move(value);
  }
  return Json(std::move(object));
}

Json from_object(simdjson::dom::object members) {
  return members.size() <= kLinearKeys ? from_small_object(members) : from_large_object(members);
}

Json from_element(Element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::ARRAY:
      return from_array(element.get_array().value_unsafe());
    case element_type::OBJECT:
      return from_object(element.get_object().value_unsafe());
    case element_type::INT64:
      return Json(element.get_int64().value_unsafe());
    case element_type::UINT64:
      return Json(static_cast<double>(element.get_uint64().value_unsafe()));
    case element_type::DOUBLE:
      return Json(element.get_double().value_unsafe());
    case element_type::STRING:
      return Json(element.get_string().value_unsafe());
    case element_type::BOOL:
      return Json(element.get_bool().value_unsafe());
    case element_type::NULL_VALUE:
      return Json();
  }
  return Json();
}

/// simdjson calls integers past 64 bits an error; with a fraction they are doubles. Only the text outside strings
/// changes.
std::string with_long_integers_as_decimals(std::string_view text) {
  std::string changed;
  changed.reserve(text.size() + 64);
  bool quoted = false;
  std::size_t digits = 0;
  bool integer = true;
  const auto end_number = [&] {
    if (integer && digits >= 19) changed += ".0";
    digits = 0;
    integer = true;
  };
  for (std::size_t position = 0; position < text.size(); ++position) {
    const char character = text[position];
    if (quoted) {
      changed += character;
      if (character == '\\' && position + 1 < text.size()) changed += text[++position];
      quoted = character != '"';
      continue;
    }
    if (character >= '0' && character <= '9') {
      ++digits;
    } else if (digits > 0 &&
               (character == '.' || character == 'e' || character == 'E' || character == '-' || character == '+')) {
      integer = false;
    } else {
      end_number();
    }
    quoted = character == '"';
    changed += character;
  }
  end_number();
  return changed;
}

simdjson::error_code parse_document(simdjson::dom::parser& parser, std::string_view text, Element& element) {
  return parser.parse(simdjson::padded_string(text)).get(element);
}

[[noreturn]] void throw_fault(std::string_view text, simdjson::error_code code) {
  const std::optional<JsonFault> fault = find_json_fault(text);
  if (fault) throw Error(ErrorCategory::kInvalidInput, "JSON: " + describe(text, *fault));
  throw Error(ErrorCategory::kInvalidInput, std::string("JSON: ") + simdjson::error_message(code));
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

void write(JsonWriter& writer, const Json& json) {
  if (json.is_null()) {
    writer.null();
  } else if (json.is_bool()) {
    writer.boolean(json.boolean());
  } else if (json.is_integer()) {
    writer.integer(json.integer());
  } else if (json.is_double()) {
    writer.number(json.number());
  } else if (json.is_string()) {
    writer.string(json.string());
  } else if (json.is_array()) {
    writer.begin_array();
    for (const Json& element : json.array()) write(writer, element);
    writer.end_array();
  } else {
    writer.begin_object();
    for (const auto& [name, value] : json.object()) write(writer.key(name), value);
    writer.end_object();
  }
}

}  // namespace

Json Json::parse(std::string_view text) {
  text = without_byte_order_mark(text);
  simdjson::dom::parser parser;
  if (parser.allocate(text.size() + 1, kJsonDepthMax) != simdjson::SUCCESS)
    throw Error(ErrorCategory::kInvalidInput, "JSON: too large to parse, bytes: " + std::to_string(text.size()));
  Element root;
  simdjson::error_code code = parse_document(parser, text, root);
  if (code == simdjson::NUMBER_ERROR) code = parse_document(parser, with_long_integers_as_decimals(text), root);
  if (code != simdjson::SUCCESS) throw_fault(text, code);
  return from_element(root);
}

const Json* Json::find(std::string_view key) const noexcept {
  if (!is_object()) return nullptr;
  for (const auto& [name, value] : object())
    if (name == key) return &value;
  return nullptr;
}

std::string Json::dump() const {
  JsonWriter writer;
  write(writer, *this);
  return writer.take();
}

void write_json(JsonWriter& writer, const Json& json) { write(writer, json); }

std::string_view Json::kind_name() const noexcept {
  constexpr std::string_view kNames[] = {"null",     "a boolean", "an integer", "a decimal number",
                                         "a string", "an array",  "an object"};
  static_assert(std::size(kNames) == std::variant_size_v<decltype(value_)>);
  return kNames[value_.index()];
}

}  // namespace sarsen
