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
  static const std::vector<std::string> types = {"string", "long", "float", "double", "auto", "json", "spatial"};
  return types;
}

ValueType parse_type(const JsonField& json) {
  const std::string name = json.string_or("string");
  if (name == "string") return ValueType::kString;
  if (name == "long") return ValueType::kLong;
  if (name == "float") return ValueType::kFloat;
  if (name == "double") return stored_doubles_are_floats ? ValueType::kFloat : ValueType::kDouble;
  if (name == "auto" || name == "json") return ValueType::kVariant;  // one and the same to Druid 33
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

void check_name(const JsonField& json, const std::string& name) {
  if (const char* problem = column_name_problem(name)) json.fail(std::string(problem) + ": [" + name + "]");
}

/// Of `dims`. One field alone can only be the one that has both coordinates.
std::vector<std::string> parse_coordinate_fields(const JsonField& json, const std::string& name) {
  std::vector<std::string> fields;
  for (const JsonField& field : json.elements()) fields.push_back(field.string());
  if (fields.size() == 1 && fields.front() == name) return {};
  if (!fields.empty() && fields.size() != 2)
    json.fail("the names of two fields are wanted, for a place has two coordinates; or none, where the field \"" +
              name + "\" has both, as \"1.5,2\"");
  return fields;
}

DimensionSchema parse_spatial(const JsonField& json, std::string_view name_field) {
  DimensionSchema dimension{.name = json[name_field].string(), .spatial = true};
  check_name(json, dimension.name);
  dimension.coordinate_fields = parse_coordinate_fields(json["dims"], dimension.name);
  return dimension;
}

DimensionSchema parse_dimension(const JsonField& json) {
  DimensionSchema dimension;
  if (!json.json().is_object()) {
    dimension.name = json.string();
  } else if (json["type"].string_or("") == "spatial") {
    return parse_spatial(json, "name");
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
  check_name(json, dimension.name);
  return dimension;
}

/// Those that are listed, but for __time: a long, whose place among them is that in the order of rows where the spec
/// lets it have one.
void parse_dimensions(const JsonField& json, bool sorts_by_time, DimensionsSpec& spec) {
  bool has_time = false;
  for (const JsonField& element : json.elements()) {
    const bool object = element.json().is_object();
    if ((object ? element["name"].string() : element.string()) != storage::kTimeColumn) {
      spec.dimensions.push_back(parse_dimension(element));
      continue;
    }
    if (!spec.dimensions.empty() && sorts_by_time)
      element.fail("Encountered dimension[__time] at position[" + std::to_string(spec.dimensions.size()) +
                   "]. This is only supported when the dimensionsSpec parameter[forceSegmentSortByTime] is set "
                   "to[false].");
    const std::string type = object ? element["type"].string_or("string") : "string";
    if (type != "long")
      element.fail("Encountered dimension[__time] with incorrect type[" + type + "]. Type must be 'long'.");
    if (std::exchange(has_time, true)) element.fail("a dimension is listed twice: __time");
    spec.time_place = spec.dimensions.size();
  }
  if (!has_time) spec.time_place = SIZE_MAX;  // behind all
}

void refuse_repeated(const JsonField& json, const std::vector<DimensionSchema>& dimensions) {
  std::set<std::string> seen;
  for (const DimensionSchema& dimension : dimensions)
    if (!seen.insert(dimension.name).second) json.fail("a dimension is listed twice: " + dimension.name);
}

/// What places are joined from is not discovered beside them.
void exclude_coordinates(DimensionsSpec& spec) {
  for (const DimensionSchema& dimension : spec.dimensions)
    for (const std::string& field : dimension.coordinate_fields)
      if (!spec.lists(field)) spec.exclusions.insert(field);
}

}  // namespace

DimensionsSpec DimensionsSpec::parse(const JsonField& json) {
  DimensionsSpec spec;
  if (!json.present()) return spec;
  const bool sorts_by_time = json["forceSegmentSortByTime"].boolean_or(true);
  parse_dimensions(json["dimensions"], sorts_by_time, spec);
  for (const JsonField& exclusion : json["dimensionExclusions"].elements()) {
    const std::string name = exclusion.string();
    if (spec.lists(name)) exclusion.fail("it is listed among the dimensions too: " + name);
    spec.exclusions.insert(name);
  }
  for (const JsonField& spatial : json["spatialDimensions"].elements())
    spec.dimensions.push_back(parse_spatial(spatial, "dimName"));
  refuse_repeated(json["dimensions"], spec.dimensions);
  exclude_coordinates(spec);
  spec.time_place = sorts_by_time ? 0 : std::min(spec.time_place, spec.dimensions.size());
  spec.schema_discovery = json["useSchemaDiscovery"].boolean_or(false);
  const bool lists_some = !json["dimensions"].elements().empty() || !spec.dimensions.empty();
  spec.discovery = !lists_some || spec.schema_discovery || json["includeAllDimensions"].boolean_or(false);
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
