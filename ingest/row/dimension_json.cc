#include "ingest/row/dimension_json.h"

#include <string>
#include <utility>

#include "storage/segment/segment.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

const char* name_of(MultiValueHandling handling) {
  if (handling == MultiValueHandling::kArray) return "ARRAY";
  return handling == MultiValueHandling::kSortedSet ? "SORTED_SET" : "SORTED_ARRAY";
}

const char* type_name(ValueType type) {
  switch (type) {
    case ValueType::kString:
      return "string";
    case ValueType::kLong:
      return "long";
    case ValueType::kFloat:
      return "float";
    case ValueType::kDouble:
      return "double";
    default:
      return "auto";
  }
}

Json::Array coordinate_fields(const DimensionSchema& schema) {
  if (schema.coordinate_fields.empty()) return {Json(schema.name)};
  return {schema.coordinate_fields.begin(), schema.coordinate_fields.end()};
}

bool is_called_json(const JsonField& json) {
  return json.json().is_object() && json["type"].string_or("string") == "json";
}

}  // namespace

Json dimension_json(const DimensionSchema& schema, bool json) {
  const bool string = schema.type == ValueType::kString;
  const bool any_shape = schema.type == ValueType::kVariant;
  Json::Object object{{"type", json             ? "json"
                               : schema.spatial ? "spatial"
                                                : type_name(schema.type)},
                      {"name", schema.name}};
  if (json) object.emplace_back("formatVersion", 5);
  if (schema.spatial) object.emplace_back("dims", coordinate_fields(schema));
  if (!schema.cast_to.empty()) object.emplace_back("castToType", schema.cast_to);
  object.emplace_back("multiValueHandling", name_of(string ? schema.multi_value_handling : MultiValueHandling()));
  object.emplace_back("createBitmapIndex", string ? schema.bitmap_index : any_shape);
  return object;
}

Json::Array dimensions_json(const JsonField& spec) {
  Json::Array array;
  for (const JsonField& element : spec["dimensions"].elements()) {
    const Json alone = Json::Object{{"dimensions", Json::Array{element.json()}}};
    const DimensionsSpec parsed = DimensionsSpec::parse(JsonField(alone));
    for (const DimensionSchema& schema : parsed.dimensions)
      array.push_back(dimension_json(schema, is_called_json(element)));
    if (parsed.dimensions.empty())
      array.push_back(dimension_json({.name = std::string(storage::kTimeColumn), .type = ValueType::kLong}));
  }
  if (!spec["spatialDimensions"].present()) return array;
  const Json spatial = Json::Object{{"spatialDimensions", spec["spatialDimensions"].json()}};
  for (const DimensionSchema& schema : DimensionsSpec::parse(JsonField(spatial)).dimensions)
    array.push_back(dimension_json(schema));
  return array;
}

Json dimensions_spec_json(Json::Array dimensions, std::optional<bool> sorts_by_time) {
  Json::Object spec{{"dimensions", Json(std::move(dimensions))},
                    {"dimensionExclusions", Json::Array()},
                    {"includeAllDimensions", false},
                    {"useSchemaDiscovery", false}};
  if (sorts_by_time) spec.emplace_back("forceSegmentSortByTime", *sorts_by_time);
  return spec;
}

}  // namespace sarsen::ingest
