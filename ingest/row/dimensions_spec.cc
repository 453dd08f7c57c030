#include "ingest/row/dimensions_spec.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "ingest/row/column_name.h"
#include "ingest/row/double_storage.h"
#include "storage/base/error.h"
#include "storage/segment/segment.h"
#include "storage/structured/field_types.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

const std::vector<std::string>& known_types() {
  static const std::vector<std::string> types = {"string", "long", "float", "double", "auto", "json"};
  return types;
}

std::string known_types_text() {
  std::string text;
  for (const std::string& type : known_types()) text += (text.empty() ? "" : ", ") + type;
  return text;
}

ValueType parse_type(const JsonField& json) {
  const std::string name = json.string_or("string");
  if (name == "string") return ValueType::kString;
  if (name == "long") return ValueType::kLong;
  if (name == "float") return ValueType::kFloat;
  if (name == "double") return stored_doubles_are_floats ? ValueType::kFloat : ValueType::kDouble;
  if (name == "auto" || name == "json") return ValueType::kVariant;  // one and the same to Druid 33
  if (name == "spatial")
    throw Error(ErrorCategory::kUnsupported, json.path() + ": dimensions of this type are not supported yet (" +
                                                 known_types_text() + " are): " + name);
  json.fail("unknown type of dimension: " + name + suggestion(name, known_types()));
}

MultiValueHandling parse_handling(const JsonField& json) {
  std::string name = json.string_or("SORTED_ARRAY");
  for (char& byte : name) byte = static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
  if (name == "SORTED_ARRAY") return MultiValueHandling::kSortedArray;
  if (name == "SORTED_SET") return MultiValueHandling::kSortedSet;
  if (name == "ARRAY") return MultiValueHandling::kArray;
  json.fail("SORTED_ARRAY, SORTED_SET or ARRAY is wanted, not " + name);
}

/// The type that all values of an auto dimension are cast to. JSON stays as it is.
std::string parse_cast(const JsonField& json) {
  const std::string name = json.string_or("");
  if (name.empty() || name == "COMPLEX<json>") return {};
  const auto shape = storage::parse_column_shape(name);
  if (!shape)
    json.fail("unknown type: " + name +
              suggestion(name, {"STRING", "LONG", "DOUBLE", "ARRAY<STRING>", "ARRAY<LONG>", "ARRAY<DOUBLE>",
                                "COMPLEX<json>"}));
  return storage::name_of(*shape);
}

DimensionSchema parse_dimension(const JsonField& json) {
  DimensionSchema dimension;
  if (!json.json().is_object()) {
    dimension.name = json.string();
  } else {
    dimension.name = json["name"].string();
    dimension.type = parse_type(json["type"]);
    if (dimension.type == ValueType::kVariant) {
      json["formatVersion"].integer_or(5);  // Druid 33 writes the one form whatever it says
      if (json["type"].string() == "auto") dimension.cast_to = parse_cast(json["castToType"]);
    }
    dimension.multi_value_handling = parse_handling(json["multiValueHandling"]);
    dimension.bitmap_index = json["createBitmapIndex"].boolean_or(true) && dimension.type == ValueType::kString;
  }
  if (const char* problem = column_name_problem(dimension.name))
    json.fail(std::string(problem) + ": [" + dimension.name + "]");
  return dimension;
}

/// The time may be listed where it stands anyhow, as the first of the columns.
bool is_time(const JsonField& json, bool first) {
  const bool object = json.json().is_object();
  if ((object ? json["name"].string() : json.string()) != storage::kTimeColumn) return false;
  const std::string type = object ? json["type"].string_or("string") : "string";
  if (type != "long")
    json.fail("Encountered dimension[__time] with incorrect type[" + type + "]. Type must be 'long'.");
  if (!first) json.fail("__time is the first column, as segments that are not sorted by time are not supported yet");
  return true;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& byte : result) byte = static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
  return result;
}

void refuse_repeated(const JsonField& json, const std::vector<DimensionSchema>& dimensions) {
  std::set<std::string> seen;
  for (const DimensionSchema& dimension : dimensions)
    if (!seen.insert(lower(dimension.name)).second) json.fail("a dimension is listed twice: " + dimension.name);
}

}  // namespace

DimensionsSpec DimensionsSpec::parse(const JsonField& json) {
  DimensionsSpec spec;
  if (!json.present()) return spec;
  for (const JsonField& dimension : json["dimensions"].elements())
    if (!is_time(dimension, dimension.path().ends_with("[0]"))) spec.dimensions.push_back(parse_dimension(dimension));
  refuse_repeated(json["dimensions"], spec.dimensions);
  for (const JsonField& exclusion : json["dimensionExclusions"].elements()) {
    const std::string name = exclusion.string();
    if (spec.lists(name)) exclusion.fail("it is listed among the dimensions too: " + name);
    spec.exclusions.insert(name);
  }
  if (!json["spatialDimensions"].elements().empty())
    throw Error(ErrorCategory::kUnsupported,
                json["spatialDimensions"].path() + ": spatial dimensions are not supported yet");
  if (!json["forceSegmentSortByTime"].boolean_or(true))
    throw Error(ErrorCategory::kUnsupported,
                json["forceSegmentSortByTime"].path() + ": segments that are not sorted by time are not supported yet");
  spec.schema_discovery = json["useSchemaDiscovery"].boolean_or(false);
  spec.discovery =
      json["dimensions"].elements().empty() || spec.schema_discovery || json["includeAllDimensions"].boolean_or(false);
  return spec;
}

bool DimensionsSpec::lists(std::string_view name) const noexcept {
  return std::any_of(dimensions.begin(), dimensions.end(),
                     [name](const auto& dimension) { return dimension.name == name; });
}

DimensionSchema DimensionsSpec::discovered(std::string_view name) const {
  DimensionSchema schema;
  schema.name = name;
  if (schema_discovery) {
    schema.type = ValueType::kVariant;
    schema.bitmap_index = false;
  }
  return schema;
}

}  // namespace sarsen::ingest
