#include "ingest/row/dimensions_spec.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "ingest/row/column_name.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

const std::vector<std::string>& known_types() {
  static const std::vector<std::string> types = {"string", "long", "float", "double"};
  return types;
}

ValueType parse_type(const JsonField& json) {
  const std::string name = json.string_or("string");
  if (name == "string") return ValueType::kString;
  if (name == "long") return ValueType::kLong;
  if (name == "float") return ValueType::kFloat;
  if (name == "double") return ValueType::kDouble;
  if (name == "auto" || name == "json" || name == "spatial")
    throw Error(
        ErrorCategory::kUnsupported,
        json.path() + ": dimensions of this type are not supported yet (string, long, float and double are): " + name);
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

DimensionSchema parse_dimension(const JsonField& json) {
  DimensionSchema dimension;
  if (!json.json().is_object()) {
    dimension.name = json.string();
  } else {
    dimension.name = json["name"].string();
    dimension.type = parse_type(json["type"]);
    dimension.multi_value_handling = parse_handling(json["multiValueHandling"]);
    dimension.bitmap_index = json["createBitmapIndex"].boolean_or(true) && dimension.type == ValueType::kString;
  }
  if (const char* problem = column_name_problem(dimension.name))
    json.fail(std::string(problem) + ": [" + dimension.name + "]");
  return dimension;
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
    spec.dimensions.push_back(parse_dimension(dimension));
  refuse_repeated(json["dimensions"], spec.dimensions);
  for (const JsonField& exclusion : json["dimensionExclusions"].elements()) {
    const std::string name = exclusion.string();
    if (spec.lists(name)) exclusion.fail("it is listed among the dimensions too: " + name);
    spec.exclusions.insert(name);
  }
  if (!json["spatialDimensions"].elements().empty())
    throw Error(ErrorCategory::kUnsupported,
                json["spatialDimensions"].path() + ": spatial dimensions are not supported yet");
  if (json["useSchemaDiscovery"].boolean_or(false))
    throw Error(ErrorCategory::kUnsupported, json["useSchemaDiscovery"].path() +
                                                 ": discovery of types is not supported yet; leave it out, and "
                                                 "discovered dimensions are strings");
  if (!json["forceSegmentSortByTime"].boolean_or(true))
    throw Error(ErrorCategory::kUnsupported,
                json["forceSegmentSortByTime"].path() + ": segments that are not sorted by time are not supported yet");
  spec.discovery = spec.dimensions.empty() || json["includeAllDimensions"].boolean_or(false);
  return spec;
}

bool DimensionsSpec::lists(std::string_view name) const noexcept {
  return std::any_of(dimensions.begin(), dimensions.end(),
                     [name](const auto& dimension) { return dimension.name == name; });
}

}  // namespace sarsen::ingest
