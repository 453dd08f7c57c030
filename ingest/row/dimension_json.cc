#include "ingest/row/dimension_json.h"

#include <string>

namespace sarsen::ingest {
namespace {

using storage::ValueType;

constexpr int kJsonFormatVersion = 5;

const char* type_name(const DimensionSchema& dimension, bool as_json) {
  switch (dimension.type) {
    case ValueType::kLong:
      return "long";
    case ValueType::kFloat:
      return "float";
    case ValueType::kDouble:
      return "double";
    case ValueType::kVariant:
      return as_json ? "json" : "auto";
    case ValueType::kString:
    case ValueType::kComplex:
      break;
  }
  return "string";
}

const char* handling_name(MultiValueHandling handling) {
  switch (handling) {
    case MultiValueHandling::kSortedSet:
      return "SORTED_SET";
    case MultiValueHandling::kArray:
      return "ARRAY";
    case MultiValueHandling::kSortedArray:
      break;
  }
  return "SORTED_ARRAY";
}

}  // namespace

Json dimension_json(const DimensionSchema& dimension, bool as_json) {
  const bool is_variant = dimension.type == ValueType::kVariant;
  const bool is_string = dimension.type == ValueType::kString;
  Json::Object json{{"type", type_name(dimension, as_json)}, {"name", dimension.name}};
  if (is_variant && as_json) json.emplace_back("formatVersion", kJsonFormatVersion);
  if (is_variant && !dimension.cast_to.empty()) json.emplace_back("castToType", dimension.cast_to);
  json.emplace_back("multiValueHandling",
                    handling_name(is_string ? dimension.multi_value_handling : MultiValueHandling::kSortedArray));
  json.emplace_back("createBitmapIndex", is_variant || (is_string && dimension.bitmap_index));
  return json;
}

}  // namespace sarsen::ingest
